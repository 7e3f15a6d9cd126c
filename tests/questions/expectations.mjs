// Expected answers about what was expected: slips, what is overdue, and who was right.
import { bounds, daysBetween, linkedTo, list, median, ofKind, origins, rounds, rows, verified, year } from './facts.mjs';

const DAY = '2026-01-06';
const AGREED = ['political_agreement', 'agreed'];
const source = id => rounds.sources[id];
/** Everything that was expected: what, by when, of which round and stage, and by whom. */
const expectations = [
  ...rounds.packages.flatMap(p => p.stages.filter(s => s.stage === 'planned_adoption').map(s => ({
    window: s.edtf, number: +p.number, stages: ['adopted'], speaker: null, outlets: list(s.source).map(source).flatMap(o => origins(o.publisher)),
  }))),
  ...year.filter(e => e.expected || e.next_expected || (e.kind === 'commitment_pledged' && e.scheduled_for)).map(e => ({
    id: e.id, window: e.expected ?? e.next_expected ?? e.scheduled_for, number: e.package, stages: AGREED, said: e.date,
    speaker: e.attribution?.speaker ?? null, outlets: e.sources.flatMap(s => origins(s.publisher)),
  })),
  ...ofKind('expectation').map(f => ({ window: f.expected, number: f.package, stages: ['proposed'], said: f.date, speaker: null, outlets: ['RFE/RL'] })),
];

/** The dates on which what was expected of a round came, none before it was said. */
function came({ number, stages, said, id }) {
  if (!number) return id ? linkedTo(id, 'fulfils').map(e => bounds(e.date)) : [];
  const own = rounds.packages.find(p => p.number === String(number));
  return [
    ...list(own?.stages).filter(s => verified(s) && stages.includes(s.stage)).map(s => bounds(s.edtf)),
    ...year.filter(e => e.package === number && stages.includes(e.stage)).map(e => bounds(e.date)),
  ].filter(d => !said || d.latest >= said);
}

function slip(expectation) {
  const { earliest: opens, latest: closes } = bounds(expectation.window);
  const days = day => (day > closes ? daysBetween(closes, day) : opens && day < opens ? daysBetween(opens, day) : 0);
  const all = came(expectation).map(d => ({ least: days(d.earliest), most: days(d.latest) }));
  return all.sort((a, b) => Math.abs(a.most) - Math.abs(b.most))[0] ?? null;
}

function overdue(expectation, day = DAY) {
  const closes = bounds(expectation.window).latest;
  return came(expectation).length === 0 && closes < day ? daysBetween(closes, day) : null;
}

export const answers = {
  'overdue-on-6-january': {
    answer: d => rows(d.claims.nodes.filter(c => c.outcome.daysOverdue !== null).map(c => [c.expectedIn.edtf, c.outcome.state, c.outcome.daysOverdue])),
    expected: () => rows(expectations.filter(e => overdue(e) !== null).map(e => [e.window, 'OPEN', overdue(e)])),
  },
  'slips-of-rounds': {
    answer: d => rows(d.claims.nodes.filter(c => c.about[0].dossier.number).map(c => [c.about[0].dossier.number, c.expectedIn.edtf, c.outcome.slip])),
    expected: () => rows(expectations.filter(e => e.number).map(e => [e.number, e.window, slip(e)])),
  },
  'track-records': {
    answer: d => ({
      records: rows(d.trackRecords.nodes.map(t => [t.claimant.kind, t.claimant.name, t.met, t.missed, t.open, t.overdue,
        t.medianSlip?.least ?? null, t.worstSlip?.most ?? null, t.expectations.nodes.length])),
      merz: d.party.trackRecord,
    }),
    expected: () => {
      const claimants = new Map();
      for (const e of expectations) {
        const names = e.speaker ? [['PARTY', e.speaker]] : [...new Set(e.outlets)].map(o => ['OUTLET', o]);
        for (const name of names.map(n => JSON.stringify(n))) claimants.set(name, [...(claimants.get(name) ?? []), e]);
      }
      return {
        records: rows([...claimants].map(([name, theirs]) => {
          const slips = theirs.map(slip).filter(s => s !== null).map(s => s.most);
          const open = theirs.filter(e => slip(e) === null);
          return [...JSON.parse(name), slips.filter(s => s <= 0).length, slips.filter(s => s > 0).length, open.length,
            open.filter(e => overdue(e) !== null).length, slips.length ? median(slips) : null, slips.length ? Math.max(...slips) : null, theirs.length];
        })),
        merz: { open: 1, overdue: expectations.filter(e => e.speaker === 'Friedrich Merz' && overdue(e, '2025-09-01') !== null).length },
      };
    },
  },
};
