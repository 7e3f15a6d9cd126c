// Expected answers about people, issues, commitments, plans and claims as of other days; and as of positions in the log.
import { readFileSync, readdirSync } from 'node:fs';
import { bounds, country, event, linkedTo, list, named, ofYear, paris, rows, sorted, summaries, year } from './facts.mjs';
import { by, publicOn } from './clocks.mjs';

const REPORT = '2026-01-06';
const SWITCH = '2025-11-28-yermak-resigns';
/** The commitments of both files, with the day from which on each was public. */
const commitments = [
  ...year.filter(e => e.commitment).map(e => ({ ...e, since: publicOn(e) })),
  ...paris.filter(f => f.kind === 'commitment').map(f => ({ ...f, since: REPORT })),
];
const who = f => list(f.commitment.by).map(p => (p.length === 2 ? country(p) : p));
const until = day => f => f.since <= day;
const told = a => rows(a.commitments.nodes.map(c => c.summary));

/** The commands that the demo records, in the order of their positions: one line, one event. */
const commands = new URL('../../fixtures/commands/', import.meta.url);
const files = readdirSync(commands).sort();
const lines = files.map(file => readFileSync(new URL(file, commands), 'utf8').trim().split('\n').map(JSON.parse));
const after = last => lines.slice(0, files.findIndex(file => file.startsWith(last)) + 1).flat();
const opened = recorded => sorted(recorded.filter(c => c.openRound).map(c => c.openRound.slug));

export const answers = {
  // 2025-11-28-yermak-resigns, published on the day itself or later.
  'negotiator-known-on-the-eve': {
    answer: d => [d.eve, d.after].map(a => a.party?.offices.filter(o => o.from).map(o => [o.title, o.from.edtf]) ?? []),
    expected: () => {
      const change = event(SWITCH);
      const became = change.participants.filter(p => p.name === 'Rustem Umerov').map(p => [/^becomes (.+)$/.exec(p.role)[1], change.date]);
      return ['2025-11-27', '2025-11-30'].map(day => (by(day)(change) ? became : []));
    },
  },
  // 2025-12-23-position-znpp-ukraine and -us: both first published on 24 December.
  'plant-positions-on-two-days': {
    answer: d => [d.before, d.after].map(a => rows(a.issue?.positions.nodes.map(p => [p.by.map(b => b.slug), p.summary]) ?? [])),
    expected: () => ['2025-12-23', '2025-12-24'].map(day => rows(ofYear('position_taken').filter(e => e.topics.includes('znpp') && by(day)(e))
      .map(e => [sorted(e.participants.map(p => country(p.party))), e.summary]))),
  },
  'commitments-of-france-by-september': {
    answer: d => [d.then, d].map(told),
    expected: () => {
      const all = commitments.filter(f => who(f).includes('fr'));
      return [all.filter(until('2025-09-30')), all].map(facts => rows(facts.map(f => f.summary)));
    },
  },
  // The report of 6 January 2026 alone rests commitments on nobody with a name.
  'anonymous-commitments-on-the-eve': {
    answer: d => [d.eve, d.day].map(told),
    expected: () => ['2026-01-05', REPORT].map(day => rows(commitments.filter(f => f.attribution?.anonymous).filter(until(day)).map(f => f.summary))),
  },
  // us-plan/28, /19 and /20 as the first fact on each was published.
  'versions-of-the-us-plan-by-day': {
    answer: d => [d.first, d.second, d.third].map(a => [sorted(a.plan?.versions.map(v => v.version) ?? []), a.plan?.planVersion ?? null]),
    expected: () => ['2025-11-17', '2025-11-21', '2025-11-24'].map(day => {
      const known = year.filter(e => e.document?.startsWith('us-plan/') && by(day)(e)).map(e => e.document.split('/')[1]);
      return [sorted(new Set(known)), null];
    }),
  },
  // 2025-11-23-claim-19-points and what contradicts it, on the 27th.
  'points-compete-from-the-27th': {
    answer: d => [d.before, d.after].map(a => a.contradictions.nodes.map(n => rows(n.values.map(v => v.quantities.find(q => q.what === 'points').value)))),
    expected: () => ['2025-11-26', '2025-11-27'].map(day => {
      const facts = [event('2025-11-23-claim-19-points'), ...linkedTo('2025-11-23-claim-19-points', 'contradicts')].filter(by(day));
      return facts.length > 1 ? [rows(facts.map(e => e.quantities.find(q => q.what === 'points').value))] : [];
    }),
  },
  // Exchanges of prisoners: surely, possibly, and what cites something dated; every source of these bears a date.
  'exchanges-by-may-surely-and-possibly': {
    answer: d => [d.surely, d.possibly, d.dated].map(a => rows(a.timeline.nodes.map(n => n.summary))),
    expected: () => {
      const exchanges = year.filter(e => e.kind === 'prisoner_exchange');
      const first = e => sorted(list(e.sources).map(s => s.published).filter(Boolean).map(date => bounds(date).earliest))[0];
      return [exchanges.filter(by('2025-05-31')), exchanges.filter(e => first(e) <= '2025-05-31'), exchanges.filter(by('2025-05-31'))]
        .map(facts => rows(facts.map(e => e.summary)));
    },
  },
  'nothing-before-the-first-record': {
    answer: d => [d.asOf.round, d.asOf.dossier, d.asOf.timeline.totalCount, d.asOf.rounds.totalCount, d.asOf.search.totalCount, d.asOf.upcoming.certain],
    expected: () => [null, null, 0, 0, 0, []],
  },
  // The commands of files 01 to 04, and all of them.
  'rounds-recorded-by-then': {
    answer: d => [d.asOf.moment, sorted(d.asOf.rounds.nodes.map(r => r.slug)), sorted(d.rounds.nodes.map(r => r.slug))],
    expected: () => [`recorded:${after('04').length}`, opened(after('04')), opened(after('16'))],
  },
  'recorded-in-the-last-files': {
    answer: d => rows(d.changes.nodes.filter(n => n.isNew && n.dossier.kind === 'COMMITMENT').map(n => n.slug)),
    expected: () => rows(lines.slice(files.findIndex(f => f.startsWith('10'))).flat().filter(c => c.recordCommitment).map(c => c.recordCommitment.slug)),
  },
  // What the desk knew when the rounds were in and the year was not: the nineteenth round was not on record.
  'both-clocks-at-once': {
    answer: d => [d.desk.round, d.public.round?.stage ?? null, d.both.round],
    expected: () => {
      const adopted = year.filter(e => e.package === 19 && e.stage === 'adopted');
      const known = adopted.some(by('2025-10-31'));
      return [after('07').some(c => c.openRound?.slug === 'eu-ru-19') ? {} : null, known ? 'ADOPTED' : null, null];
    },
  },
};
