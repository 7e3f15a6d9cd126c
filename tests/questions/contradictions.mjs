// Expected answers about values that compete, as sets.
import { event, linkedTo, list, origins, paris, round, rounds, rows, sorted, year } from './facts.mjs';

const shown = (r, field) => r.contradictions.nodes.filter(c => c.kind === 'RIVAL_VALUES' && c.what === field);
const named = publisher => /^(.+?) (?:citing|via|\()/.exec(publisher)?.[1] ?? publisher;

/** The facts that hang together by contradiction, in either file. */
function sets() {
  const all = [...paris, ...year];
  const sets = new Map(all.map(f => [f.id, f.id]));
  const top = id => (sets.get(id) === id ? id : top(sets.get(id)));
  for (const f of all) for (const l of list(f.links).filter(l => (l.rel ?? l.type) === 'contradicts')) sets.set(top(f.id), top(l.target));
  const members = new Map();
  for (const f of all) members.set(top(f.id), [...(members.get(top(f.id)) ?? []), f]);
  return [...members.values()].filter(facts => facts.length > 1);
}

export const answers = {
  'points-as-a-set': {
    answer: ({ contradictions: c }) => [c.totalCount, c.nodes.map(n => [n.kind, n.independentOrigins, sorted(n.links.map(l => l.note)),
      rows(n.values.map(v => [v.quantities.filter(q => q.what === 'points').map(q => q.value)[0], sorted(v.origins), v.independentOrigins]))])],
    expected: () => {
      const first = event('2025-11-23-claim-19-points');
      const others = linkedTo(first.id, 'contradicts');
      const from = e => sorted(new Set(e.sources.flatMap(s => origins(s.publisher))));
      const facts = [first, ...others];
      return [1, [['LINKED', new Set(facts.flatMap(from)).size, sorted(others.map(e => e.links[0].note)),
        rows(facts.map(e => [e.quantities.find(q => q.what === 'points').value, from(e), from(e).length]))]]];
    },
  },
  'vessels-in-total': {
    answer: d => shown(d.round, 'vessels in total').map(c => [rows(c.values.map(v => [v.value, v.independentOrigins])), c.resolution, c.independentOrigins]),
    expected: () => round('eu-ru-18').conflicts.filter(c => c.field === 'vessels in total').map(c => {
      const from = sources => new Set(list(sources).map(id => named(rounds.sources[id].publisher))).size;
      return [rows(c.claims.map(v => [v.value, from(v.source)])), c.resolution, from(c.claims.flatMap(v => v.source))];
    }),
  },
  'all-contradictions': {
    answer: ({ contradictions: c }) => [c.totalCount, sorted(c.nodes.map(n => n.values.length))],
    expected: () => [sets().length, sorted(sets().map(facts => facts.length))],
  },
};
