import { defineConfig } from 'vite';

export default defineConfig({
  base: '/graphiql/', // where the server mounts the bundle, so that the page works with and without a closing slash
  worker: { format: 'es' },
  resolve: { dedupe: ['graphql', 'react', 'react-dom', 'monaco-editor', '@graphiql/react'] }, // plugins share GraphiQL's store
  build: {
    target: 'es2022',
    sourcemap: false,
    license: { fileName: 'licenses.md' }, // the bundled packages ask for their notices to travel with them
    chunkSizeWarningLimit: 9000,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { moduleLevelDirective: false } }, // "use client" means nothing in a bundle
  },
});
