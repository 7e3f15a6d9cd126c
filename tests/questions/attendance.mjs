// Expected answers about who stayed away, who met whom, and how meetings are numbered.
import { bounds, list, named, ofKind, ofYear, paris, rows, sorted, year } from './facts.mjs';

const held = [...ofYear('meeting_held', 'call_held'), ...ofKind('meeting_held')];
const ofSeries = series => year.filter(e => e.series === series);
const inPerson = e => list(e.participants).filter(p => p.mode === 'in_person').map(p => named(p.name));

export const answers = {
  absences: {
    answer: d => rows(d.parties.nodes.flatMap(p => p.absences.nodes
      .map(a => [a.meeting.heldOn !== null, (a.meeting.heldOn ?? a.meeting.plannedFor).edtf, a.attendance.party.name, a.attendance.mode, a.reason]))),
    expected: () => rows([
      ...[...held, ...ofYear('meeting_cancelled', 'meeting_postponed')].flatMap(e => list(e.participants)
        .filter(p => p.mode === 'absent').map(p => [held.includes(e), e.previous_schedule ?? e.date, named(p.name), 'ABSENT', p.reason ?? null])),
      ...paris.filter(f => f.kind === 'participation' && f.mode === 'absent').map(f => [true, f.date, f.actor, 'ABSENT', null]),
    ]),
  },
  'whom-zelenskyy-met': {
    answer: ({ party: { metWith: m } }) => [m.totalCount, rows(m.nodes.map(n => [n.party.name, n.count, n.modes, n.meetings.earliest, n.meetings.latest])),
      m.nodes.map(n => n.count)],
    expected: () => {
      const his = held.filter(e => inPerson(e).includes('Volodymyr Zelenskyy'));
      const others = sorted(new Set(his.flatMap(inPerson).filter(name => name !== 'Volodymyr Zelenskyy')));
      const met = others.map(name => {
        const days = his.filter(e => inPerson(e).includes(name)).map(e => bounds(e.date));
        return [name, days.length, [{ mode: 'IN_PERSON', count: days.length }], sorted(days.map(d => d.earliest))[0], sorted(days.map(d => d.latest)).at(-1)];
      });
      return [met.length, rows(met), met.map(m => m[1]).toSorted((a, b) => b - a)];
    },
  },
  'numbers-of-series': {
    answer: d => Object.fromEntries(d.series.nodes.map(({ slug, numbering: n }) => [slug, [
      n.numbers.map(b => [b.number, b.meetings.map(m => m.heldOn.edtf)]), n.missing, n.claimedTwice, sorted(n.unnumbered.map(m => m.heldOn.edtf)),
    ]])),
    expected: () => {
      const rounds = ofSeries('istanbul_direct_talks').map(e => [e.round, [e.date]]);
      const summits = ofSeries('coalition_summit');
      return { 'istanbul-direct-talks': [rounds, [], [], []], 'coalition-summit': [[], [], [], sorted(summits.map(e => e.date))] };
    },
  },
};
