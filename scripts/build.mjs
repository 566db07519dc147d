// Bundles the connector into one file that needs no node_modules, and the developers' tools beside it.
import { appendFile, chmod, readdir, readFile } from 'node:fs/promises';
import { build } from 'esbuild';

const shared = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' };

// Loading these would be a third of what `check` adds to the start of Node. Nothing is sent as a form, over HTTP/2 or by
// fetch, no redirect is followed, and hpagent sees to the proxy.
const leftOut = ['follow-redirects', 'form-data', 'http2', 'https-proxy-agent'];
const unusedGlobals = ['fetch', 'FormData', 'Headers', 'ReadableStream', 'Request', 'Response'];

const { metafile } = await build({
  ...shared,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.js',
  alias: {
    // Its CommonJS file starts faster: bundling its ES modules reads every property of Node's `util`.
    axios: 'axios/dist/node/axios.cjs',
    ...Object.fromEntries(leftOut.map((name) => [name, './scripts/left-out.cjs'])),
  },
  // axios asks whether they are there, and Node loads each of them when it is asked for.
  banner: {
    js: `#!/usr/bin/env node\n"use strict";${unusedGlobals.map((name) => `delete globalThis.${name};`).join('')}`,
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
});
await appendFile('dist/main.js', await licencesOf(Object.keys(metafile.inputs)));
await chmod('dist/main.js', 0o755);

await build({
  ...shared,
  entryPoints: { demo: 'test/demo/run.ts', simulator: 'test/simulator/main.ts' },
  outdir: 'dist/test',
  // It finds its native library beside itself.
  external: ['@duckdb/node-api'],
});

/** The licences of the bundled packages, which have to go wherever a copy goes, as one comment. */
async function licencesOf(files) {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const texts = [...folders].sort().map(async (folder) => {
    const name = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (name === undefined) throw new Error(`${folder} has no licence to bundle`);
    return `${folder.replace(/^.*node_modules\//, '')}\n\n${await readFile(`${folder}/${name}`, 'utf8')}`;
  });
  return `/*! Bundled packages and their licences\n\n${(await Promise.all(texts)).join('\n---\n\n').replaceAll('*/', '* /')}*/\n`;
}
