// Expected answers about what changed between two days, what came to compete, how a meeting went from planned to held, and why values are shown.
import { event, linkedTo, list, ofYear, once, paris, rounds, rows, sorted, stagesOf, year } from './facts.mjs';
import { by, publicOn } from './clocks.mjs';

/** The facts of both files with the day from which on each was public. */
const facts = [...year.map(e => ({ ...e, since: publicOn(e) })), ...paris.map(f => ({ ...f, since: '2026-01-06' }))];
/** The sets of facts that hang together by contradiction, both ends known by a day, as their ids. */
function sets(day) {
  const known = new Map(facts.filter(f => f.since <= day).map(f => [f.id, f]));
  const top = new Map([...known.keys()].map(id => [id, id]));
  const root = id => (top.get(id) === id ? id : root(top.get(id)));
  for (const f of known.values()) {
    for (const l of list(f.links)) if ((l.rel ?? l.type) === 'contradicts' && known.has(l.target)) top.set(root(f.id), root(l.target));
  }
  const members = new Map();
  for (const id of known.keys()) members.set(root(id), [...(members.get(root(id)) ?? []), id]);
  return [...members.values()].filter(ids => ids.length > 1);
}
/** The facts in a set that was not there, or was smaller, on the day before. */
const competing = (before, day) => {
  const was = new Set(sets(before).map(ids => JSON.stringify(sorted(ids))));
  return sets(day).filter(ids => !was.has(JSON.stringify(sorted(ids)))).flat();
};
const summary = id => facts.find(f => f.id === id).summary;
const contradicted = d => once(d.changes.nodes.map(n => n.dossier.claim ?? n.dossier.meeting ?? n.dossier.happening ?? n.dossier));
const STATES = { meeting_scheduled: 'SCHEDULED', meeting_held: 'HELD' };
const urls = values => sorted(new Set(values.flatMap(v => v.citations.map(c => c.source.url))));

export const answers = {
  // 2025-11-27-claim-20-points-18-agreed against 2025-11-23-claim-19-points, which was known for three days.
  'contradicted-on-27-november': {
    answer: contradicted,
    expected: () => once(competing('2025-11-26', '2025-11-27').map(summary)),
  },
  // 2025-12-29-mod-drone-count and 2025-12-29-zelensky-denies-valdai against 2025-12-29-lavrov-valdai-claim;
  // 2025-12-28-claim-95-percent-trump against 2025-12-28-claim-90-percent-zelensky.
  'contradicted-on-29-december': {
    answer: contradicted,
    expected: () => once(competing('2025-12-28', '2025-12-29').map(summary)),
  },
  // Every `contradicts` of both files, once both ends were public.
  'contradictions-by-quarter': {
    answer: d => [d.march, d.june, d.september, d.december].map(a => [a.contradictions.totalCount, sorted(a.contradictions.nodes.map(n => n.values.length))]),
    expected: () => ['2025-03-31', '2025-06-30', '2025-09-30', '2025-12-31'].map(sets).map(found => [found.length, sorted(found.map(ids => ids.length))]),
  },
  // Of 2025-08-15-… to 2025-08-19-…: four meetings and calls first public after 14 August; Alaska was on record as scheduled.
  'meetings-new-after-alaska': {
    answer: d => [true, false].map(isNew => rows(d.changes.nodes.filter(n => n.isNew === isNew).map(n => n.dossier.summary))),
    expected: () => {
      const came = ofYear('meeting_held', 'call_held').filter(e => publicOn(e) > '2025-08-14' && publicOn(e) <= '2025-08-19');
      const announced = e => list(e.links).some(l => l.rel === 'fulfils' && by('2025-08-14')(event(l.target)));
      return [came.filter(e => !announced(e)), came.filter(announced)].map(found => rows(found.map(e => e.summary)));
    },
  },
  // 2025-05-11-putin-proposes-istanbul for 15 May; 2025-05-16-istanbul-round-1 reschedules it by a day.
  'istanbul-moved-by-a-day': {
    answer: d => ({
      planned: step(d, 'PLANNED_FOR'), held: step(d, 'HELD_ON'), state: step(d, 'STATE'),
      link: d.meeting.history.nodes.flatMap(s => s.changes).filter(c => c.field === 'LINK').map(c => c.after.map(v => v.value)),
    }),
    expected: () => {
      const held = event('2025-05-16-istanbul-round-1');
      const moved = list(held.links).filter(l => l.rel === 'reschedules');
      const [planned] = moved.map(l => event(l.target));
      const states = [planned, held].map(e => STATES[e.kind]);
      return {
        planned: [[[], [planned.scheduled_for]]], held: [[[], [held.date]]],
        state: [[[], [states[0]]], [[states[0]], [states[1]]]], link: moved.map(l => [l.rel.toUpperCase()]),
      };
    },
  },
  // 2025-10-21-budapest-summit-cancelled decides; 2025-10-16-budapest-summit-announced says otherwise and does not stand.
  'why-budapest-is-cancelled': {
    answer: d => [d.meeting.why.map(v => v.value), urls(d.meeting.why), d.meeting.why.flatMap(v => v.behind.map(b => [b.part, b.event.fact.plannedFor?.edtf ?? null]))],
    expected: () => {
      const off = linkedTo('2025-10-16-budapest-summit-announced', 'cancels');
      return [['CANCELLED'], sorted(off.flatMap(e => e.sources.map(s => s.url))),
        [['OUTWEIGHED', event('2025-10-16-budapest-summit-announced').scheduled_for], ...off.map(() => ['DECIDES', null])]];
    },
  },
  // adopted of eu-ru-18, whose sources bear no dates, and 2025-07-18-eu18-adopted, one of whose sources is of 26 September.
  'why-adopted-as-of-that-day': {
    answer: d => [d.then, d].map(a => urls(a.round.why)),
    expected: () => {
      const undated = stagesOf('eu-ru-18', 'adopted').flatMap(s => list(s.source)).map(id => rounds.sources[id].url);
      const { sources } = event('2025-07-18-eu18-adopted');
      return [sources.filter(s => s.published <= '2025-07-18'), sources].map(cited => sorted(new Set([...undated, ...cited.map(s => s.url)])));
    },
  },
};

/** What was shown of a field before and after each event that changed it. */
function step(d, field) {
  const shown = v => v.date?.edtf ?? v.value;
  return d.meeting.history.nodes.flatMap(s => s.changes).filter(c => c.field === field).map(c => [c.before.map(shown), c.after.map(shown)]);
}
