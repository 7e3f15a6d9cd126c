// Questions a desk asks, each one GraphQL document answered by one query; what is expected is computed from the raw
// facts by code that knows nothing of the product.
// usage: RAPPORTEUR_URL=http://127.0.0.1:PORT node --test tests/questions/
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const here = new URL('./', import.meta.url);
const documents = new URL('./documents/', here);
const themes = readdirSync(here).filter(file => file.endsWith('.mjs') && !['facts.mjs', 'questions.test.mjs'].includes(file));
const questions = [];
for (const theme of themes) {
  const { answers } = await import(new URL(theme, here));
  questions.push(...Object.entries(answers).map(([name, question]) => ({ name, ...question })));
}
const written = readdirSync(documents).map(file => file.replace(/\.graphql$/, ''));

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

test('every document has one expected answer, and every expected answer a document', () => {
  assert.deepEqual(questions.map(q => q.name).sort(), written.sort());
});

for (const { name, answer, expected } of questions) {
  const query = written.includes(name) ? readFileSync(new URL(`${name}.graphql`, documents), 'utf8') : '';
  const question = /^# (.+)$/m.exec(query)?.[1];
  test(`${name}: ${question}`, async () => {
    assert.ok(question, `${name}.graphql starts with its question`);
    const wanted = expected();
    assert.ok(JSON.stringify(wanted).length > 2, 'the expected answer says something');
    assert.deepEqual(answer(await ask(query)), wanted);
  });
}
