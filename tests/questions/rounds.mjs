// Expected answers about the EU's rounds: stages, numbers, blocks, acts.
import { bounds, country, daysBetween, event, linkedTo, list, ofYear, once, round, rounds, rows, sorted, stagesOf, verified, year } from './facts.mjs';

const packages = rounds.packages;
const eu = r => r.senders.some(s => s.slug === 'eu');
const at = (r, ...stages) => r.path.filter(p => stages.includes(p.stage));
const blocked = e => e.stage === 'blocked';
const slugOf = number => packages.find(p => p.number === String(number))?.id ?? `eu-ru-${number}`;
const codes = list => sorted(list.map(country));
const stagedInYear = (number, stage) => year.filter(e => e.package === number && e.stage === stage);
const claimed = (r, field) => round(r).conflicts.find(c => c.field === field);
const shown = (r, field) => r.rivalValues.find(v => v.field === field);

/** The dates of a stage of every EU round, in either file. */
const datesOf = (number, id, stage) => [
  ...list(packages.find(p => p.id === id)?.stages).filter(s => verified(s) && s.stage === stage).map(s => bounds(s.edtf, s.qualifier)),
  ...(number ? stagedInYear(number, stage) : []).map(e => bounds(e.date)),
];
export const euRounds = [...packages.map(p => ({ id: p.id, number: p.number && +p.number })), { id: 'eu-ru-19', number: 19 }, { id: 'eu-ru-20', number: 20 }];

export function fromProposalToAdoption({ id, number }) {
  const [from, to] = ['proposed', 'adopted'].map(stage => datesOf(number, id, stage));
  if (from.length === 0 || to.length === 0) return null;
  const least = Math.min(...to.flatMap(t => from.map(f => daysBetween(f.latest, t.earliest))));
  const most = Math.max(...to.flatMap(t => from.map(f => daysBetween(f.earliest, t.latest))));
  return { least, most };
}

