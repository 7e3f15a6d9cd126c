// Expected answers about the Paris summit of 6 January 2026.
import { fact, list, ofKind, paris, sorted, summaries } from './facts.mjs';

const code = slug => slug.toUpperCase();
const isAbsent = p => (p.mode ?? '').startsWith('absent');

export const answers = {
  'paris-absent': {
    answer: d => d.meeting.absent.map(a => a.party.name),
    expected: () => fact('meeting-paris-summit').participants.filter(isAbsent).map(p => p.name),
  },
  'paris-present': {
    answer: d => sorted(d.meeting.present.filter(a => a.party.partyKind === 'PERSON').map(a => a.party.name)),
    expected: () => {
      const named = fact('meeting-paris-summit').participants.filter(p => !isAbsent(p)).map(p => p.name);
      const said = ofKind('participation').filter(f => f.mode === 'in_person').map(f => f.actor);
      return sorted(new Set([...named, ...said]));
    },
  },
  'paris-countries': {
    answer: d => d.meeting.quantities.filter(q => q.unit === 'countries').map(q => [q.min, q.minExclusive]),
    expected: () => fact('meeting-paris-summit').quantities.map(q => [q.min, q.min_exclusive]),
  },
  'troop-numbers': {
    answer: d => sorted(d.claims.nodes.flatMap(c => c.quantities.filter(q => q.unit === 'troops').map(q =>
      JSON.stringify([q.value ?? q.min, q.value ?? q.max, c.evidence.citations[0].attribution.speaker])))),
    expected: () => sorted(ofKind('claim').flatMap(f => list(f.quantities).filter(q => q.unit === 'troops').map(q =>
      JSON.stringify([q.value ?? q.min, q.value ?? q.max, f.attribution.speaker])))),
  },
  'troops-contradicted': {
    answer: d => d.claim.contradictedBy.map(e => e.summary),
    expected: () => paris
      .filter(f => list(f.links).some(l => l.rel === 'contradicts' && l.target === 'seed:qty-troops-15-20k'))
      .map(f => f.summary),
  },
  'positions-on-the-plant': {
    answer: d => sorted(d.issue.positions.nodes.filter(p => p.takenOn.edtf === '2026-01-06').map(p => JSON.stringify([p.by.map(b => code(b.slug)), p.summary]))),
    expected: () => sorted(paris.filter(f => f.issue === 'seed:issue-znpp').map(f => JSON.stringify([[f.actor], f.summary]))),
  },
  'territory-alternatives': {
    answer: d => d.issue.positions.nodes.flatMap(p => p.alternatives),
    expected: () => fact('position-ua-territory').alternatives,
  },
  'round-20-expected': {
    answer: d => d.round.expectations.map(e => [e.expectedIn.edtf, e.expectedIn.phrase, e.outcome.state]),
    expected: () => ofKind('expectation').filter(f => f.package === 20).map(f => [f.expected, f.date_text, 'OPEN']),
  },
  'round-20-stage': {
    answer: d => [d.round.number, d.round.stage],
    expected: () => ofKind('sanctions_round_stage').map(f => [f.package, f.stage.toUpperCase()])[0],
  },
  'statement-components': {
    answer: d => d.plan.planVersion.points.filter(p => p.number !== null)
      .map(p => [p.number, p.summary]).sort((a, b) => a[0] - b[0]),
    expected: () => ofKind('provision').filter(f => f.component).map(f => [f.component, f.summary]),
  },
  'statement-means': {
    answer: d => sorted(d.plan.planVersion.points.filter(p => p.parent).map(p => p.summary)),
    expected: () => summaries(ofKind('provision').filter(f => f.parent === 'seed:prov-binding-commitments')),
  },
  'statement-gaps': {
    answer: d => sorted(d.plan.planVersion.gaps.map(g => g.summary)),
    expected: () => summaries(ofKind('gap')),
  },
};
