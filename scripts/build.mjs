// Bundles the connector into one file that needs no node_modules.
import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';
import { appendLicences } from './licences.mjs';

const { metafile } = await build({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  banner: { js: '#!/usr/bin/env node' },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
});
await appendLicences('dist/main.js', metafile);
await chmod('dist/main.js', 0o755);
