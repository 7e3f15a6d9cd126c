// Expected answers about people and states: roles over time, spellings, and what is not on record.
import { bounds, country, event, named, ofKind, ofYear, once, paris, rounds, rows, sorted, year } from './facts.mjs';

const found = hits => hits.nodes.map(n => n.dossier.title)[0];

export const answers = {
  'role-of-umerov': {
    answer: d => rows(d.party.role.map(r => [r.title, r.certainty])),
    expected: () => {
      const roles = ofKind('role').filter(f => f.actor === 'Rustem Umerov').map(f => [f.role, f.date === '2026-01-06']);
      const became = event('2025-11-28-yermak-resigns').participants.filter(p => p.name === 'Rustem Umerov')
        .map(p => [/^becomes (.+)$/.exec(p.role)[1], false]);
      const told = [...roles, ...became];
      return rows(told.map(([role]) => [role, told.some(([other, sure]) => other === role && sure) ? 'SURELY' : 'POSSIBLY']));
    },
  },
  'roles-of-umerov': {
    answer: ({ party: p }) => ['first', 'between', 'third', 'december'].map(day =>
      once(p[day].map(r => [r.role, r.nearness, r.of.slug, r.entry.when.edtf]))).concat([p.unknown.map(r => r.nearness)]),
    expected: () => {
      const told = year.filter(e => e.kind !== 'meeting_scheduled').flatMap(e => e.participants
        .filter(p => p.name === 'Rustem Umerov').map(p => ({ ...bounds(e.date), row: nearness => [p.role, nearness, country(p.party), e.date] })));
      const on = day => {
        const that = told.filter(t => t.earliest <= day && day <= t.latest);
        if (that.length) return once(that.map(t => t.row('ON_THE_DAY')));
        const last = sorted(told.filter(t => t.latest < day).map(t => t.latest)).at(-1);
        const first = sorted(told.filter(t => t.earliest > day).map(t => t.earliest))[0];
        return once([...told.filter(t => t.latest === last).map(t => t.row('BEFORE')), ...told.filter(t => t.earliest === first).map(t => t.row('AFTER'))]);
      };
      return [...['2025-05-16', '2025-07-01', '2025-07-23', '2025-12-05'].map(on), told.filter(t => t.earliest === '2025-03-11').map(() => 'AFTER')];
    },
  },
  'chief-negotiator-changes': {
    answer: d => [
      d.happening.happeningKind, d.happening.happenedOn.edtf, rows(d.happening.participants.map(p => [p.party.name, p.role])),
      d.out.offices.filter(o => o.until).map(o => [o.title, o.until.edtf]), d.in.offices.filter(o => o.from).map(o => [o.title, o.from.edtf]),
    ],
    expected: () => {
      const change = event('2025-11-28-yermak-resigns');
      const role = (name, pattern) => change.participants.filter(p => p.name === name).map(p => [pattern.exec(p.role)[1], change.date]);
      return ['PERSONNEL_CHANGE', change.date, rows(change.participants.map(p => [p.name, p.role])),
        role('Andriy Yermak', /^(.+), leaves$/), role('Rustem Umerov', /^becomes (.+)$/)];
    },
  },
  'one-man-many-spellings': {
    answer: d => ['a', 'b', 'c', 'd', 'e'].map(key => found(d[key])),
    expected: () => Array(5).fill(named('Volodymyr Zelensky')),
  },
  'spellings-met-everywhere': {
    answer: d => {
      const at = (m, list) => m[list].some(p => p.party.slug === 'volodymyr-zelenskyy');
      return ['present', 'absent'].map(list => sorted(d.meetings.nodes.filter(m => at(m, list)).map(m => m.heldOn.edtf)));
    },
    expected: () => {
      const held = [...ofYear('meeting_held', 'call_held'), ...paris.filter(f => f.kind === 'meeting_held')];
      const his = (f, absent) => (f.participants ?? []).some(p => named(p.name) === 'Volodymyr Zelenskyy' && (p.mode === 'absent') === absent);
      return [false, true].map(absent => sorted(held.filter(f => his(f, absent)).map(f => f.date)));
    },
  },
  'no-record': {
    answer: d => [d.meeting, d.round, d.plan, d.party, d.putin.role, d.oslo.totalCount],
    expected: () => [null, null, null, null, [], [...paris, ...year].filter(f => JSON.stringify(f).includes('Oslo')).length],
  },
  'greece-and-britain': {
    answer: d => [d.greece.country, d.britain.country, d.britain.aliases.includes('UK')],
    expected: () => {
      const codes = rounds.packages.flatMap(p => p.stages.flatMap(s => [...(s.by ?? []), ...(s.concerns ?? [])]));
      return [...['EL', 'UK'].map(c => country(c).toUpperCase()), codes.includes('EL')];
    },
  },
};
