// The raw facts, as the expected answers are computed from them: nothing here knows the product.
import { readFileSync } from 'node:fs';

const load = name => JSON.parse(readFileSync(new URL(`../../fixtures/facts/${name}.json`, import.meta.url), 'utf8'));
const one = (found, id) => {
  if (!found) throw new Error(`no fact ${id}`);
  return found;
};

/** The 74 facts of the report of 6 January 2026. */
export const paris = load('paris-report-2026-01-06').facts;
export const fact = id => one(paris.find(f => f.id === `seed:${id}`), id);
export const ofKind = kind => paris.filter(f => f.kind === kind);

/** The 169 facts and 5 documents of 2025. */
const diplomacy = load('diplomacy-2025');
export const year = diplomacy.events;
export const event = id => one(year.find(e => e.id === id), id);
export const ofYear = (...kinds) => year.filter(e => kinds.includes(e.kind));
export const document = id => one(diplomacy.documents.find(d => d.id === id), id);
/** The facts of 2025 that are linked to a fact in one of these ways. */
export const linkedTo = (id, ...rels) => year.filter(e => list(e.links).some(l => l.target === id && rels.includes(l.rel)));

/** Eighteen EU rounds with a number and one without, and what other senders did. */
export const rounds = load('eu-rounds-1-18');
export const round = id => one(rounds.packages.find(p => p.id === id), id);
/** What was only remembered is left out of the record. */
export const verified = f => f.source !== 'unverified';
export const stagesOf = (id, ...stages) => round(id).stages.filter(s => verified(s) && stages.includes(s.stage));

/** What a fact gives as one or as several. */
export const list = value => (value === undefined || value === null ? [] : [value].flat());
export const sorted = values => [...values].sort();
export const rows = values => sorted(values.map(v => JSON.stringify(v)));
/** The same, each once. */
export const once = values => sorted(new Set(values.map(v => JSON.stringify(v))));
export const summaries = facts => sorted(facts.map(f => f.summary));

/** Spellings of one name. */
const SAME = { 'Volodymyr Zelensky': 'Volodymyr Zelenskyy' };
export const named = name => SAME[name] ?? name;
/** Country codes as the sources write them: Greece is EL there. */
export const country = code => ({ EL: 'gr', UK: 'gb' })[code] ?? code.toLowerCase();

const DAY = 86_400_000;
export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

/** The first and last day that a date may be: days, months, sets and ranges of them as the facts use them. */
export function bounds(edtf, qualifier) {
  const days = edtf.replace(/[~?]/g, '').match(/\d{4}-\d{2}(-\d{2})?/g);
  const last = month => `${month}-${new Date(Date.UTC(+month.slice(0, 4), +month.slice(5), 0)).getUTCDate()}`;
  const [begins, ends] = { early: ['01', '10'], mid: ['11', '20'], late: ['21', undefined] }[qualifier] ?? ['01', undefined];
  const first = d => (d.length === 7 ? `${d}-${begins}` : d);
  const final = d => (d.length === 7 ? (ends ? `${d}-${ends}` : last(d)) : d);
  return {
    earliest: edtf.startsWith('[..') ? null : first(days[0]),
    latest: edtf.endsWith('..]') ? null : final(days.at(-1)),
  };
}

/** The middle of numbers. */
export const median = values => {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = ordered.length / 2;
  return Number.isInteger(middle) ? (ordered[middle - 1] + ordered[middle]) / 2 : ordered[Math.floor(middle)];
};

/** The outlets that a page repeats, as its publisher's name says, or else the publisher. */
export function origins(publisher) {
  const cited = [/\(?(?:citing|quoting) ([^)]+)\)?$/, /^(.+) via /, /^Metapress \((.+)\)$/].map(form => form.exec(publisher)?.[1]).find(Boolean);
  return cited ? cited.split(', ') : [publisher];
}
