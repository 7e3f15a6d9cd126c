// Expected answers about where things stood as of other days: rounds by stage, meetings by who and whether, positions, plans and claims.
import { bounds, country, event, linkedTo, list, named, ofYear, once, rounds, rows, sorted, stagesOf, verified, year } from './facts.mjs';
import { by } from './clocks.mjs';

const held = ofYear('meeting_held', 'call_held');
const THERE = ['in_person', 'online', 'phone', 'unknown'];
const together = (...people) => held.filter(e => people.every(name => list(e.participants).some(p => named(p.name) === name && THERE.includes(p.mode ?? 'unknown'))));
const dates = facts => sorted(facts.map(e => e.date));
const days = nodes => sorted(nodes.map(m => m.heldOn.edtf));
const STAGES = { in_preparation: 'IN_PREPARATION', proposed: 'PROPOSED', blocked: 'BLOCKED', agreed: 'AGREED', adopted: 'ADOPTED' };

export const answers = {
  // 2025-08-12-eu19-preparation, 2025-09-19-eu19-proposed and 2025-09-26-eu19-blocked-slovakia (both told on 26 September),
  // 2025-10-22-eu19-slovakia-lifts-veto (told on the 23rd), 2025-10-23-eu19-adopted.
  'nineteenth-by-day': {
    answer: d => [d.before, d.proposed, d.eve, d.told, d.lifted, d.adopted].map(a => a.round?.stage ?? null),
    expected: () => ['2025-08-11', '2025-09-20', '2025-09-25', '2025-09-26', '2025-10-22', '2025-10-23'].map(day => {
      const known = year.filter(e => e.package === 19 && e.stage && by(day)(e));
      return STAGES[known.toSorted((a, b) => a.date.localeCompare(b.date)).at(-1)?.stage] ?? null;
    }),
  },
  // Of the rounds' file no source is dated: 2025-06-10-eu18-proposed, 2025-07-09-eu18-coreper-blocked, 2025-07-16-eu18-coreper-blocked-again,
  // 2025-07-18-eu18-adopted are left where only dated sources count.
  'eighteenth-by-dated-sources': {
    answer: d => [d.dated, d.all].map(a => once(a.round.path.filter(p => Object.values(STAGES).includes(p.stage)).map(p => [p.stage, p.reachedOn.edtf]))),
    expected: () => {
      const day = '2025-07-31';
      const dated = year.filter(e => e.package === 18 && STAGES[e.stage] && e.sources.some(s => s.published) && by(day)(e)).map(e => [STAGES[e.stage], e.date]);
      const assumed = stagesOf('eu-ru-18', ...Object.keys(STAGES), 'political_agreement').filter(s => bounds(s.edtf, s.qualifier).latest <= day)
        .map(s => [STAGES[s.stage] ?? 'AGREED', s.edtf]);
      return [once(dated), once([...dated, ...assumed])];
    },
  },
  // Every round of the rounds' file by its number: without a dated source, none of the first seventeen is known at all.
  'rounds-by-dated-sources': {
    answer: d => [d.dated, d.all].map(a => sorted(a.rounds.nodes.map(r => r.number).filter(Boolean).map(String))),
    expected: () => {
      const day = '2025-07-31';
      const dated = [...new Set(year.filter(e => e.package && (e.stage || e.expected) && by(day)(e)).map(e => String(e.package)))];
      const told = rounds.packages.filter(p => p.stages.some(s => verified(s) && bounds(s.edtf, s.qualifier).latest <= day)).map(p => p.number).filter(n => +n);
      return [sorted(dated), sorted(new Set([...dated, ...told]))];
    },
  },
  // 2025-04-25-moscow-putin-witkoff, 2025-08-06-moscow-putin-witkoff; 2025-12-02-moscow-putin-witkoff-kushner came later.
  'witkoff-and-putin-by-august': {
    answer: d => [d.then, d].map(a => [a.meetings.totalCount, days(a.meetings.nodes)]),
    expected: () => {
      const met = together('Steve Witkoff', 'Vladimir Putin');
      return [met.filter(by('2025-08-31')), met].map(found => [found.length, dates(found)]);
    },
  },
  // year.series coalition_summit: 2025-09-04-paris-coalition-summit and later ones were not held yet.
  'coalition-summits-by-august': {
    answer: d => [d.then, d].map(a => [a.meetings.totalCount, days(a.meetings.nodes)]),
    expected: () => {
      const summits = year.filter(e => e.series === 'coalition_summit');
      return [summits.filter(by('2025-08-31')), summits].map(found => [found.length, dates(found)]);
    },
  },
  // 2025-04-23-london-ministerial-scheduled and -cancelled: both first published on 23 April.
  'london-ministerial-by-day': {
    answer: d => [d.before, d.day].map(a => a.meeting && [a.meeting.state, a.meeting.moves.map(m => m.state)]),
    expected: () => ['2025-04-22', '2025-04-23'].map(day => {
      const moves = [event('2025-04-23-london-ministerial-scheduled'), ...linkedTo('2025-04-23-london-ministerial-scheduled', 'cancels')].filter(by(day));
      const states = moves.map(e => e.kind.split('_')[1].toUpperCase());
      return states.length ? [states.at(-1), states] : null;
    }),
  },
  // 2025-06-03-kremlin-no-leaders-summit-soon: the issue is no record before.
  'leaders-meeting-by-day': {
    answer: d => [d.before, d.day].map(a => rows(a.issue?.positions.nodes.map(p => [p.takenOn.edtf, p.summary]) ?? [])),
    expected: () => ['2025-06-02', '2025-06-03'].map(day => rows(ofYear('position_taken').filter(e => e.topics.includes('leaders_summit') && by(day)(e)).map(e => [e.date, e.summary]))),
  },
  // 2025-03-11-ukraine-accepts-30-day-ceasefire and 2025-03-25-kremlin-conditions-black-sea; on the plant nothing before
  // 2025-12-11-claim-znpp-us-run and 2025-12-23-position-znpp-ukraine and -us, so that it is no record.
  'positions-on-a-spring-day': {
    answer: d => [rows(d.then.issues.nodes.flatMap(i => i.positions.nodes.map(p => [p.takenOn.edtf, p.summary]))), d.then.issue !== null, d.now.issue !== null],
    expected: () => {
      const on = day => ofYear('position_taken').filter(by(day));
      const plant = day => on(day).some(e => e.topics.includes('znpp'));
      return [rows(on('2025-04-15').map(e => [e.date, e.summary])), plant('2025-04-15'), plant('2026-01-06')];
    },
  },
  // 2025-12-29-lavrov-valdai-claim; -mod-drone-count and -zelensky-denies-valdai of the same day; 2025-12-31-cia-no-attack, told on 1 January.
  'valdai-by-day': {
    answer: d => [d.eve, d.day, d.year].map(a => a.claim && rows(a.claim.links.nodes.map(l => [l.link, l.from.dossier.summary]))),
    expected: () => ['2025-12-28', '2025-12-31', '2026-01-01'].map(day => {
      const id = '2025-12-29-lavrov-valdai-claim';
      const links = linkedTo(id, 'contradicts', 'corrects').filter(by(day)).map(e => [e.links.find(l => l.target === id).rel.toUpperCase(), e.summary]);
      return by(day)(event(id)) ? rows(links) : null;
    }),
  },
  // Commitments by GB: 2025-03-02-uk-export-finance-air-defence, 2025-03-27-fr-gb-military-mission, 2025-11-25-guarantee-task-force.
  'commitments-of-britain-in-spring': {
    answer: d => [d.then, d.later].map(a => rows(a.commitments.nodes.map(c => c.summary))),
    expected: () => ['2025-03-26', '2025-12-31'].map(day => rows(year.filter(e => list(e.commitment?.by).map(country).includes('gb') && by(day)(e)).map(e => e.summary))),
  },
};
