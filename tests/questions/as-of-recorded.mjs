// Expected answers as of positions in the log: the lines of fixtures/commands in the order of its files, one line one event.
import { readFileSync, readdirSync } from 'node:fs';
import { once, rows, sorted } from './facts.mjs';

const commands = new URL('../../fixtures/commands/', import.meta.url);
const files = readdirSync(commands).sort().map(file => [file.slice(0, 2), readFileSync(new URL(file, commands), 'utf8').trim().split('\n').map(JSON.parse)]);
/** What was recorded when the file of this number was in, and what this file added. */
const upTo = number => files.filter(([n]) => n <= number).flatMap(([, lines]) => lines);
const only = number => files.filter(([n]) => n === number).flatMap(([, lines]) => lines);
const moment = number => `recorded:${upTo(number).length}`;
const edtf = date => date.edtf ?? date;
const slugs = (lines, ...kinds) => sorted(new Set(lines.flatMap(c => kinds.map(k => c[k]?.slug)).filter(Boolean)));
const STATES = { scheduleMeeting: 'SCHEDULED', cancelMeeting: 'CANCELLED' };
const MEETINGS = ['scheduleMeeting', 'holdMeeting', 'startMeeting', 'postponeMeeting', 'cancelMeeting'];

/** The records that hang together by links of contradiction, as the number of records of each set. */
function sets(lines) {
  const links = lines.map(c => c.linkRecords).filter(l => l?.link === 'CONTRADICTS');
  const found = [];
  for (const { from, to } of links) {
    const met = found.filter(set => set.has(from) || set.has(to));
    for (const set of met) found.splice(found.indexOf(set), 1);
    found.push(new Set([from, to, ...met.flatMap(set => [...set])]));
  }
  return sorted(found.map(set => set.size));
}

export const answers = {
  // recordStage of eu-ru-18 in files 04 and 11.
  'eighteenth-recorded-twice': {
    answer: d => [d.rounds, d.year].map(a => [a.moment, once(a.round.path.map(p => [p.stage, p.reachedOn.edtf]))]),
    expected: () => ['04', '11'].map(file => [moment(file), once(upTo(file).map(c => c.recordStage).filter(s => s?.round === 'eu-ru-18').map(s => [s.stage, edtf(s.reachedOn)]))]),
  },
  // linkRecords CONTRADICTS: those of file 01, and those of file 16.
  'contradictions-before-the-links': {
    answer: d => [d.before, d.after].map(a => [a.moment, sorted(a.contradictions.nodes.map(n => n.values.length))]),
    expected: () => ['15', '16'].map(file => [moment(file), sets(upTo(file))]),
  },
  // The meetings that file 11 is the first to name, and those it adds to.
  'meetings-recorded-with-the-summer': {
    answer: d => [true, false].map(isNew => sorted(d.changes.nodes.filter(n => n.isNew === isNew).map(n => n.slug))),
    expected: () => {
      const known = slugs(upTo('10'), ...MEETINGS);
      const added = slugs(only('11'), ...MEETINGS);
      return [added.filter(s => !known.includes(s)), added.filter(s => known.includes(s))];
    },
  },
  // openRound, recordCommitment, recordClaim and meetings of file 01.
  'known-from-the-first-report': {
    answer: ({ asOf: a }) => [a.moment, ...[a.rounds, a.commitments, a.meetings, a.claims].map(c => sorted(c.nodes.map(n => n.slug)))],
    expected: () => [moment('01'), ...[['openRound'], ['recordCommitment'], MEETINGS, ['recordClaim', 'recordExpectation']].map(kinds => slugs(only('01'), ...kinds))],
  },
  // cancelMeeting budapest-summit-2025 of file 12, and the line before it.
  'budapest-a-record-earlier': {
    answer: d => [d.before, d.after].map(a => [a.moment, a.meeting.state]),
    expected: () => {
      const lines = upTo('16');
      const off = lines.findIndex(c => c.cancelMeeting?.slug === 'budapest-summit-2025');
      const last = count => lines.slice(0, count).findLast(c => MEETINGS.some(k => c[k]?.slug === 'budapest-summit-2025'));
      return [off, off + 1].map(count => [`recorded:${count}`, STATES[Object.keys(last(count))[0]]]);
    },
  },
};
