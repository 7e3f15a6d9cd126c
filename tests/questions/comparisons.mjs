// Expected answers that set rounds against one another, against deadlines and against those of other senders.
import { bounds, daysBetween, list, median, round, rounds, rows, stagesOf, year } from './facts.mjs';
import { euRounds, fromProposalToAdoption } from './rounds.mjs';

const range = (from, to) => ({ least: daysBetween(from.latest, to.earliest), most: daysBetween(from.earliest, to.latest) });
const swiss = rounds.other_senders.filter(o => o.sender === 'CH');
/** Days by which "about" widens a day, as docs/time.md says. */
const ABOUT = 3;
const inYear = (number, stage) => year.filter(e => e.package === number && e.stage === stage).map(e => bounds(e.date));

export const answers = {
  'rounds-ranked': {
    answer: ({ roundComparison: c }) => [c.count, c.least, c.most, c.median, c.rows.map(r => r.days.most), rows(c.rows.map(r => [r.round.slug, r.days]))],
    expected: () => {
      const found = euRounds.map(r => [r.id, fromProposalToAdoption(r)]).filter(([, days]) => days);
      const of = end => found.map(([, days]) => days[end]);
      return [found.length, Math.min(...of('least')), Math.max(...of('most')), { least: median(of('least')), most: median(of('most')) },
        of('most').toSorted((a, b) => a - b), rows(found)];
    },
  },
  'swiss-lag': {
    answer: ({ alignmentLag: l }) => [l.n, l.least, l.most, l.median,
      rows(l.alignments.map(a => [a.of.slug, a.days, a.statedDays, a.agrees]))],
    expected: () => {
      const pairs = swiss.flatMap(o => list(o.mirrors).map(of => {
        const stated = typeof o.lag_days === 'object' ? o.lag_days[of] : o.lag_days ?? null;
        const days = range(bounds(stagesOf(of, 'adopted')[0].edtf), bounds(o.edtf));
        return [of, days, stated, stated === null ? null : stated >= days.least && stated <= days.most];
      }));
      const of = end => pairs.map(([, days]) => days[end]);
      return [pairs.length, Math.min(...of('least')), Math.max(...of('most')), { least: median(of('least')), most: median(of('most')) }, rows(pairs)];
    },
  },
  'how-long-for-the-20th': {
    answer: ({ round: { stage, forecast: f } }) => [stage, f.from, f.n, f.least, f.most, f.median.least, f.earliest, f.latest, f.sample.rows.map(r => [r.round.number, r.days])],
    expected: () => {
      const sample = [19, ...rounds.packages.map(p => +p.number)].map(number => {
        const id = rounds.packages.find(p => +p.number === number)?.id;
        const stage = (name, raw) => [...inYear(number, raw), ...(id ? round(id).stages.filter(s => s.stage === raw).map(s => bounds(s.edtf)) : [])];
        const [from, to] = [stage('from', 'in_preparation'), stage('to', 'proposed')];
        return from.length && to.length ? [number, range(from[0], to[0])] : null;
      }).filter(Boolean);
      const from = '2026-01-06';
      const plus = days => new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);
      const [[, { least, most }]] = sample;
      return ['IN_PREPARATION', 'IN_PREPARATION', sample.length, least, most, least, plus(least), plus(most), sample];
    },
  },
  'deadlines-of-procedures': {
    answer: d => rows(d.rounds.nodes.flatMap(r => r.planned.filter(p => p.kind === 'DEADLINE').map(p => [r.slug, p.stage, p.plannedFor.edtf, p.state, p.slip]))),
    expected: () => {
      const written = rounds.packages.flatMap(p => p.stages.filter(s => /^deadline/.test(s.note ?? '')).map(s => {
        const day = bounds(s.edtf).latest;
        return [p.id, day, bounds(stagesOf(p.id, 'adopted')[0].edtf)];
      }));
      const in2025 = year.filter(e => e.package && /written procedure .* runs until/.test(e.summary)).map(e => [`eu-ru-${e.package}`,
        `${e.date.slice(0, 8)}${/until [\d:]+ on (\d+) /.exec(e.summary)[1]}`, inYear(e.package, 'adopted')[0]]);
      return rows([...written, ...in2025].map(([id, day, adopted]) => {
        const slip = { least: daysBetween(day, adopted.earliest), most: daysBetween(day, adopted.latest) };
        return [id, 'ADOPTED', day, slip.most <= 0 ? 'MET' : 'MISSED', slip];
      }));
    },
  },
  'how-long-slovakia-held': {
    answer: d => rows(d.rounds.nodes.filter(r => r.number >= 18).flatMap(r => r.path.map(p => [r.number, p.reachedOn.edtf, p.heldFor]))),
    expected: () => {
      const lifted = { 18: stagesOf('eu-ru-18', 'veto_lifted')[0].edtf, 19: year.find(e => /reservation lifted by Slovakia/.test(e.summary)).date };
      const blocks = [
        ...stagesOf('eu-ru-18', 'blocked').map(s => [18, s.edtf]),
        ...year.filter(e => e.stage === 'blocked').map(e => [e.package, e.date]),
      ];
      const each = [...new Map(blocks.map(b => [JSON.stringify(b), b])).values()];
      return rows(each.map(([number, edtf]) => {
        const { earliest, latest } = bounds(edtf);
        const margin = edtf.endsWith('~') ? ABOUT : 0;
        return [number, edtf, { least: daysBetween(latest, lifted[number]) - margin, most: daysBetween(earliest, lifted[number]) + margin }];
      }));
    },
  },
};
