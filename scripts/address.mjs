// Runs in a release: writes where the repository and its image are into what is published. A copy elsewhere is released
// under its own address.
// node scripts/address.mjs https://github.com/OWNER/NAME TAG
import { readFileSync, writeFileSync } from 'node:fs';

const [address, tag] = process.argv.slice(2);
if (!address?.startsWith('https://') || tag === undefined)
  throw new Error('give the address of the repository and a tag');

const documentation = `${address}/blob/${tag}/docs/1password.md`;
// The registry of the release takes lower case only.
const image = `ghcr.io${new URL(address).pathname.toLowerCase()}`;

const description = JSON.parse(readFileSync('package.json', 'utf8'));
description.repository = { type: 'git', url: `git+${address}.git` };
description.bugs = `${address}/issues`;
description.homepage = `${address}#readme`;
writeFileSync('package.json', `${JSON.stringify(description, null, 2)}\n`);

edit('metadata.yaml', /(?<=^ {2}documentationUrl: ).*/m, documentation);
edit('metadata.yaml', /(?<=^ {2}dockerRepository: ).*/m, image);
edit('schemas/spec.json', /(?<="documentationUrl": ").*(?=")/, documentation);

function edit(file, former, current) {
  const text = readFileSync(file, 'utf8');
  if (!former.test(text)) throw new Error(`${file} has no place for ${current}`);
  writeFileSync(file, text.replace(former, current));
}
