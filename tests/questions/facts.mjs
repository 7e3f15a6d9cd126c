// The raw facts, as the expected answers are computed from them: nothing here knows the product.
import { readFileSync } from 'node:fs';

const load = name => JSON.parse(readFileSync(new URL(`../../fixtures/facts/${name}.json`, import.meta.url), 'utf8'));

export const paris = load('paris-report-2026-01-06').facts;

export const fact = id => {
  const found = paris.find(f => f.id === `seed:${id}`);
  if (!found) throw new Error(`no fact seed:${id}`);
  return found;
};
export const ofKind = kind => paris.filter(f => f.kind === kind);
/** What a fact gives as one or as several. */
export const list = value => (value === undefined || value === null ? [] : [value].flat());
export const sorted = values => [...values].sort();
