// Expected answers about meetings as of other days, and about what changed of them.
import { bounds, event, fact, linkedTo, list, named, ofYear, rows, sorted, year } from './facts.mjs';
import { by, publicOn } from './clocks.mjs';

const held = ofYear('meeting_held', 'call_held');
const at = (e, name, modes) => list(e.participants).some(p => named(p.name) === name && modes.includes(p.mode ?? 'unknown'));
const THERE = ['in_person', 'online', 'phone', 'unknown'];
const together = (people, modes = THERE) => held.filter(e => people.every(name => at(e, name, modes)));
const days = nodes => sorted(nodes.map(m => m.heldOn.edtf));
const dates = facts => sorted(facts.map(f => f.date));
const TRUMP_ZELENSKYY = ['Donald Trump', 'Volodymyr Zelenskyy'];

export const answers = {
  // 2025-02-18-riyadh-us-russia and the talks of March in Jeddah and Riyadh.
  'held-in-saudi-arabia-by-1-march': {
    answer: d => [d.then, d].map(a => [a.meetings.totalCount, days(a.meetings.nodes)]),
    expected: () => {
      const there = held.filter(e => e.place?.country === 'SA');
      return [there.filter(by('2025-03-01')), there].map(facts => [facts.length, dates(facts)]);
    },
  },
  // 2025-08-15-alaska-summit was announced on 8 August and held on the 15th; the calls were known as they were reported.
  'trump-and-putin-on-the-eve-of-alaska': {
    answer: d => [d.eve, d.after].map(a => [a.met.totalCount, a.any.count, a.alaska.state]),
    expected: () => ['2025-08-14', '2025-08-16'].map(day => {
      const known = people => together(...people).filter(by(day)).length;
      const was = held.some(e => e.id === '2025-08-15-alaska-summit' && by(day)(e));
      return [known([['Donald Trump', 'Vladimir Putin'], ['in_person']]), known([['Donald Trump', 'Vladimir Putin']]), was ? 'HELD' : 'SCHEDULED'];
    }),
  },
  'first-trump-and-zelenskyy-in-spring': {
    answer: d => [d.then, d].map(a => [a.meetingSummary.count, days(a.meetingSummary.first), days(a.meetingSummary.last)]),
    expected: () => {
      const met = together(TRUMP_ZELENSKYY, ['in_person']);
      return [met.filter(by('2025-03-31')), met].map(facts => [facts.length, [dates(facts)[0]], [dates(facts).at(-1)]]);
    },
  },
  // 2025-10-16-budapest-summit-announced and what cancels it were both first published on 21 October.
  'budapest-on-20-october': {
    answer: d => [d.then, d].map(a => a.meeting && [a.meeting.state, a.meeting.plannedFor.edtf, a.meeting.moves.map(m => m.announcedOn?.edtf ?? null)]),
    expected: () => {
      const announced = event('2025-10-16-budapest-summit-announced');
      return ['2025-10-20', '2026-01-06'].map(day => {
        const off = linkedTo(announced.id, 'cancels').filter(by(day));
        const moves = [announced, ...off].filter(by(day)).map(e => e.date);
        return moves.length ? [off.length ? 'CANCELLED' : 'SCHEDULED', announced.scheduled_for, moves] : null;
      });
    },
  },
  // year.series istanbul_direct_talks: the third was held on 23 July.
  'istanbul-numbers-at-the-end-of-june': {
    answer: d => [d.then, d].map(a => a.series.nodes.find(s => s.numbering.numbers.length > 0).numbering.numbers.map(n => n.number)),
    expected: () => {
      const talks = year.filter(e => e.series === 'istanbul_direct_talks');
      return [talks.filter(by('2025-06-30')), talks].map(facts => facts.map(e => e.round).sort((a, b) => a - b));
    },
  },
  // What was scheduled or expected by 25 November 2025 and not overtaken by what was published until then.
  'fortnight-from-25-november': {
    answer: ({ asOf: { upcoming: u } }) => [u.certain, u.possible].map(items => rows(items.map(i => [i.kind, i.when.edtf, i.summary]))),
    expected: () => {
      const [from, until] = ['2025-11-25', '2025-12-09'];
      const known = by(from);
      const overtaken = e => linkedTo(e.id, 'fulfils', 'reschedules', 'cancels', 'corrects').some(known);
      const ahead = [
        ...ofYear('meeting_scheduled').filter(e => known(e) && !overtaken(e)).map(e => ['MEETING', e.scheduled_for, e.summary]),
        ...year.filter(e => e.expected && known(e) && !overtaken(e)).map(e => ['EXPECTATION', e.expected, e.summary]),
      ].map(item => [...item, bounds(item[1])]);
      const sure = ahead.filter(([,,, b]) => b.earliest >= from && b.latest !== null && b.latest <= until);
      const may = ahead.filter(item => !sure.includes(item) && (item[3].latest === null || item[3].latest >= from) && item[3].earliest <= until);
      return [sure, may].map(items => rows(items.map(item => item.slice(0, 3))));
    },
  },
  // Facts of 2025 that were first public on 27 November: 2025-11-18-white-house-approves-push, 2025-11-27-… on the twenty points.
  'what-27-november-brought': {
    answer: d => rows(d.changes.nodes.filter(n => n.isNew && n.dossier.kind !== 'SOURCE')
      .flatMap(n => n.changes.nodes.filter(c => ['RECORD', 'SUMMARY'].includes(c.field)).flatMap(c => c.after.map(v => v.value)))),
    expected: () => rows(year.filter(e => publicOn(e) === '2025-11-27').map(e => e.summary)),
  },
  // 2025-08-08-alaska-summit-announced, 2025-08-15-alaska-summit: what each changed of the meeting.
  'history-of-alaska': {
    answer: d => d.meeting.history.nodes.map(s => s.changes.find(c => c.field === 'STATE')).filter(Boolean)
      .map(c => [c.before.map(v => v.value), c.after.map(v => v.value)]).filter(([old, now]) => old[0] !== now[0]),
    expected: () => {
      const steps = [event('2025-08-08-alaska-summit-announced'), event('2025-08-15-alaska-summit')];
      const states = steps.map(e => ({ meeting_scheduled: 'SCHEDULED', meeting_held: 'HELD' })[e.kind]);
      return states.map((state, n) => [n ? [states[n - 1]] : [], [state]]);
    },
  },
  // seed:meeting-paris-summit, seed:participation-rubio-unlikely
  'why-rubio-is-shown-absent': {
    answer: d => d.meeting.why.map(v => [v.value, v.citations.map(c => c.locator)]),
    expected: () => {
      const [meeting, apart] = [fact('meeting-paris-summit'), fact('participation-rubio-unlikely')];
      const { mode, role } = meeting.participants.find(p => p.name === apart.actor);
      return [[`${mode.toUpperCase()}, ${role}`, [meeting.locator, apart.locator]]];
    },
  },
};
