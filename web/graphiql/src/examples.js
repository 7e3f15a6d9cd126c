import { createElement as h } from 'react';
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

const files = import.meta.glob('./tabs/*.graphql', { query: '?raw', import: 'default', eager: true });
const number = path => Number(/(\d+)-[^/]*$/.exec(path)?.[1]);

/** How many of the examples are open on a first visit. */
const FIRST = 9;

/** The example tabs in the order of their numbers: title (the operation's name), the teaching lines at the top, text. */
export const examples = Object.keys(files)
  .sort((a, b) => number(a) - number(b))
  .map(path => {
    const query = files[path];
    const about = /^(#.*\n)+/.exec(query)?.[0] ?? '';
    return {
      title: /^(?:query|mutation|subscription)\s+(\w+)/m.exec(query)?.[1] ?? path,
      about: about.replace(/^# ?/gm, '').trim(),
      query,
    };
  });

/** Those that are open on a first visit. */
export const firstExamples = examples.slice(0, FIRST);

const same = (tab, example) => tab.query?.trim() === example.query.trim();
const tabOf = ({ title, query }) => ({
  id: crypto.randomUUID?.() ?? `${title}-${Date.now()}`,
  hash: query,
  title,
  operationName: title,
  query,
  variables: null,
  headers: null,
  response: null,
});

function Examples() {
  const { tabs } = useGraphiQL(({ tabs }) => ({ tabs }));
  const { changeTab, moveTab } = useGraphiQLActions();
  const open = wanted => {
    const missing = wanted.filter(example => !tabs.some(tab => same(tab, example))).map(tabOf);
    const all = [...tabs, ...missing];
    if (missing.length > 0) moveTab(all); // GraphiQL's one action that takes a whole list of tabs
    changeTab(all.findIndex(tab => same(tab, wanted[0])));
  };
  return h('section', { className: 'examples', 'aria-label': 'Examples' },
    h('div', { className: 'graphiql-doc-explorer-title' }, 'Examples'),
    h('p', null, 'Each opens in a tab of its own. Change them freely; here they stay as they were.'),
    examples.map(example => h('button', { key: example.title, type: 'button', onClick: () => open([example]) },
      h('strong', null, example.title), h('span', null, example.about))),
    h('button', { type: 'button', onClick: () => open(examples) }, h('strong', null, 'Open all')));
}

const Icon = props => h('svg', { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', strokeWidth: 1.5, ...props },
  h('path', { d: 'M3 5.5C6 4 9 4 12 6c3-2 6-2 9-.5V19c-3-1.5-6-1.5-9 .5-3-2-6-2-9-.5zM12 6v13.5' }));

export const examplesPlugin = { title: 'Examples', icon: Icon, content: Examples };
