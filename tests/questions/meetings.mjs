// Expected answers about meetings and calls.
import { daysBetween, event, fact, linkedTo, list, named, ofKind, ofYear, paris, rows, sorted, summaries, year } from './facts.mjs';

const THERE = ['in_person', 'online', 'phone'];
const people = (e, ...modes) => sorted(e.participants.filter(p => modes.includes(p.mode)).map(p => named(p.name)));
const names = attendance => sorted(attendance.map(a => a.party.name));
const quantities = (e, what = () => true) => rows(list(e.quantities).filter(what)
  .map(q => [q.value ?? null, q.min ?? null, q.min_exclusive ?? false, q.claimed_by ?? null]));
const shown = (m, what = () => true) => rows(m.quantities.filter(what).map(q => [q.value, q.min, q.minExclusive ?? false, q.claimant]));
const overtaken = e => linkedTo(e.id, 'fulfils', 'reschedules', 'cancels').length > 0;

const held = [...ofYear('meeting_held', 'call_held'), ...ofKind('meeting_held')];
const at = (e, name, modes) => list(e.participants).some(p => named(p.name) === name && modes.includes(p.mode ?? 'unknown'));
/** The meetings that were held with all of these people in one of these ways. */
const together = (people, modes = [...THERE, 'unknown']) => held.filter(e => people.every(name => at(e, name, modes)));
const of = (e, party, modes) => list(e.participants).some(p => p.party === party && modes.includes(p.mode));
const dates = facts => sorted(facts.map(f => f.date));
const days = nodes => sorted(nodes.map(m => m.heldOn.edtf));

