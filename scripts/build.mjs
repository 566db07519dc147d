// Bundles the connector into one file that needs no node_modules, and the developers' tools beside it.
import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';

const shared = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' };

// `check` would spend more time on loading these than on all the rest. Nothing is sent as a form, over HTTP/2 or by fetch,
// no redirect is followed, and hpagent sees to the proxy.
const leftOut = ['follow-redirects', 'form-data', 'http2', 'https-proxy-agent'];
const unusedGlobals = ['fetch', 'FormData', 'Headers', 'ReadableStream', 'Request', 'Response'];

await build({
  ...shared,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  alias: {
    axios: 'axios/dist/node/axios.cjs',
    ...Object.fromEntries(leftOut.map((name) => [name, './scripts/left-out.cjs'])),
  },
  // axios asks whether they are there, and Node loads each of them when it is asked for.
  banner: {
    js: `#!/usr/bin/env node\n"use strict";${unusedGlobals.map((name) => `delete globalThis.${name};`).join('')}`,
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'eof',
});
await chmod('dist/main.js', 0o755);

await build({
  ...shared,
  entryPoints: { demo: 'test/demo/run.ts', simulator: 'test/simulator/main.ts' },
  outdir: 'dist/test',
  // It finds its native library beside itself.
  external: ['@duckdb/node-api'],
});
