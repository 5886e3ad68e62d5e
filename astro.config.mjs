import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

/** The largest form is a postmortem in two languages; src/mount.ts takes less from everyone's forms. */
const FORM_BYTES = 1024 * 1024;

/** Pages and the process share one copy of the product's modules: their errors, caches and limits. */
const sharedWithTheProcess = {
  name: 'upheld-shared',
  enforce: 'pre',
  apply: 'build',
  resolveId(id) {
    const shared = this.environment.name !== 'client' && /^@upheld\/(domain|services)\//.test(id);
    return shared ? { id, external: true } : null;
  },
};

export default defineConfig({
  srcDir: './apps/site/src',
  publicDir: './apps/site/public',
  outDir: './apps/site/dist',
  output: 'server',
  // Whole answers: a page that fails half-way must become an error page, and the cache needs the length.
  adapter: node({
    mode: 'middleware',
    experimentalDisableStreaming: true,
    bodySizeLimit: FORM_BYTES,
  }),
  session: false,
  trailingSlash: 'never',
  // src/origin.ts decides: it knows the public address behind a proxy, and one-click unsubscribing.
  security: { checkOrigin: false },
  build: { inlineStylesheets: 'never', format: 'file' },
  // The Content-Security-Policy allows files of our own and nothing inline.
  vite: {
    build: { assetsInlineLimit: 0 },
    plugins: [sharedWithTheProcess],
  },
  devToolbar: { enabled: false },
});
