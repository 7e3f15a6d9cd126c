// Expected answers about what was counted: vessels, persons, entities, with drafts, acts and independent lists apart.
import { event, linkedTo, list, round, rounds, rows, sorted, verified, year } from './facts.mjs';

const value = c => c.quantity.value;
const of = (r, basis, what = 'vessels') => r.counts.filter(c => c.of === what && c.basis === basis).map(value)[0] ?? null;
const counted = (id, what) => round(id).counts.filter(c => verified(c) && c.what === what).map(c => c.value)[0];

export const answers = {
  'vessels-by-round': {
    answer: d => rows(d.rounds.nodes.filter(r => /^eu-ru-\d/.test(r.slug) && of(r, 'ADDED'))
      .map(r => [r.slug, of(r, 'ADDED'), of(r, 'INDEPENDENT'), of(r, 'STATED_TOTAL')])),
    expected: () => rows([
      ...rounds.vessel_ledger.rows.map(r => [r.act, r.official, r.independent_list, r.stated_total ?? null]),
      ...year.filter(e => e.package === 19 && e.stage === 'adopted').map(e => ['eu-ru-19',
        ...['added', 'none', 'total'].map(word => list(e.quantities).find(q => q.what.endsWith(word))?.value ?? null)]),
    ]),
  },
  'vessels-of-the-eighteenth': {
    answer: ({ round: r }) => {
      const total = r.rivalValues.find(v => v.field === 'vessels in total');
      return [of(r, 'ADDED'), of(r, 'REMOVED'), of(r, 'STATED_TOTAL'), total.values.map(v => v.value), total.resolution];
    },
    expected: () => {
      const row = rounds.vessel_ledger.rows.find(r => r.act === 'eu-ru-18');
      const conflict = round('eu-ru-18').conflicts.find(c => c.field === 'vessels in total');
      return [row.official, row.sum_from_previous_total - row.stated_total, row.stated_total, conflict.claims.map(c => c.value), conflict.resolution];
    },
  },
  'net-totals': {
    answer: d => rows(d.rounds.nodes.flatMap(r => r.listings.filter(l => l.kind === 'vessels')
      .map(l => [r.slug, l.added, l.removed, l.statedTotal, l.runningTotal, l.agrees]))),
    expected: () => {
      const nineteenth = event('2025-10-23-eu19-adopted').quantities.map(q => q.value);
      const ledger = [...rounds.vessel_ledger.rows, { act: 'eu-ru-19', official: nineteenth[0], stated_total: nineteenth[1] }];
      return rows(ledger.map((row, i) => {
        const before = ledger[i - 1]?.stated_total ?? null;
        const running = before === null ? null : before + row.official - (row.implied_removals ?? 0);
        const differs = running !== row.stated_total;
        return [row.act, row.official, row.implied_removals ?? null, row.stated_total ?? null, running, running === null || differs ? null : true];
      }));
    },
  },
  'vessels-of-the-nineteenth': {
    answer: ({ round: r }) => [
      r.path.flatMap(p => p.quantities.map(q => [p.stage, q.what, q.value])),
      r.links.nodes.filter(l => l.link === 'REVISES').map(l => l.note),
    ],
    expected: () => {
      const staged = year.filter(e => e.package === 19 && e.quantities);
      return [staged.flatMap(e => e.quantities.map(q => [e.stage.toUpperCase(), q.what, q.value])),
        linkedTo('2025-09-19-eu19-proposed', 'revises').flatMap(e => e.links.map(l => l.note))];
    },
  },
  'announced-or-in-the-acts': {
    answer: ({ round: r }) => [
      rows(r.counts.map(c => [c.basis === 'ANNOUNCED', c.quantity.what, c.quantity.value])),
      r.rivalValues.map(v => [v.field, v.values.map(x => x.value), v.resolution]),
    ],
    expected: () => [
      rows(round('eu-ru-01').counts.filter(verified).map(c => [c.what.endsWith('as announced'), c.what, c.value])),
      round('eu-ru-01').conflicts.map(c => [c.field, c.claims.map(x => x.value), c.resolution]),
    ],
  },
  'draft-or-adopted-counts': {
    answer: ({ round: r }) => ['ANNOUNCED', 'ADDED'].map(basis => sorted(r.counts.filter(c => c.basis === basis && c.of === 'vessels').map(value))),
    expected: () => [[counted('eu-ru-17', 'vessels, draft')], [counted('eu-ru-17', 'vessels')]],
  },
};
