// The bundled GraphiQL in a real browser with the network cut: every example tab runs and shows what it promises.
// usage: RAPPORTEUR_URL=http://127.0.0.1:PORT [SHOT=FILE.png] node --test tests/e2e/
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { GraphiQL } from './graphiql.mjs';

/**
 * The example tabs in their order, and what their answers must hold: texts or patterns, looked for in the answer as
 * GraphiQL prints it (two spaces of indent).
 */
const TABS = [
  { title: 'Append', holds: ['"position":', '"hash":'] },
  {
    title: 'Timeline',
    holds: [
      'paris-2026-01-06',
      /"name": "Marco Rubio"\s*\}[^{}]*"mode": "ABSENT"/,
      /"min": 15000,\s*"max": 20000/,
      '"value": 30000',
    ],
  },
  { title: 'Round', holds: ['"number": 20', '"label": "between 7 and 31 January 2026"'] },
  { title: 'Plan', holds: ['"value": 28', '"value": 20', '"seenBy":', /"lead": \[\s*\{\s*"name": "United States"/] },
  {
    title: 'Issues',
    holds: ['"totalCount": 8', 'freeze of the line of contact', 'Kyiv rejects running the plant jointly', '"slug": "response-to-attack"'],
  },
  { title: 'AsOf', holds: ['"moment": "published:2025-11-26"', 'White House'] },
  {
    title: 'Changes',
    holds: ['"slug": "white-house-plan-push-2025-11-18"', '"kind": "BECAME_KNOWN"', '"kind": "CONTRADICTED"'],
  },
  { title: 'Why', holds: ['"value": "18 July 2025"', '"part": "DECIDES"', /"permalink": "\/at\/\d+\//, '"changes":'] },
];
/** Those that wait in the pane of examples. */
const MORE = [
  { title: 'Contradictions', holds: ['"kind": "RIVAL_VALUES"', '"independentOrigins":'] },
  { title: 'Expectations', holds: ['"possible":', '"worstSlip":'] },
  { title: 'Rounds', holds: ['"median":', '"liftedBy":', '"statedTotal":'] },
  { title: 'Meetings', holds: ['"modes":', '"absences":', '"state": "CANCELLED"', '"kind": "CHANGED"'] },
  { title: 'Compare', holds: ['"unknown":', '"state": "NOT_RECORDED"'] },
  { title: 'Commitments', holds: ['"status": "PLEDGED"', '"anonymous": true'] },
  { title: 'WhatIf', holds: ['"records":', '"stage": "PROPOSED"'] },
  { title: 'Corrections', holds: ['"totalCount":', 'A claim recorded from GraphiQL'] },
  { title: 'Permalink', holds: ['"holds": false', 'this is another store'] },
];
const LIVE_TAB = 'Live';
const SHOT_TAB = 'Timeline';
/** No answer may hold these: a refusal is an answer without `errors`. */
const NEVER = ['"errors":', '"refusals":'];
/** What another client records while the live tab runs; `$slug` is new each time. */
const APPEND = `mutation Register($slug: String!) {
  registerTopic(input: { slug: $slug, label: "Recorded while somebody watches" }) { __typename ... on Recorded { position } }
}`;

const URL_OF_SERVER = process.env.RAPPORTEUR_URL?.replace(/\/$/, '');
let browser;

before(async () => {
  assert.ok(URL_OF_SERVER, 'set RAPPORTEUR_URL to the address of a running demo, such as http://127.0.0.1:8080');
  browser = await launch();
});
after(() => browser?.close());

test('every example tab runs with the network cut', async t => {
  const { page, faults, frames } = await openPage(browser, URL_OF_SERVER);
  const graphiql = await GraphiQL.open(page, URL_OF_SERVER);
  assert.equal(await page.title(), 'rapporteur — GraphiQL');
  assert.deepEqual(await graphiql.tabTitles(), [...TABS.map(tab => tab.title), LIVE_TAB]);

  for (const { title, holds } of [...TABS, ...MORE]) {
    await t.test(`${title} answers and shows it`, async () => {
      if (MORE.some(example => example.title === title)) {
        await graphiql.openExample(title);
        await graphiql.untilEditorHolds(` ${title}`);
      } else {
        await graphiql.selectTab(title);
      }
      const answer = await graphiql.execute(title);
      const text = JSON.stringify(answer, null, 2);
      for (const never of NEVER) assert.ok(!text.includes(never), `${title} answered with ${never}\n${text}`);
      for (const want of holds) {
        assert.ok(want instanceof RegExp ? want.test(text) : text.includes(want), `${title} lacks ${want}\n${text}`);
      }
      assert.deepEqual(JSON.parse(await graphiql.responseText()), answer, 'the response pane holds the answer');
      await graphiql.waitForVisibleResponse(Object.keys(answer.data)[0]);
      if (title === SHOT_TAB && process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
    });
  }

  await t.test('Live shows what another client records', async () => {
    await graphiql.selectTab(LIVE_TAB);
    await graphiql.press();
    await graphiql.until(() => frames.some(f => f.sent && f.data.includes('"type":"subscribe"')), 'the tab subscribes');
    const slug = `e2e-live-${Date.now()}`;
    const position = await append(slug);
    const arrived = () => frames.some(f => !f.sent && f.data.includes('"type":"next"') && f.data.includes(slug));
    await graphiql.until(arrived, `an event of ${slug} arrives`);
    await graphiql.waitForVisibleResponse(slug);
    const { data, errors } = JSON.parse(await graphiql.responseText());
    assert.equal(errors, undefined);
    assert.equal(data.events.position, position);
    await graphiql.press(); // stop
    await graphiql.until(() => frames.some(f => f.sent && f.data.includes('"type":"complete"')), 'the tab unsubscribes');
  });

  assert.deepEqual(faults, []);
});

test('a returning visitor keeps their tabs and can open the examples again', async () => {
  const { page, faults } = await openPage(browser, URL_OF_SERVER);
  const graphiql = await GraphiQL.open(page, URL_OF_SERVER);
  const titles = await graphiql.tabTitles();
  await graphiql.selectTab('Plan');
  await graphiql.closeTab('Plan');
  const kept = titles.filter(title => title !== 'Plan');
  await graphiql.until(async () => (await graphiql.storedTitles()).join() === kept.join(), 'the tabs are stored');

  await graphiql.reload();
  assert.deepEqual(await graphiql.tabTitles(), kept);

  await graphiql.openExample('Plan');
  assert.deepEqual(await graphiql.tabTitles(), [...kept, 'Plan']);
  await graphiql.untilEditorHolds('query Plan');
  await graphiql.openExample('Round');
  assert.deepEqual(await graphiql.tabTitles(), [...kept, 'Plan'], 'an example that is open already is not opened twice');
  await graphiql.untilEditorHolds('query Round');
  assert.deepEqual(faults, []);
});

test('the page is served under a policy that forbids foreign and inline scripts', async () => {
  const { headers } = await fetch(`${URL_OF_SERVER}/graphiql`);
  const directives = (headers.get('content-security-policy') ?? '').split(';').map(part => part.trim().split(/\s+/));
  const sources = name => directives.find(([directive]) => directive === name)?.slice(1);
  assert.deepEqual(sources('script-src'), ["'self'"]);
  assert.deepEqual(sources('connect-src'), ["'self'"]);
});

async function append(slug) {
  const response = await fetch(`${URL_OF_SERVER}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: APPEND, variables: { slug } }),
  });
  const body = await response.text();
  const { data } = JSON.parse(body);
  assert.equal(data?.registerTopic?.__typename, 'Recorded', `another client's append was answered with ${body}`);
  return data.registerTopic.position;
}
