// Questions a desk asks, each one GraphQL document answered by one query; what is expected is computed from the raw
// facts by code that knows nothing of the product.
// usage: RAPPORTEUR_URL=http://127.0.0.1:PORT node --test tests/questions/
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import * as paris from './paris.mjs';

const ANSWERS = { ...paris.answers };
const documents = new URL('./documents/', import.meta.url);
const names = readdirSync(documents).map(file => file.replace(/\.graphql$/, '')).sort();

async function ask(query) {
  const response = await fetch(`${process.env.RAPPORTEUR_URL}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query }),
  });
  const body = await response.json();
  assert.equal(body.errors, undefined, JSON.stringify(body.errors));
  return body.data;
}

test('every document has an expected answer, and every expected answer a document', () => {
  assert.deepEqual(Object.keys(ANSWERS).sort(), names);
});

for (const name of names) {
  const query = readFileSync(new URL(`${name}.graphql`, documents), 'utf8');
  const question = /^# (.+)$/m.exec(query)?.[1];
  test(`${name}: ${question}`, async () => {
    assert.ok(question, `${name}.graphql starts with its question`);
    const { answer, expected } = ANSWERS[name];
    const wanted = expected();
    assert.ok(JSON.stringify(wanted).length > 2, 'the expected answer says something');
    assert.deepEqual(answer(await ask(query)), wanted);
  });
}
