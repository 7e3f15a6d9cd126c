// Expected answers about other senders, mirrors, acts between the rounds, and the phrases of dates.
import { bounds, list, round, rounds, rows, sorted, year } from './facts.mjs';

const SENDERS = { UK: 'gb', 'UK+US': 'gb+us', 'G7+AU': 'au+g7', G7: 'g7', CH: 'ch', UA: 'ua' };
const others = rounds.other_senders;
const senders = r => sorted(r.senders.map(s => s.slug)).join('+');
const days = r => r.path.map(p => p.reachedOn.edtf);
const theEu = r => senders(r) === 'eu';

export const answers = {
  'by-sender': {
    answer: d => rows(d.rounds.nodes.filter(r => !theEu(r)).map(r => [senders(r), r.title, r.path.at(-1).reachedOn.edtf])),
    expected: () => rows([
      ...others.map(o => [SENDERS[o.sender], o.title, o.edtf]),
      ...year.filter(e => e.regime).map(e => [e.regime.toLowerCase(), 'US sanctions on Rosneft and Lukoil', e.date]),
    ]),
  },
  'swiss-mirrors': {
    answer: d => rows(d.rounds.nodes.filter(r => senders(r) === 'ch').map(r => [r.path[0].reachedOn.edtf,
      sorted(new Set(r.mirrors.flatMap(m => m.of.map(o => o.slug)))), sorted(r.mirrors.map(m => m.lagDays).filter(Boolean)),
      r.mirrors.some(m => m.extent === 'PARTIAL')])),
    expected: () => rows(others.filter(o => o.sender === 'CH').map(o => [o.edtf, sorted(o.mirrors),
      sorted(typeof o.lag_days === 'object' ? Object.values(o.lag_days) : list(o.lag_days)), o.partial ?? false])),
  },
  'who-mirrored-the-first': {
    answer: d => rows(d.round.mirroredBy.map(r => [senders(r), r.title, days(r)])),
    expected: () => rows(others.filter(o => list(o.mirrors).includes('eu-ru-01')).map(o => [SENDERS[o.sender], o.title, [o.edtf]])),
  },
  'joint-senders': {
    answer: d => rows(d.rounds.nodes.filter(r => r.senders.length > 1).map(r => [senders(r), r.title, r.path[0].reachedOn.edtf, r.mirrors.some(m => m.coordinated)])),
    expected: () => rows(others.filter(o => o.sender.includes('+')).map(o => [SENDERS[o.sender], o.title, o.edtf, o.coordinated ?? false])),
  },
  'unissued-draft': {
    answer: d => [d.round.title, d.round.stage, days(d.round)],
    expected: () => {
      const draft = others.find(o => o.note?.includes('unissued drafts'));
      return [draft.title, 'IN_PREPARATION', [draft.edtf]];
    },
  },
  'mirror-by-rule': {
    answer: d => [d.round.title, d.round.mirrors.map(m => [m.rule, m.dueDays]), days(d.round)],
    expected: () => {
      const decree = others.find(o => o.rule);
      return [decree.title, [[decree.rule, decree.days]], [decree.edtf]];
    },
  },
  'acts-between-rounds': {
    answer: d => rows(d.acts.nodes.filter(a => a.rounds.length === 0 && a.adoptedOn).map(a => [a.title, a.actKind, a.adoptedOn.edtf])),
    expected: () => rows(rounds.between_packages.map(a => [a.title, a.kind === 'renewal' ? 'RENEWAL' : 'LISTING', a.edtf])),
  },
  'date-phrases': {
    answer: d => rows(d.happenings.nodes.filter(h => h.slug.startsWith('date-phrase-'))
      .map(({ happenedOn: on }) => [on.phrase, on.edtf])),
    expected: () => rows(rounds.date_phrases.map(p => [p.text, p.edtf])),
  },
  'bounds-of-phrases': {
    answer: d => rows(d.happenings.nodes.filter(h => h.slug.startsWith('date-phrase-') && /bounds|one of|deadline|phased|placeholder/.test(h.summary))
      .map(({ happenedOn: on }) => [on.phrase, on.earliest, on.latest])),
    expected: () => rows(rounds.date_phrases.filter(p => /bounds|one of|deadline|phased|placeholder/.test(p.note)).map(p => {
      const qualifier = /qualifier (\w+)/.exec(p.note)?.[1];
      const { earliest, latest } = bounds(p.edtf, qualifier);
      return [p.text, earliest, latest];
    })),
  },
};
