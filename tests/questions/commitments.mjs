// Expected answers about commitments over time, and about what rests on anonymous speakers alone.
import { country, list, ofKind, paris, rows, summaries, year } from './facts.mjs';

const commitments = [...ofKind('commitment'), ...year.filter(e => e.commitment)];
const by = f => list(f.commitment.by).map(p => (p.length === 2 ? country(p) : p));
const status = f => f.commitment.status.toUpperCase().replaceAll(' ', '_');
const CLAIMS = ['claim', 'correction', 'assessment'];
const anonymous = f => f.attribution?.anonymous;

export const answers = {
  'rung-at-new-year': {
    answer: d => d.party.commitmentHistory.nodes.map(n => [n.rung.status, n.rung.statusOn.edtf, n.commitment.rung]),
    expected: () => commitments.filter(f => by(f).includes('us')).toSorted((a, b) => a.date.localeCompare(b.date))
      .map(f => [status(f), f.date, f.date <= '2025-12-31' ? { status: status(f), certainty: 'SURELY' } : null]),
  },
  'pledges-of-france': {
    answer: d => d.party.commitmentHistory.nodes.map(n => [n.rung.status, n.rung.statusOn.edtf, n.rung.summary]),
    expected: () => commitments.filter(f => by(f).includes('fr') && status(f) === 'PLEDGED').toSorted((a, b) => a.date.localeCompare(b.date))
      .map(f => ['PLEDGED', f.date, f.summary]),
  },
  'anonymous-entries': {
    answer: ({ timeline: t }) => [t.totalCount, t.nodes.map(n => n.summary).toSorted()],
    expected: () => {
      const november = year.filter(e => anonymous(e) && e.date.startsWith('2025-11'));
      return [november.length, summaries(november)];
    },
  },
  'anonymous-assertions': {
    answer: ({ claims: c }) => [c.totalCount, rows(c.nodes.map(n => n.summary))],
    expected: () => {
      const claims = [...paris, ...year].filter(f => anonymous(f) && CLAIMS.includes(f.kind));
      return [claims.length, rows(claims.map(f => f.summary))];
    },
  },
};
