// Runs in a release: writes where the repository is into what is published. A copy elsewhere is released under its own address.
// node scripts/address.mjs https://github.com/OWNER/NAME TAG
import { readFileSync, writeFileSync } from 'node:fs';

const [address, tag] = process.argv.slice(2);
if (!address?.startsWith('https://') || tag === undefined)
  throw new Error('give the address of the repository and a tag');

const description = JSON.parse(readFileSync('package.json', 'utf8'));
description.repository = { type: 'git', url: `git+${address}.git` };
description.bugs = `${address}/issues`;
description.homepage = `${address}#readme`;
writeFileSync('package.json', `${JSON.stringify(description, null, 2)}\n`);

const metadata = readFileSync('metadata.yaml', 'utf8');
const documentation = `${address}/blob/${tag}/docs/1password.md`;
writeFileSync('metadata.yaml', metadata.replace(/(?<=documentationUrl: ).*/, documentation));
