// Bundles what runs from the repository alone: the evidence report, the demo and the simulator. The image needs none of
// them, so it is built without this file.
import { build } from 'esbuild';

await build({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  entryPoints: {
    evidence: 'evidence/main.ts',
    probe: 'probe/main.ts',
    'account-history': 'demo/account-history.ts',
    demo: 'demo/run.ts',
    simulator: 'simulator/main.ts',
  },
  outdir: 'dist',
  loader: { '.csv': 'text' },
  // It finds its native library beside itself.
  external: ['@duckdb/node-api'],
});
