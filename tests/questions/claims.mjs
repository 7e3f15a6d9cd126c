// Expected answers about claims, numbers that contradict one another, and reports known to be wrong.
import { event, linkedTo, list, named, ofYear, paris, rows, sorted, summaries, year } from './facts.mjs';

const speaker = e => e.attribution?.speaker ?? null;
const numbers = (e, what = () => true) => rows(list(e.quantities).filter(what).map(q => [q.value, q.claimed_by ?? null]));

export const answers = {
  'valdai-drones': {
    answer: d => ({
      alleged: rows(d.claim.quantities.map(q => [q.value, q.claimant])),
      against: rows(d.claim.links.nodes.map(l => [l.link, l.from.dossier.summary,
        rows(l.from.dossier.quantities.map(q => [q.value, q.claimant]))])),
    }),
    expected: () => {
      const alleged = event('2025-12-29-lavrov-valdai-claim');
      return {
        alleged: numbers(alleged),
        against: rows(linkedTo(alleged.id, 'contradicts', 'corrects').map(e =>
          [e.links.find(l => l.target === alleged.id).rel.toUpperCase(), e.summary, numbers(e)])),
      };
    },
  },
  'points-after-geneva': {
    answer: d => [
      d.claim.quantities.map(q => q.value),
      sorted(d.claim.links.nodes.flatMap(l => l.from.dossier.quantities.filter(q => q.what === 'points').map(q => q.value))),
      d.claim.evidence.citations.map(c => c.attribution.speaker)[0],
      [d.plan.planVersion.contested, d.plan.planVersion.status, d.plan.planVersion.datedOn.edtf],
    ],
    expected: () => {
      const ft = event('2025-11-23-claim-19-points');
      return [
        ft.quantities.map(q => q.value),
        sorted(linkedTo(ft.id, 'contradicts').flatMap(e => e.quantities.filter(q => q.what === 'points').map(q => q.value))),
        ft.attribution.speaker,
        ['number of points', 'REPORTED', event('2025-11-23-geneva-us-ukraine').date],
      ];
    },
  },
  'guarantees-percent': {
    answer: ({ zelenskyy }) => {
      const guarantees = list => list.filter(q => q.what === 'security guarantees agreed').map(q => [q.value, q.unit, q.approximate, q.claimant]);
      return [guarantees(zelenskyy.quantities), ...zelenskyy.contradictedBy.map(c => guarantees(c.quantities))];
    },
    expected: () => ['2025-12-28-claim-90-percent-zelensky', '2025-12-28-claim-95-percent-trump'].map(id => event(id).quantities
      .filter(q => q.what === 'security guarantees agreed').map(q => [q.value, q.unit, q.approximate ?? false, q.claimed_by])),
  },
  'readouts-of-18-march': {
    answer: d => [d.claim.summary, d.claim.links.nodes.map(l => [l.link, l.note, l.from.dossier.summary])],
    expected: () => {
      const kremlin = event('2025-03-18-kremlin-readout-energy-infrastructure');
      return [kremlin.summary, linkedTo(kremlin.id, 'contradicts').map(e => ['CONTRADICTS', e.links[0].note, e.summary])];
    },
  },
  bodies: {
    answer: d => [rows(d.claim.quantities.map(q => [q.value, q.claimant])),
      rows(d.claim.contradictedBy.flatMap(c => c.quantities.map(q => [q.value, q.claimant])))],
    expected: () => [numbers(event('2025-06-02-claim-bodies-unilateral')),
      rows(linkedTo('2025-06-02-claim-bodies-unilateral', 'contradicts').flatMap(e => e.quantities.map(q => [q.value, q.claimed_by])))],
  },
  'why-rubio-stayed-away': {
    answer: d => [d.claim.summary, d.claim.contradictedBy.map(c => c.summary)],
    expected: () => [event('2025-04-23-claim-scheduling-reason').summary,
      linkedTo('2025-04-23-claim-scheduling-reason', 'contradicts').map(e => e.summary)],
  },
  'easter-truce': {
    answer: ({ happening: h }) => [h.happeningKind, h.happenedOn.edtf, h.happenedOn.window.opensAt, h.happenedOn.window.closesAt,
      rows(h.links.nodes.map(l => [l.link, l.note, l.from.dossier.summary]))].map(v => (/^\d{4}.*T/.test(v) ? Date.parse(v) : v)),
    expected: () => {
      const truce = event('2025-04-19-easter-truce-2025');
      return ['TRUCE', truce.date, Date.parse(truce.time_window.start), Date.parse(truce.time_window.end),
        rows(linkedTo(truce.id, 'contradicts').map(e => ['CONTRADICTS', e.links[0].note, e.summary]))];
    },
  },
  'truce-violations': {
    answer: ({ happening: h }) => [h.happenedOn.edtf, rows(h.quantities.map(q => [q.value, q.approximate, q.claimant]))],
    expected: () => {
      const truce = event('2025-05-08-victory-day-truce-2025');
      return [truce.date, rows(truce.quantities.map(q => [q.value, q.approximate ?? false, q.claimed_by]))];
    },
  },
  'thousand-for-thousand': {
    answer: d => [
      d.stages.quantities.map(q => q.value), d.stages.quantities.reduce((sum, q) => sum + q.value, 0),
      d.total.quantities.map(q => q.value), [...d.stages.links.nodes, ...d.total.links.nodes].map(l => [l.link, l.to.dossier.number]),
    ],
    expected: () => {
      const [stages, total] = ['2025-05-23-exchange-1000-first-stage', '2025-05-25-exchange-1000-completed'].map(event);
      const values = stages.quantities.map(q => q.value);
      return [values, values.reduce((sum, n) => sum + n), total.quantities.map(q => q.value),
        [stages, total].flatMap(e => e.links.map(l => [l.rel.toUpperCase(), event(l.target).round]))];
    },
  },
  'anonymous-claims': {
    answer: d => sorted(d.flags.nodes.map(f => f.entry.summary)),
    expected: () => summaries([...paris, ...year].filter(f => f.attribution?.anonymous
      && ['claim', 'correction', 'position_taken', 'commitment', 'commitment_pledged', 'commitment_offered', 'assessment'].includes(f.kind))),
  },
  'umerov-denies': {
    answer: ({ meeting: m }) => [m.heldOn.edtf, m.heldOn.approximate, rows(m.participants.map(p => [p.party.name, p.mode])),
      m.links.nodes.map(l => [l.link, l.from.entries.map(e => e.summary)])],
    expected: () => {
      const read = event('2025-11-16-umerov-miami-plan-read');
      return [read.date, read.date.endsWith('~'), rows(read.participants.map(p => [named(p.name), p.mode.toUpperCase()])),
        linkedTo(read.id, 'contradicts').map(e => ['CONTRADICTS', [e.summary]])];
    },
  },
  'what-was-corrected': {
    answer: d => sorted(new Set(d.claims.nodes.flatMap(c => c.links.nodes.filter(l => l.link === 'CORRECTS')
      .map(l => JSON.stringify([l.from.entries[0].summary, l.to.entries[0].summary]))))),
    expected: () => rows(year.flatMap(e => list(e.links).filter(l => l.rel === 'corrects').map(l => [e.summary, event(l.target).summary]))),
  },
};
