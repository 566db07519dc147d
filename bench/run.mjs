// Builds the connector and the benchmark, and runs it: `npm run bench`, or `npm run bench -- --small` to see it complete.
import { build } from 'esbuild';
import '../scripts/build.mjs';

await build({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  entryPoints: ['bench/run.ts', 'bench/fast-api.ts'],
  outdir: 'dist/bench',
});
await import('../dist/bench/run.js');
