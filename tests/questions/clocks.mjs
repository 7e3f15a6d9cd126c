// Expected answers as of other days: what the public could know by then, from the dates on which sources were published.
import { bounds, event, list, ofYear, rows, year } from './facts.mjs';

/** The last day on which its first source can have been published; its own where none is dated. */
export const publicOn = e => {
  const published = list(e.sources).map(s => s.published).filter(Boolean).map(date => bounds(date).latest);
  return published.sort()[0] ?? bounds(e.date).latest;
};
export const by = day => e => publicOn(e) <= day;
const within = (first, last) => e => bounds(e.date).earliest >= first && bounds(e.date).latest <= last;
const held = ofYear('meeting_held', 'call_held');
const told = meetings => rows(meetings.nodes.filter(m => m.heldOn).map(m => [m.heldOn.edtf, m.summary]));
const facts = events => rows(events.map(e => [e.date, e.summary]));
const days = { eve: '2025-11-26', day: '2025-11-27' };

export const answers = {
  // 2025-11-18-white-house-approves-push: held on 18 November, first reported on the 27th.
  'white-house-nine-days-later': {
    answer: d => Object.keys(days).map(name => [told(d[name].meetings), d[name].search.totalCount > 0]),
    expected: () => Object.values(days).map(day => [
      facts(held.filter(within('2025-11-18', '2025-11-18')).filter(by(day))),
      by(day)(event('2025-11-18-white-house-approves-push')),
    ]),
  },
  // 2025-10-16-trump-putin-call: reported on 21 October.
  'october-known-by-the-20th': {
    answer: d => [told(d.asOf.meetings), told(d.meetings)],
    expected: () => {
      const october = held.filter(within('2025-10-01', '2025-10-31'));
      return [facts(october.filter(by('2025-10-20'))), facts(october)];
    },
  },
  // 2025-05-25-exchange-1000-completed: reported on 2 June.
  'exchanges-known-by-the-end-of-may': {
    answer: d => rows(d.asOf.timeline.nodes.map(n => [n.when.edtf, n.summary])),
    expected: () => facts(year.filter(e => e.kind === 'prisoner_exchange').filter(by('2025-05-31'))),
  },
};
