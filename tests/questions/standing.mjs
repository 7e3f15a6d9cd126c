// Expected answers about issues, positions, commitments and expectations.
import { bounds, country, daysBetween, event, fact, linkedTo, list, named, ofKind, ofYear, paris, rounds, rows, sorted, summaries, verified, year } from './facts.mjs';

const commitments = [...ofKind('commitment'), ...year.filter(e => e.commitment)];
const by = f => sorted(list(f.commitment.by).map(p => (p.length === 2 ? country(p) : p)));
const status = f => f.commitment.status.toUpperCase().replaceAll(' ', '_');
const REPORT = 'rferl-2026-01-06';
const ofReport = node => node.evidence.citations.some(c => c.source.slug === REPORT);
const REACHED = { agreed: ['political_agreement', 'agreed'], ADOPTED: ['adopted'], PROPOSED: ['proposed'] };

/** What became of an expectation: the dates on which the stage was reached, in any of the files, decide. */
function became(number, window, ...stages) {
  const packages = rounds.packages.find(p => p.number === String(number));
  const dates = [
    ...list(packages?.stages).filter(s => verified(s) && stages.includes(s.stage)).map(s => bounds(s.edtf)),
    ...year.filter(e => e.package === number && stages.includes(e.stage)).map(e => bounds(e.date)),
  ];
  const { latest } = bounds(window);
  if (dates.length === 0) return ['OPEN', null];
  if (dates.some(d => d.latest <= latest)) return ['MET', null];
  return ['MISSED', Math.min(...dates.map(d => daysBetween(latest, d.earliest)))];
}

