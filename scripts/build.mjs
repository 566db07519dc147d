// Bundles the connector into one file that needs no node_modules, and the developers' tools beside it.
import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';

const shared = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' };

await build({
  ...shared,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  banner: { js: '#!/usr/bin/env node' },
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
