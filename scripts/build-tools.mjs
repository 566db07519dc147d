// Bundles the developers' tools: the demo and the simulator. The image needs neither, so it is built without this file.
import { build } from 'esbuild';

await build({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  entryPoints: {
    'account-history': 'test/account-history/run.ts',
    demo: 'test/demo/run.ts',
    simulator: 'test/simulator/main.ts',
  },
  outdir: 'dist/test',
  // It finds its native library beside itself.
  external: ['@duckdb/node-api'],
});