export const answers = {
  'proposal-to-adoption': {
    answer: d => rows(d.rounds.nodes.map(r => [r.slug, r.days, r.days && [r.rank.bestPlace, r.rank.worstPlace, r.rank.of]])),
    expected: () => {
      const all = euRounds.map(r => ({ id: r.id, days: fromProposalToAdoption(r) }));
      const compared = all.filter(r => r.days);
      const others = r => compared.filter(o => o !== r).map(o => o.days);
      return rows(all.map(r => [r.id, r.days, r.days && [
        1 + others(r).filter(o => o.most < r.days.least).length,
        1 + others(r).filter(o => o.least < r.days.most).length,
        compared.length,
      ]]));
    },
  },
  'slovak-blocks': {
    answer: d => rows(d.rounds.nodes.map(r => [r.slug, once(r.path.filter(p => p.by.some(b => b.slug === 'sk')).map(p => p.reachedOn.edtf)),
      once(r.path.flatMap(p => p.liftedBy.map(l => l.reachedOn.edtf)))])),
    expected: () => {
      const in18 = stagesOf('eu-ru-18', 'blocked').filter(s => s.by.includes('SK')).map(s => s.edtf);
      const in19 = stagedInYear(19, 'blocked').filter(e => e.blocked_by.includes('SK')).map(e => e.date);
      const lifted19 = stagedInYear(19, 'agreed').filter(e => e.participants.some(p => p.role === 'lifts reservation'));
      return rows([['eu-ru-18', once(in18), once(stagesOf('eu-ru-18', 'veto_lifted').map(s => s.edtf))],
        ['eu-ru-19', once(in19), once(lifted19.map(e => e.date))]]);
    },
  },
  'who-blocked': {
    answer: d => once(d.rounds.nodes.filter(eu).flatMap(r => at(r, 'BLOCKED')
      .map(p => [r.slug, p.reachedOn.edtf, sorted(p.by.map(b => b.slug))]))),
    expected: () => once([
      ...packages.flatMap(p => p.stages.filter(s => blocked(s) && verified(s)).map(s => [p.id, s.edtf, codes(s.by)])),
      ...year.filter(blocked).map(e => [slugOf(e.package), e.date, codes(e.blocked_by)]),
    ]),
  },
  'why-blocked': {
    answer: d => rows(d.rounds.nodes.filter(eu).flatMap(r => at(r, 'BLOCKED').filter(p => p.reason)
      .map(p => [r.slug, p.reachedOn.edtf, p.reason]))),
    expected: () => {
      const reasons = packages.flatMap(p => p.stages.filter(s => blocked(s) && s.reason).map(s => [p.id, s.edtf, s.reason]));
      return rows(reasons.map(([id, on, reason], i) => [id, on, reason === 'same' ? reasons[i - 1][2] : reason]));
    },
  },
  'what-lifted-it': {
    answer: d => [at(d.round, 'BLOCKED').at(-1).reachedOn.edtf, at(d.round, 'UNBLOCKED').map(p => [p.reachedOn.edtf, p.by.map(b => b.slug)]),
      sorted(at(d.round, 'BLOCKED').at(-1).by.map(b => b.slug))],
    expected: () => {
      const last = stagesOf('eu-ru-18', 'blocked').at(-1);
      return [last.edtf, stagesOf('eu-ru-18', 'veto_lifted').map(s => [s.edtf, codes(s.by)]), codes(last.by)];
    },
  },
  'slovakia-and-the-nineteenth': {
    answer: d => [
      at(d.round, 'BLOCKED', 'AGREED', 'ADOPTED').map(p => [p.stage, p.reachedOn.edtf, p.summary]),
      at(d.round, 'UNBLOCKED').map(p => [p.reachedOn.edtf, p.by.map(b => b.slug)]),
      at(d.round, 'ADOPTED').flatMap(p => p.entries.flatMap(e => e.contradictedBy.map(c => c.summary))),
    ],
    expected: () => {
      const steps = ['blocked', 'agreed', 'adopted'].flatMap(stage => stagedInYear(19, stage));
      const agreed = steps.find(e => e.stage === 'agreed');
      const lifted = agreed.participants.filter(p => p.role.startsWith('lifts'));
      return [
        steps.map(e => [e.stage.toUpperCase(), e.date, e.summary]),
        [[agreed.date, lifted.map(p => country(p.party))]],
        linkedTo('2025-10-23-eu19-adopted', 'contradicts').map(e => e.summary),
      ];
    },
  },
  'july-2022': {
    answer: d => {
      const unnumbered = d.rounds.nodes.filter(r => eu(r) && r.number === null);
      return unnumbered.map(r => [r.slug, r.order, r.title, sorted(r.otherNames.map(n => n.name)),
        shown(r, 'number').values.map(v => v.value), at(r, 'ADOPTED').map(p => p.reachedOn.edtf)]);
    },
    expected: () => packages.filter(p => p.number === null || Number.isNaN(+p.number)).map(p => [p.id, +p.sort_key, p.name,
      sorted(p.aliases.map(a => a.label)), claimed(p.id, 'number').claims.map(c => c.value), stagesOf(p.id, 'adopted').map(s => s.edtf)]),
  },
  'no-seventh-round': {
    answer: d => {
      const ours = d.rounds.nodes.filter(eu).sort((a, b) => a.order - b.order);
      return [ours.map(r => r.number), ours.filter(r => r.number === 7)];
    },
    expected: () => {
      const first18 = packages.map(p => (p.number === null || Number.isNaN(+p.number) ? null : +p.number));
      const later = [...year.map(e => e.package), 20].filter(n => n > 18);
      return [[...first18, ...new Set(later)], []];
    },
  },
  'number-is-an-alias': {
    answer: ({ round: r }) => [r.number, r.title, shown(r, 'number').values.map(v => v.value), shown(r, 'number').resolution],
    expected: () => {
      const third = round('eu-ru-03');
      const conflict = claimed('eu-ru-03', 'number');
      return [+third.number, third.name, conflict.claims.filter(verified).map(c => c.value), conflict.resolution];
    },
  },
  'agreed-twice': {
    answer: d => rows(d.rounds.nodes.map(r => [r.slug, at(r, 'AGREED').map(p => [p.reachedOn.edtf, p.body])]).filter(([, days]) => days.length > 1)),
    expected: () => rows(packages.map(p => [p.id, stagesOf(p.id, 'political_agreement').map(s => [s.edtf, s.body ?? null])])
      .filter(([, days]) => days.length > 1)),
  },
  'sixth-summit-day': {
    answer: ({ round: r }) => [
      r.path.filter(p => ['AGREED', 'BLOCKED'].includes(p.stage) && p.reachedOn.earliest >= '2022-05-30')
        .map(p => [p.stage, p.reachedOn.edtf, p.reachedOn.earliest, p.reachedOn.latest, p.reason]),
      shown(r, 'political agreement at summit').values.map(v => v.value),
    ],
    expected: () => [
      stagesOf('eu-ru-06', 'political_agreement', 'blocked').filter(s => bounds(s.edtf).earliest >= '2022-05-30').map(s => {
        const { earliest, latest } = bounds(s.edtf);
        return [s.stage === 'blocked' ? 'BLOCKED' : 'AGREED', s.edtf, earliest, latest, s.reason ?? null];
      }),
      claimed('eu-ru-06', 'political agreement at summit').claims.map(c => c.value),
    ],
  },
  'ninth-proposed': {
    answer: ({ round: r }) => [
      at(r, 'PROPOSED').map(p => [p.reachedOn.edtf, p.reachedOn.earliest, p.reachedOn.latest]),
      shown(r, 'proposed').values.map(v => v.value),
    ],
    expected: () => [
      stagesOf('eu-ru-09', 'proposed').map(s => [s.edtf, bounds(s.edtf).earliest, bounds(s.edtf).latest]),
      claimed('eu-ru-09', 'proposed').claims.filter(verified).map(c => c.value),
    ],
  },
  'from-memory': {
    answer: d => [d.second, d.fourth].map(r => [r.path.map(p => p.stage), sorted(r.acts.map(a => a.number))]),
    expected: () => {
      const NAMES = { political_agreement: 'AGREED', oj_published: 'PUBLISHED' };
      return ['eu-ru-02', 'eu-ru-04'].map(id => [
        round(id).stages.filter(verified).map(s => NAMES[s.stage] ?? s.stage.toUpperCase()),
        sorted(round(id).legal_acts.filter(verified).map(a => a.act)),
      ]);
    },
  },
  'concerns-and-reservations': {
    answer: d => rows(d.rounds.nodes.flatMap(r => r.path.filter(p => p.concerns.length + p.reservations.length > 0)
      .map(p => [r.slug, p.reachedOn.edtf, sorted(p.concerns.map(c => c.slug)), p.reservations.map(c => c.slug)]))),
    expected: () => rows(packages.flatMap(p => p.stages.filter(s => s.concerns || s.reservation)
      .map(s => [p.id, s.edtf, codes(list(s.concerns)), codes(list(s.reservation))]))),
  },
  'fourteenth-proposed': {
    answer: d => at(d.round, 'PROPOSED').map(({ reachedOn: on }) => [on.edtf, on.qualifier, `${on.earliest}/${on.latest}`]),
    expected: () => stagesOf('eu-ru-14', 'proposed').map(s => [s.edtf, s.qualifier.toUpperCase(), s.bounds]),
  },
  'weekday-of-july-2025': {
    answer: ({ round: r }) => {
      const council = shown(r, 'date of the Foreign Affairs Council');
      return [council.values.map(v => [v.value, v.date.edtf]), council.resolution, r.flags.nodes.filter(f => f.rule === 'WEEKDAY_MISMATCH').length];
    },
    expected: () => {
      const conflict = claimed('eu-ru-18', 'date of the Foreign Affairs Council');
      const day = value => `2025-07-${/\d+/.exec(value)[0]}`;
      return [conflict.claims.map(c => [c.value, day(c.value)]), conflict.resolution, conflict.claims.filter(c => c.weekday_mismatch).length];
    },
  },
  'acts-of-the-seventeenth': {
    answer: d => rows(d.round.acts.map(a => [a.number, a.celex, a.eli, a.adoptedOn.edtf, a.amends.map(b => b.number)])),
    expected: () => rows(round('eu-ru-17').legal_acts.filter(verified).map(a => [a.act, a.celex, a.eli, a.date, [a.amends]])),
  },
  'chain-of-evidence': {
    answer: d => {
      const [adopted] = at(d.round, 'ADOPTED');
      const chained = adopted.entries.every(e => e.event.position > 0 && /^[0-9a-f]{64}$/.test(e.event.hash));
      return [adopted.reachedOn.edtf, adopted.body, chained,
        sorted(new Set(adopted.evidence.flatMap(e => e.citations.map(c => c.source.url))))];
    },
    expected: () => {
      const [adopted] = stagesOf('eu-ru-18', 'adopted');
      const urls = [...adopted.source.map(id => rounds.sources[id].url), ...stagedInYear(18, 'adopted').flatMap(e => e.sources.map(s => s.url))];
      return [adopted.edtf, adopted.body, true, sorted(new Set(urls))];
    },
  },
  'in-force-in-parts': {
    answer: d => rows(d.rounds.nodes.filter(eu).map(r => [r.slug, at(r, 'IN_FORCE').map(p => p.reachedOn.edtf)]).filter(([, on]) => on.length > 1)),
    expected: () => rows(packages.map(p => [p.id, stagesOf(p.id, 'in_force').map(s => s.edtf)]).filter(([, on]) => on.length > 1)),
  },
  'trigger-of-rounds': {
    answer: d => rows(d.rounds.nodes.filter(r => r.trigger).map(r => [r.slug, r.trigger])),
    expected: () => rows(packages.filter(p => p.trigger).map(p => [p.id, p.trigger])),
  },
  'in-preparation': {
    answer: d => rows(d.rounds.nodes.filter(r => eu(r) && !['ADOPTED', 'PUBLISHED', 'IN_FORCE'].includes(r.stage)).map(r => [r.number, r.stage])),
    expected: () => {
      const adopted = [...packages.filter(p => p.status === 'adopted').map(p => p.number), ...ofYear('sanctions_round_stage').filter(e => e.stage === 'adopted').map(e => String(e.package))];
      return rows([[20, 'IN_PREPARATION']].filter(([n]) => !adopted.includes(String(n))));
    },
  },
};
