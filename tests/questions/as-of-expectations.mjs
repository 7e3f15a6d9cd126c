// Expected answers about expectations as of other days: what was voiced by then, and what was known by then of whether it came.
import { bounds, daysBetween, event, ofYear, rows, stagesOf, year } from './facts.mjs';
import { by, publicOn } from './clocks.mjs';

const AGREED = ['political_agreement', 'agreed'];
/** What was expected in 2025: the window, the round, and since when the public knew. Of the rounds' own file nothing is dated. */
const voiced = year.filter(e => e.expected || e.next_expected || (e.kind === 'commitment_pledged' && e.scheduled_for))
  .map(e => ({
    window: e.expected ?? e.next_expected ?? e.scheduled_for, round: e.package, summary: e.summary,
    speaker: e.attribution?.speaker, said: e.date, since: publicOn(e),
  }));
/** The days on which a round was agreed, with the day since which that was public. */
const agreed = number => [
  ...stagesOf(`eu-ru-${number}`, ...AGREED).map(s => ({ on: bounds(s.edtf).latest, since: bounds(s.edtf).latest })),
  ...year.filter(e => e.package === number && AGREED.includes(e.stage)).map(e => ({ on: e.date, since: publicOn(e) })),
];
/** The state of an expectation as the public could know it on a day, and for how many days it was overdue. */
function stood(e, day) {
  const { latest } = bounds(e.window);
  const came = e.round ? agreed(e.round).filter(a => a.since <= day && a.on >= e.said).map(a => a.on).sort()[0] : undefined;
  if (came) return [e.window, came <= latest ? 'MET' : 'MISSED', null];
  return [e.window, 'OPEN', latest < day ? daysBetween(latest, day) : null];
}
const known = day => rows(voiced.filter(e => e.since <= day).map(e => stood(e, day)));
const told = a => rows(a.claims.nodes.map(c => [c.expectedIn.edtf, c.outcome.state, c.outcome.daysOverdue]));

export const answers = {
  // 2025-06-23-eu18-expected-by-month-end, and the next attempt of 2025-07-09-eu18-coreper-blocked; agreed on 18 July.
  'expectations-on-10-july': {
    answer: d => [d.then, d.later].map(told),
    expected: () => ['2025-07-10', '2025-07-18'].map(known),
  },
  // 2025-08-18-merz-two-weeks, 2025-08-18-zelensky-guarantees-7-10-days, 2025-09-04-us-support-in-coming-days.
  'overdue-on-1-october': {
    answer: d => told(d.asOf),
    expected: () => known('2025-10-01'),
  },
  // 2025-08-18-merz-two-weeks: said on 18 August, published on the 19th; the window closed on 1 September.
  'merz-before-and-after-his-window': {
    answer: d => [d.unsaid, d.said, d.past].map(a => a.party?.trackRecord && [a.party.trackRecord.open, a.party.trackRecord.overdue]),
    expected: () => ['2025-08-18', '2025-08-31', '2025-09-15'].map(day => {
      const his = voiced.filter(e => e.speaker === 'Friedrich Merz' && e.since <= day).map(e => stood(e, day));
      return [his.filter(([, state]) => state === 'OPEN').length, his.filter(([,, days]) => days !== null).length];
    }),
  },
  // 2025-06-23-eu18-expected-by-month-end, 2025-07-09-eu18-coreper-blocked: both settled by the agreement of 18 July.
  'settled-on-18-july': {
    answer: d => rows(d.changes.nodes.flatMap(n => n.changes.nodes.map(c => [n.dossier.expectedIn.edtf, ...[c.before, c.after].map(v => v[0].value.split(',')[0])]))),
    expected: () => rows(voiced.filter(e => e.since <= '2025-07-17').flatMap(e => {
      const [before, after] = ['2025-07-17', '2025-07-18'].map(day => stood(e, day)[1]);
      return before === after ? [] : [[e.window, before, after]];
    })),
  },
  // 2025-08-18-zelensky-guarantees-7-10-days, 2025-08-18-merz-two-weeks; the deadline of 2025-07-23-ukraine-proposes-summit-august.
  'fortnight-from-20-august': {
    answer: ({ asOf: { upcoming: u } }) => [u.certain, u.possible].map(items => rows(items.map(i => [i.kind, i.when.edtf, i.summary]))),
    expected: () => {
      const [from, until] = ['2025-08-20', '2025-09-03'];
      const ahead = [
        ...voiced.filter(e => e.since <= from && stood(e, from)[1] === 'OPEN').map(e => ['EXPECTATION', e.window, e.summary]),
        ...year.filter(e => e.deadline && by(from)(e)).map(e => ['DEADLINE', e.deadline, e.summary]),
        ...ofYear('meeting_scheduled').filter(by(from)).map(e => ['MEETING', e.scheduled_for, e.summary]),
      ].map(item => ({ item, ...bounds(item[1]) })).filter(a => a.latest === null || a.latest >= from).filter(a => a.earliest <= until);
      const sure = a => a.earliest >= from && a.latest !== null && a.latest <= until;
      return [ahead.filter(sure), ahead.filter(a => !sure(a))].map(found => rows(found.map(a => a.item)));
    },
  },
  // 2025-12-09-revised-plan-to-us-promised, and 2025-12-10-20-points-still-finalised, which corrects it a day later.
  'promise-of-9-december-by-day': {
    answer: d => [d.before, d.day, d.after].map(a => a.claim && [a.claim.outcome.daysOverdue, rows(a.claim.links.nodes.map(l => l.link))]),
    expected: () => ['2025-12-08', '2025-12-09', '2025-12-10'].map(day => {
      const said = voiced.find(e => e.summary === event('2025-12-09-revised-plan-to-us-promised').summary);
      const links = year.filter(by(day)).flatMap(e => (e.links ?? []).filter(l => l.target === '2025-12-09-revised-plan-to-us-promised').map(l => l.rel.toUpperCase()));
      return said.since <= day ? [stood(said, day)[2], rows(links)] : null;
    }),
  },
};