export const answers = {
  'held-in-saudi-arabia': {
    answer: ({ meetings: m }) => [m.totalCount, rows(m.nodes.map(n => [n.heldOn.edtf, ...n.places.map(p => p.name)]))],
    expected: () => {
      const there = held.filter(e => e.place?.country === 'SA');
      return [there.length, rows(there.map(e => [e.date, e.place.name]))];
    },
  },
  'held-in-hungary': {
    answer: d => [d.held.totalCount, rows(d.announced.nodes.map(m => [m.state, m.plannedFor.edtf]))],
    expected: () => {
      const off = ofYear('meeting_cancelled', 'meeting_postponed').filter(e => e.place?.country === 'HU');
      const planned = e => e.previous_schedule ?? event(e.links[0].target).scheduled_for;
      return [held.filter(e => e.place?.country === 'HU').length, rows(off.map(e => [e.kind.split('_')[1].toUpperCase(), planned(e)]))];
    },
  },
  'held-where': {
    answer: d => rows(d.meetings.nodes.map(m => [m.heldOn.edtf, m.places.map(p => p.country)])),
    expected: () => rows(held.filter(e => e.date.startsWith('2025-12') && !e.date.endsWith('~'))
      .map(e => [e.date, list(e.place).map(p => p.country)])),
  },
  'trump-and-putin-in-person': {
    answer: ({ meetings: m }) => [m.totalCount, m.nodes.map(n => [n.heldOn.edtf, n.summary])],
    expected: () => {
      const met = together(['Donald Trump', 'Vladimir Putin'], ['in_person']);
      return [met.length, met.map(e => [e.date, e.summary])];
    },
  },
  'trump-and-putin-anyhow': {
    answer: ({ meetingSummary: s }) => [s.count, days(s.first), days(s.last)],
    expected: () => {
      const on = dates(together(['Donald Trump', 'Vladimir Putin']));
      return [on.length, [on[0]], [on.at(-1)]];
    },
  },
  'first-trump-and-zelenskyy': {
    answer: ({ meetingSummary: s }) => [s.count, s.first.map(m => [m.heldOn.edtf, m.summary]), days(s.last)],
    expected: () => {
      const met = together(['Donald Trump', 'Volodymyr Zelenskyy'], ['in_person']);
      const on = dates(met);
      return [met.length, met.filter(e => e.date === on[0]).map(e => [e.date, e.summary]), [on.at(-1)]];
    },
  },
  'putin-and-zelenskyy': {
    answer: d => [d.meetingSummary.count, d.meetingSummary.first, days(d.absent.nodes)],
    expected: () => [together(['Vladimir Putin', 'Volodymyr Zelenskyy']).length, [], dates(together(['Vladimir Putin', 'Volodymyr Zelenskyy'], ['absent']))],
  },
  'macron-and-starmer-in-autumn': {
    answer: d => days(d.meetings.nodes),
    expected: () => dates(together(['Emmanuel Macron', 'Keir Starmer']).filter(e => e.date >= '2025-09' && e.date < '2025-12')),
  },
  'first-with-dmitriev': {
    answer: d => [d.meetingSummary.count, days(d.meetingSummary.first), d.riyadh.links.nodes.map(l => [l.link, l.from.entries.map(e => e.summary)])],
    expected: () => {
      const on = dates(together(['Kirill Dmitriev']));
      return [on.length, [on[0]], linkedTo('2025-02-18-riyadh-us-russia', 'contradicts').map(e => ['CONTRADICTS', [e.summary]])];
    },
  },
  'russians-and-americans': {
    answer: d => days(d.meetings.nodes),
    expected: () => dates(held.filter(e => ['RU', 'US'].every(party => of(e, party, ['in_person'])))),
  },
  'never-held': {
    answer: d => rows(d.meetings.nodes.map(m => [m.plannedFor.edtf, m.heldOn, m.present])),
    expected: () => rows(ofYear('meeting_cancelled', 'meeting_postponed').map(e => {
      const cancelled = list(e.links).find(l => l.rel === 'cancels');
      return [cancelled ? event(cancelled.target).scheduled_for : e.previous_schedule, null, []];
    })),
  },
  'no-more-known': {
    answer: d => rows(d.meetings.nodes.map(m => [m.summary, m.plannedFor.edtf, m.heldOn, m.present])),
    expected: () => rows([
      ...ofYear('meeting_scheduled').filter(e => !overtaken(e)).map(e => [e.summary, e.scheduled_for, null, []]),
      ...ofKind('meeting_scheduled').map(f => [f.summary, f.date, null, []]),
    ]),
  },
  'coalition-summits': {
    answer: d => rows(d.meetings.nodes.map(m => [m.state, m.heldOn.edtf, m.summary])),
    expected: () => rows(year.filter(e => e.series === 'coalition_summit').map(e => ['HELD', e.date, e.summary])),
  },
  'istanbul-rounds': {
    answer: d => rows(d.meetings.nodes.map(m => [m.number, m.plannedFor?.edtf ?? null, m.heldOn.edtf, m.places])),
    expected: () => rows(year.filter(e => e.series === 'istanbul_direct_talks').map(e => {
      const planned = list(e.links).find(l => ['fulfils', 'reschedules'].includes(l.rel) && event(l.target).scheduled_for);
      return [e.round, planned ? event(planned.target).scheduled_for : null, e.date, [e.place]];
    })),
  },
  'budapest-history': {
    answer: ({ meeting: m }) => [m.state, m.plannedFor.edtf, m.heldOn,
      m.moves.map(move => [move.state, move.announcedOn?.edtf ?? null, move.entry.contradictedBy.map(c => c.summary)])],
    expected: () => {
      const [called] = linkedTo('2025-10-16-budapest-summit-announced', 'cancels');
      return ['CANCELLED', event('2025-10-16-budapest-summit-announced').scheduled_for, null, [
        ['SCHEDULED', event('2025-10-16-budapest-summit-announced').date, []],
        ['CANCELLED', called.date, linkedTo(called.id, 'contradicts').map(e => e.summary)],
      ]];
    },
  },
  'alaska-attendance': {
    answer: ({ meeting: m }) => [m.state, names(m.present), names(m.absent)],
    expected: () => ['HELD', people(event('2025-08-15-alaska-summit'), ...THERE), people(event('2025-08-15-alaska-summit'), 'absent')],
  },
  'istanbul-2-attendance': {
    answer: ({ meeting: m }) => [names(m.present), names(m.absent)],
    expected: () => [people(event('2025-06-02-istanbul-round-2'), ...THERE), people(event('2025-06-02-istanbul-round-2'), 'absent')],
  },
  'two-places': {
    answer: d => rows(d.meetings.nodes.filter(m => m.places.length > 1).map(m => [m.heldOn.edtf, m.places])),
    expected: () => rows(ofYear('meeting_held').filter(e => e.places).map(e => [e.date, e.places])),
  },
  'countries-in-september': {
    answer: ({ meeting: m }) => rows(m.quantities.map(q => [q.value, q.approximate, q.claimant])),
    expected: () => rows(event('2025-09-04-paris-coalition-summit').quantities.map(q => [q.value, q.approximate ?? false, q.claimed_by])),
  },
  'leaders-or-allies': {
    answer: ({ meeting: m }) => [shown(m, q => q.unit === 'leaders'), shown(m, q => q.unit === 'allies')],
    expected: () => ['leaders', 'allies'].map(unit => quantities(event('2025-03-02-london-summit'), q => q.unit === unit)),
  },
  'istanbul-1-duration': {
    answer: ({ meeting: m }) => [
      rows(m.quantities.filter(q => q.what === 'duration').map(q => [q.value, q.unit, q.approximate, q.claimant])),
      m.reports.map(r => r.heldOn.edtf),
      sorted(m.entries.nodes.flatMap(n => n.contradictedBy.map(c => c.summary))),
    ],
    expected: () => {
      const held = event('2025-05-16-istanbul-round-1');
      return [
        rows(held.quantities.filter(q => q.what === 'duration').map(q => [q.value, q.unit, q.approximate ?? false, q.claimed_by])),
        [held.date],
        summaries(linkedTo(held.id, 'contradicts')),
      ];
    },
  },
  'call-of-18-march': {
    answer: ({ meeting: m }) => shown(m),
    expected: () => quantities(event('2025-03-18-trump-putin-call')),
  },
  'known-late': {
    answer: ({ meeting: m }) => {
      const published = m.reports.flatMap(r => r.evidence.citations.map(c => c.source.publishedOn.edtf));
      return [m.heldOn.edtf, daysBetween(m.heldOn.edtf, sorted(published)[0])];
    },
    expected: () => {
      const push = event('2025-11-18-white-house-approves-push');
      return [push.date, daysBetween(push.date, push.first_reported)];
    },
  },
  'starmer-in-september': {
    answer: ({ meeting: m }) => m.participants.filter(p => p.party.name === 'Keir Starmer').map(p => p.mode),
    expected: () => event('2025-09-04-paris-coalition-summit').participants
      .filter(p => p.name === 'Keir Starmer').map(p => p.mode.toUpperCase()),
  },
  'wrong-dates': {
    answer: d => rows(d.timeline.nodes.map(n => [n.summary, sorted(n.contradictedBy.map(c => c.summary))])),
    expected: () => rows(year.filter(e => e.topics.includes('dates')).map(e => [e.summary,
      summaries([...list(e.links).filter(l => l.rel === 'contradicts').map(l => event(l.target)), ...linkedTo(e.id, 'contradicts')])])),
  },
  'surely-on-the-weekend': {
    answer: d => rows(d.timeline.nodes.map(n => [n.kind, n.when.edtf])),
    expected: () => {
      const weekend = ['2026-01-03', '2026-01-04', '[2026-01-03,2026-01-04]'];
      const facts = [...paris, ...year].filter(f => weekend.includes(f.scheduled_for ?? f.date));
      const published = year.flatMap(e => e.sources).filter(s => weekend.includes(s.published));
      const pages = new Map(published.map(s => [s.url, s.published]));
      return rows([
        ...facts.map(f => [f.kind.split('_')[0].toUpperCase(), f.scheduled_for ?? f.date]),
        ...[...pages.values()].map(day => ['SOURCE', day]),
      ]);
    },
  },
};
