// Expected answers about plans, statements and other texts: versions, points, what changed, what was not seen.
import { document, event, fact, linkedTo, list, named, ofKind, ofYear, rows, sorted, year } from './facts.mjs';

const version = id => document(id.split('/')[0]).versions.find(v => v.id === id);
const changes = id => document(id).changes;
const number = ref => (ref && /#(\d+)$/.test(ref) ? +/#(\d+)$/.exec(ref)[1] : null);
const FATE = { deleted: 'DROPPED' };
const fate = c => FATE[c.change] ?? c.change.toUpperCase();
const seen = v => list(v.points).filter(p => p.text);
const known = diff => diff.points.filter(p => p.change !== 'UNKNOWN');
const army = quantities => quantities.filter(q => /army|armed forces/.test(q.what)).map(q => [q.what, q.value]);

function counts(edits, before, after) {
  const of = kind => edits.filter(c => fate(c) === kind).length;
  return { kept: 0, changed: of('CHANGED'), dropped: of('DROPPED'), added: of('ADDED'),
    unknown: before.length - edits.filter(c => c.frm).length + after.length - edits.filter(c => c.to).length };
}

export const answers = {
  'twenty-against-twenty-eight': {
    answer: ({ planDiff: diff }) => [diff.counts,
      rows(known(diff).map(p => [p.change, p.before?.number ?? null, p.after?.number ?? null, p.records.map(r => r.summary)]))],
    expected: () => [counts(changes('us-plan'), seen(version('us-plan/28')), seen(version('us-plan/20'))),
      rows(changes('us-plan').map(c => [fate(c), number(c.frm), number(c.to), [c.what]]))],
  },
  'e3-against-twenty-eight': {
    answer: ({ planDiff: diff }) => [diff.counts, [diff.from.plan.slug, diff.to.plan.slug], sorted(diff.to.authors.map(a => a.name)),
      rows(known(diff).map(p => [p.change, p.before.number, p.after, p.records.map(r => r.summary)]))],
    expected: () => [
      counts(changes('e3-counterproposal'), seen(version('us-plan/28')), []), ['us-plan', 'e3-counterproposal'],
      sorted(event('2025-11-23-e3-counterproposal').participants.map(p => p.name)),
      rows(changes('e3-counterproposal').map(c => [fate(c), number(c.frm), null, [c.what]])),
    ],
  },
  'not-seen-of-the-28': {
    answer: ({ plan: { planVersion: v } }) => [v.gaps.map(g => g.number).sort((a, b) => a - b), rows(v.points.filter(p => p.number === null).map(p => p.summary))],
    expected: () => {
      const points = version('us-plan/28').points;
      const numbers = points.map(p => p.n);
      return [[...Array(28).keys()].map(i => i + 1).filter(n => !numbers.includes(n)), rows(points.filter(p => p.n === null).map(p => p.text))];
    },
  },
  'points-of-the-20': {
    answer: ({ plan: { planVersion: v } }) => [v.points.map(p => [p.number, p.summary]).sort((a, b) => a[0] - b[0]), v.gaps.map(g => g.number)],
    expected: () => [seen(version('us-plan/20')).map(p => [p.n, p.text]), version('us-plan/20').points.filter(p => !p.text).map(p => p.n)],
  },
  'history-of-the-20': {
    answer: ({ plan }) => [
      plan.planVersion.status,
      plan.planVersion.steps.slice(0, 2).map(s => [s.statusOn.edtf, s.embargoedUntil?.edtf ?? null, s.summary]),
      plan.links.nodes.filter(l => l.link === 'CONTRADICTS' && l.to.key === '20-read-out' && l.note.includes('briefing')).map(l => [l.from.dossier.claimedOn.edtf, l.note]),
    ],
    expected: () => {
      const told = year.filter(e => e.document === 'us-plan/20');
      return ['READ_OUT', told.map(e => [e.date, e.release_embargo ?? null, e.summary]),
        linkedTo('2025-12-23-20-point-plan-presented', 'contradicts').map(e => [e.date, e.links[0].note])];
    },
  },
  'leak-of-the-28': {
    answer: ({ plan: { planVersion: v } }) => [v.status, rows(v.steps.filter(s => s.participants.some(p => p.role.includes('publishes'))).map(s => [s.statusOn.edtf,
      sorted(s.participants.map(p => p.party.name)), s.quantities.map(q => [q.what, q.value, q.unit])])),
      v.steps.filter(s => s.status === 'PROPOSED').map(s => s.statusOn.edtf)],
    expected: () => {
      const leak = event('2025-11-20-plan-text-leaked');
      return ['LEAKED', rows([[leak.date, sorted(leak.participants.map(p => named(p.name))), leak.quantities.map(q => [q.what, q.value, q.unit])]]),
        [event('2025-11-20-plan-presented-kyiv').date]];
    },
  },
  'who-wrote-the-20': {
    answer: d => [
      sorted(d.plan.planVersion.steps.flatMap(s => s.participants.filter(p => p.role === 'author').map(p => p.party.name))),
      d.claim.summary, d.claim.evidence.citations.map(c => c.attribution.speaker), d.claim.links.nodes.map(l => [l.link, l.note]),
    ],
    expected: () => {
      const NAMES = { US: 'United States' };
      const claim = fact('doc-20-authorship');
      return [sorted(version('us-plan/20').authors.map(a => NAMES[a] ?? a)), claim.summary, [claim.attribution.speaker],
        claim.links.map(l => [l.rel.toUpperCase(), l.note])];
    },
  },
  'army-in-peacetime': {
    answer: d => rows([
      ...d.us.versions.flatMap(v => v.steps.flatMap(s => army(s.quantities).map(q => [s.statusOn.edtf, ...q]))),
      ...[...d.e3.versions, ...d.berlin.versions].flatMap(v => army(v.quantities).map(q => [v.datedOn.edtf, ...q])),
    ]),
    expected: () => rows(year.flatMap(e => army(list(e.quantities)).map(q => [e.date, ...q]))),
  },
  'draft-or-final': {
    answer: ({ plan }) => [plan.versions.map(v => [v.version, v.status, v.datedOn.edtf, v.seenBy.map(s => s.name)]), plan.adopted],
    expected: () => [ofKind('document_version').filter(f => f.document === 'paris-statement')
      .map(f => [f.version, f.status.split(',')[0].toUpperCase(), f.date, [f.seen_by]]), null],
  },
  'which-proposal': {
    answer: ({ plan }) => [plan.links.nodes.map(l => [l.link, l.to.ref, l.likelihood]), plan.versions.map(v => v.summary)],
    expected: () => {
      const [, ref, likelihood] = /ambiguous: (\S+) (\w+)/.exec(fact('doc-peace-proposal').identity);
      return [[['MAY_BE', ref, likelihood.toUpperCase()]], [fact('doc-peace-proposal').summary]];
    },
  },
  signed: {
    answer: d => rows(d.plans.nodes.flatMap(p => p.versions.filter(v => ['SIGNED', 'PUBLISHED'].includes(v.status)).map(v => [p.title, v.status, v.datedOn.edtf]))),
    expected: () => rows(['berlin-leaders-statement', 'us-ua-reconstruction-investment-fund']
      .map(document).map(d => [d.title, d.versions[0].status.toUpperCase(), d.versions[0].date])),
  },
  'truce-proposals': {
    answer: d => rows(d.plans.nodes.flatMap(p => p.versions.filter(v => v.firstStatus === 'PROPOSED' && v.datedOn.edtf.startsWith('2025') && v.summary).map(v => [v.datedOn.edtf, v.summary]))),
    expected: () => {
      const opened = [...ofYear('plan_proposed').filter(e => e.document !== 'us-plan/28'), event('2025-11-23-e3-counterproposal')];
      return rows([...opened, fact('doc-28-points')].map(e => [e.date, e.summary]));
    },
  },
};
