// Expected answers about rounds, expectations and their changes as of other days: a fact counts from the first publication of
// its sources on. The sources of the rounds' own file bear no dates, so there each stage counts from its own date on.
import { bounds, country, event, list, once, rounds, rows, sorted, stagesOf, verified, year } from './facts.mjs';
import { publicOn, by } from './clocks.mjs';

const STAGES = { proposed: 'PROPOSED', blocked: 'BLOCKED', adopted: 'ADOPTED' };
/** The stages of a round that are told in either file, with the day from which on each was public. */
const told = (id, number, ...stages) => [
  ...stagesOf(id, ...stages).map(s => ({ stage: s.stage, edtf: s.edtf, who: list(s.by).map(country), since: bounds(s.edtf, s.qualifier).latest })),
  ...year.filter(e => e.package === number && stages.includes(e.stage))
    .map(e => ({ stage: e.stage, edtf: e.date, who: list(e.blocked_by).map(country), since: publicOn(e) })),
];
const path = stages => once(stages.map(s => [STAGES[s.stage], s.edtf]));
const shown = r => once(r.path.filter(p => Object.values(STAGES).includes(p.stage)).map(p => [p.stage, p.reachedOn.edtf]));
const until = day => s => s.since <= day;
const eighteenth = () => told('eu-ru-18', 18, ...Object.keys(STAGES));
const urls = values => sorted(new Set(values.flatMap(v => v.citations.map(c => c.source.url))));

export const answers = {
  // eu-ru-18 in eu-rounds-1-18; 2025-06-10-eu18-proposed, 2025-07-09-eu18-coreper-blocked, 2025-07-18-eu18-adopted.
  'eighteenth-on-1-july': {
    answer: d => [d.then.round.stage, shown(d.then.round), shown(d.round)],
    expected: () => {
      const known = eighteenth().filter(until('2025-07-01'));
      const last = known.toSorted((a, b) => a.since.localeCompare(b.since)).at(-1);
      return [STAGES[last.stage], path(known), path(eighteenth())];
    },
  },
  // Reported on 9 July at the earliest, so that nobody could cite 10 June for it before; the month was public by itself.
  'proposal-of-the-eighteenth-on-1-july': {
    answer: d => [d.surely, d.later].map(a => rows(a.round.path.map(p => p.reachedOn.edtf))),
    expected: () => ['2025-07-01', '2025-07-09'].map(day => rows(told('eu-ru-18', 18, 'proposed').filter(until(day)).map(s => s.edtf))),
  },
  // Every blocked stage of the rounds' file, and 2025-07-09-eu18-coreper-blocked, 2025-10-08-eu19-… of 2025.
  'who-had-blocked-by-mid-2024': {
    answer: d => [d.then, d].map(a => once(a.rounds.nodes.filter(r => r.senders.some(s => s.slug === 'eu'))
      .flatMap(r => r.path.map(p => [r.slug, p.reachedOn.edtf, sorted(p.by.map(b => b.slug))])))),
    expected: () => {
      const all = [...rounds.packages.map(p => [p.id, +p.number || null]), ['eu-ru-19', 19]]
        .flatMap(([id, number]) => (rounds.packages.some(p => p.id === id)
          ? told(id, number, 'blocked')
          : year.filter(e => e.package === number && e.stage === 'blocked').map(e => ({ edtf: e.date, who: e.blocked_by.map(country), since: publicOn(e) })))
          .map(s => ({ ...s, id })));
      const known = stages => once(stages.map(s => [s.id, s.edtf, sorted(s.who)]));
      return [known(all.filter(until('2024-06-30'))), known(all)];
    },
  },
  // The stages of eu-ru-18 that were first public between 1 and 31 July 2025.
  'what-july-brought-the-eighteenth': {
    answer: d => rows(d.changes.nodes.flatMap(n => n.changes.nodes.flatMap(c => {
      const before = c.before.map(v => v.date.edtf);
      return c.after.filter(v => !before.includes(v.date.edtf)).map(v => [c.subject, v.date.edtf]);
    })).filter(([stage]) => Object.values(STAGES).includes(stage))),
    expected: () => {
      const known = path(eighteenth().filter(until('2025-06-30')));
      return path(eighteenth().filter(until('2025-07-31'))).filter(s => !known.includes(s));
    },
  },
  // adopted of eu-ru-18; 2025-07-18-eu18-adopted.
  'why-adopted-on-18-july': {
    answer: d => [d.round.why.map(v => v.date.edtf), urls(d.round.why), d.round.why.flatMap(v => v.behind.map(b => b.part)).filter(p => p === 'OUTWEIGHED')],
    expected: () => {
      const stages = stagesOf('eu-ru-18', 'adopted');
      const cited = stages.flatMap(s => list(s.source)).map(id => rounds.sources[id].url);
      return [['2025-07-18'], sorted(new Set([...cited, ...event('2025-07-18-eu18-adopted').sources.map(s => s.url)])), []];
    },
  },
  // 2025-06-23-eu18-expected-by-month-end: said and published on 23 June; nobody could say until July that it had failed.
  'expected-by-the-end-of-june': {
    answer: d => [d.before, d.june, d.july].map(a => list(a.claims?.nodes).filter(c => c.expectedIn.edtf === EIGHTEENTH().expected).map(c => c.outcome.state)),
    expected: () => {
      const said = EIGHTEENTH();
      const agreed = [...stagesOf('eu-ru-18', 'political_agreement'), ...stagesOf('eu-ru-18', 'agreed')].map(s => bounds(s.edtf).latest).sort()[0];
      return ['2025-06-22', '2025-06-30', '2025-07-18'].map(day => (publicOn(said) > day ? [] : [agreed <= day && agreed > bounds(said.expected).latest ? 'MISSED' : 'OPEN']));
    },
  },
};
function EIGHTEENTH() {
  return event('2025-06-23-eu18-expected-by-month-end');
}
