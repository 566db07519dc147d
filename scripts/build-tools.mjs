// Bundles what needs a clone of the repository, and the evidence tool, which the npm package has as well.
import { chmod, readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { appendLicences } from './licences.mjs';

/** Files that become a text in the bundle: style, script and query of the evidence report, seeds of the dbt package. */
const texts = {
  name: 'texts',
  setup({ onLoad }) {
    onLoad({ filter: /\.(css|csv|py)$|page[\\/]script\.js$/ }, async ({ path }) => {
      return { contents: await readFile(path, 'utf8'), loader: 'text' };
    });
  },
};

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  plugins: [texts],
  outdir: 'dist',
};

await build({
  ...shared,
  entryPoints: {
    probe: 'probe/main.ts',
    'account-history': 'demo/account-history.ts',
    demo: 'demo/run.ts',
    simulator: 'simulator/main.ts',
  },
  // It finds its native library beside itself.
  external: ['@duckdb/node-api'],
});

await build({
  ...shared,
  entryPoints: { op: 'simulator/op/main.ts' },
  banner: { js: '#!/usr/bin/env node' },
});
await chmod('dist/op.js', 0o755);

const { metafile } = await build({
  ...shared,
  entryPoints: { evidence: 'evidence/main.ts' },
  banner: { js: '#!/usr/bin/env node' },
  legalComments: 'none',
  metafile: true,
});
await appendLicences('dist/evidence.js', metafile);
await chmod('dist/evidence.js', 0o755);
