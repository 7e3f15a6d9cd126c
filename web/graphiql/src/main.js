import './workers.js';
import { createElement as h } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { createClient } from 'graphql-ws';
import { examplesPlugin, firstExamples } from './examples.js';
import { storage } from './storage.js';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';

const http = new URL('/graphql', location.href);
const ws = new URL(http);
ws.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const fetcher = createGraphiQLFetcher({
  url: http.href,
  wsClient: createClient({ url: ws.href, lazy: true }),
});

// GraphiQL opens `defaultTabs` only where it has no stored tabs: a returning visitor keeps their own.
createRoot(document.getElementById('root')).render(
  h(GraphiQL, {
    fetcher,
    storage,
    defaultTabs: firstExamples.map(({ query }) => ({ query })),
    plugins: [examplesPlugin, HISTORY_PLUGIN, explorerPlugin()],
    shouldPersistHeaders: false,
  }),
);
