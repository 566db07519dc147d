// Runs inside `npm version`: carries the version of package.json to the files that have to repeat it, and dates the release.
import { readFileSync, writeFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const today = new Date().toISOString().slice(0, 10);
const repeated =
  /(?<=io\.airbyte\.version=|dockerImageTag: |^version: |onepassword_version\(\) -%\}\{\{ return\(')\d+\.\d+\.\d+/gm;

for (const file of ['Dockerfile', 'metadata.yaml', 'dbt/dbt_project.yml', 'dbt/macros/onepassword_settings.sql']) {
  edit(file, (text) => text.replaceAll(repeated, version));
}
edit('metadata.yaml', (text) => text.replace(/(?<=releaseDate: ")[\d-]+/, today));
for (const file of ['CHANGELOG.md', 'dbt/CHANGELOG.md']) {
  edit(file, (text) => text.replace('## Unreleased\n', `## Unreleased\n\n## ${version} (${today})\n`));
}

function edit(file, change) {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