export const answers = {
  'open-issues': {
    answer: d => ({
      said: sorted(d.issues.nodes.filter(ofReport).map(i => i.summary)),
      debated: rows(d.issues.nodes.filter(i => !ofReport(i)).flatMap(i => i.positions.nodes.map(p => [p.summary, p.takenOn.edtf]))),
    }),
    expected: () => {
      const aboutPlans = ['plan_terms', 'referendum'];
      const inTheReport = ['territory', 'znpp'];
      const others = ofYear('position_taken').filter(e => !e.topics.some(t => [...aboutPlans, ...inTheReport].includes(t)));
      return {
        said: summaries(ofKind('issue').filter(f => f.status === 'open')),
        debated: rows(others.map(e => [e.summary, e.date])),
      };
    },
  },
  'commitments-of-the-us': {
    answer: d => ({
      all: rows(d.commitments.nodes.map(c => [c.summary, c.status])),
      what: sorted(d.commitments.nodes.filter(ofReport).map(c => c.what)),
    }),
    expected: () => {
      const ofTheUs = commitments.filter(f => by(f).includes('us'));
      return {
        all: rows(ofTheUs.map(f => [f.summary, status(f)])),
        what: sorted(ofTheUs.filter(f => f.commitment.what).map(f => f.commitment.what)),
      };
    },
  },
  'commitments-of-france': {
    answer: d => rows(d.commitments.nodes.map(c => [c.summary, sorted(c.by.map(p => p.slug)), c.to.map(p => p.slug), c.status, c.statusOn.edtf])),
    expected: () => rows(commitments.filter(f => by(f).includes('fr'))
      .map(f => [f.summary, by(f), list(f.commitment.to).map(country), status(f), f.date])),
  },
  'commitments-anonymous-only': {
    answer: d => sorted(d.commitments.nodes.map(c => c.summary)),
    expected: () => summaries(commitments.filter(f => f.attribution?.anonymous)),
  },
  'only-if': {
    answer: d => rows(d.commitments.nodes.filter(c => c.condition).map(c => [c.summary, c.status, c.condition, c.quantities])),
    expected: () => rows(commitments.filter(f => f.commitment.condition).map(f => [f.summary, status(f), f.commitment.condition,
      f.quantities.map(q => ({ value: q.value, unit: q.unit, claimant: q.claimed_by }))])),
  },
  'firm-in-2025': {
    answer: d => rows(d.commitments.nodes.map(c => [c.summary, c.status])),
    expected: () => rows(year.filter(e => e.commitment && status(e) !== 'OFFERED').map(e => [e.summary, status(e)])),
  },
  'no-troops': {
    answer: d => d.issue.positions.nodes.map(p => [p.by.map(b => b.slug), p.stance, p.summary, p.takenOn.edtf]),
    expected: () => [event('2025-09-04-poland-no-troops')].map(e => [e.participants.map(p => country(p.party)), 'OPPOSES', e.summary, e.date]),
  },
  'plant-matrix': {
    answer: ({ positionMatrix: { rows: [row] } }) => row.cells.map(c => [c.party.slug, c.state, c.positions.map(p => p.summary)]),
    expected: () => {
      const taken = ofYear('position_taken').filter(e => e.topics.includes('znpp'));
      return ['ua', 'us', 'ru'].map(slug => {
        const his = taken.filter(e => e.participants.some(p => country(p.party) === slug)).map(e => e.summary);
        return [slug, his.length ? 'RECORDED' : 'NOT_RECORDED', his];
      });
    },
  },
  'donbas-matrix': {
    answer: ({ positionMatrix: m }) => m.rows.map(r => [r.on.slug, ...r.cells.map(c => [c.state, c.positions.map(p => p.summary.replace(/\.$/, ''))])]),
    expected: () => {
      const parts = event('2025-12-23-position-donbas').summary.replace(/\.$/, '').split('; ');
      const of = name => parts.filter(part => part.startsWith(name));
      const none = ['NOT_RECORDED', []];
      return [['territory', ...['Ukraine', 'Russia', 'US'].map(name => ['RECORDED', of(name)]), none], ['rules-of-engagement', none, none, none, none]];
    },
  },
  'ceasefire-condition': {
    answer: d => d.issue.positions.nodes.map(p => [p.by.map(b => b.slug), p.stance, p.conditions, p.takenOn.edtf]),
    expected: () => [event('2025-03-11-ukraine-accepts-30-day-ceasefire')]
      .map(e => [e.participants.map(p => country(p.party)), 'CONDITIONAL', [e.conditional_on], e.date]),
  },
  'referendum-condition': {
    answer: d => d.plan.positions.nodes.filter(p => p.conditions.length > 0).map(p => [p.by.map(b => b.name), p.conditions, p.summary, p.takenOn.edtf]),
    expected: () => [event('2025-12-26-zelensky-referendum-60-days')]
      .map(e => [e.participants.map(p => named(p.name)), [e.conditional_on], e.summary, e.date]),
  },
  'rejects-leaders-meeting': {
    answer: d => [
      d.issue.positions.nodes.map(p => [p.takenOn.edtf, p.summary]),
      d.issue.claims.nodes.map(c => [c.summary, c.expectedIn.edtf, c.outcome.state]),
    ],
    expected: () => {
      const held = ofYear('meeting_held').filter(e => ['Vladimir Putin', 'Volodymyr Zelensky'].every(name =>
        e.participants.some(p => p.name === name && p.mode !== 'absent')));
      const merz = event('2025-08-18-merz-two-weeks');
      return [
        [event('2025-06-03-kremlin-no-leaders-summit-soon')].map(e => [e.date, e.summary]),
        [[merz.summary, merz.expected, held.length ? 'MET' : 'OPEN']],
      ];
    },
  },
  'expected-of-rounds': {
    answer: d => rows(d.claims.nodes.filter(c => c.about[0].dossier.kind === 'ROUND')
      .map(c => [c.about[0].dossier.number, c.expectedIn.edtf, c.stage, c.outcome.state, c.outcome.missedByDays])),
    expected: () => rows([
      ...rounds.packages.flatMap(p => p.stages.filter(s => s.stage === 'planned_adoption')
        .map(s => [+p.number, s.edtf, 'ADOPTED', ...became(+p.number, s.edtf, 'adopted')])),
      ...year.filter(e => e.package && (e.expected || e.next_expected)).map(e => {
        const window = e.expected ?? e.next_expected;
        return [e.package, window, 'AGREED', ...became(e.package, window, 'political_agreement', 'agreed')];
      }),
      ...ofKind('expectation').map(f => [f.package, f.expected, 'PROPOSED', ...became(f.package, f.expected, 'proposed')]),
    ]),
  },
  'expected-in-2025': {
    answer: d => rows(d.claims.nodes.filter(c => c.claimedOn?.edtf?.startsWith('2025')).map(c => [c.expectedIn.edtf, c.claimedOn.edtf])),
    expected: () => rows([
      ...year.filter(e => e.expected || e.next_expected).map(e => [e.expected ?? e.next_expected, e.date]),
      ...ofYear('commitment_pledged').filter(e => e.scheduled_for).map(e => [e.scheduled_for, e.date]),
    ]),
  },
  'next-fortnight': {
    answer: ({ upcoming: u }) => {
      const told = items => rows(items.map(i => [i.kind, i.when.edtf, i.summary]));
      return [u.certainCount, u.possibleCount, told(u.certain), told(u.possible)];
    },
    expected: () => {
      const [from, until] = ['2026-01-06', '2026-01-20'];
      const overtaken = e => linkedTo(e.id, 'fulfils', 'reschedules', 'cancels', 'corrects').length > 0;
      const ahead = [
        ...ofYear('meeting_scheduled').filter(e => !overtaken(e)).map(e => ['MEETING', e.scheduled_for, e.summary]),
        ...ofKind('meeting_scheduled').map(f => ['MEETING', f.date, f.summary]),
        ...year.filter(e => e.expected && !overtaken(e)).map(e => ['EXPECTATION', e.expected, e.summary]),
        ...ofKind('expectation').map(f => ['EXPECTATION', f.expected, f.summary]),
      ];
      const within = ([, edtf]) => {
        const { earliest, latest } = bounds(edtf);
        return { surely: earliest >= from && latest <= until, possibly: latest >= from && earliest <= until };
      };
      const [certain, possible] = [ahead.filter(a => within(a).surely), ahead.filter(a => within(a).possibly && !within(a).surely)];
      return [certain.length, possible.length, rows(certain), rows(possible)];
    },
  },
  'promise-of-9-december': {
    answer: d => [d.claim.expectedIn.edtf, d.claim.links.nodes.map(l => [l.link, l.note, l.from.entries.map(e => e.summary)])],
    expected: () => {
      const promised = event('2025-12-09-revised-plan-to-us-promised');
      return [promised.expected, linkedTo(promised.id, 'corrects').map(e => ['CORRECTS', e.links[0].note, [e.summary]])];
    },
  },
};
