import { createHash } from 'node:crypto';
import { type Evidence, periodName, SAMPLE_SIZE } from '../write/collect.ts';
import type { FileFacts } from '../write/folder.ts';
import { Html, html } from './html.ts';
import { accessSection } from './sections/access.ts';
import { changesSection } from './sections/changes.ts';
import { controlsSection } from './sections/controls.ts';
import { coverageSection } from './sections/coverage.ts';
import { filesSection } from './sections/files.ts';
import { findingsSection } from './sections/findings.ts';
import { itemsSection } from './sections/items.ts';
import { limitsSection } from './sections/limits.ts';
import { peopleSection } from './sections/people.ts';
import { signInsSection } from './sections/sign-ins.ts';
import { summarySection } from './sections/summary.ts';
import { longDate, minute } from './words.ts';

const CONTENTS = {
  controls: 'Controls',
  coverage: 'Coverage',
  access: 'Vault access',
  people: 'Joiners and leavers',
  changes: 'Administrative changes',
  items: 'Items',
  'sign-ins': 'Sign-ins',
  findings: 'Findings',
  limits: 'Limits',
  files: 'Files',
};

/** The page's own style and script, which are put into it. */
export interface PageParts {
  style: string;
  script: string;
}

/** The whole page. `files` are those that lie beside it. */
export function page(evidence: Evidence, files: readonly FileFacts[], { style, script }: PageParts): string {
  const { about } = evidence;
  const lastDay = new Date(Date.parse(about.evidence_to) - 1).toISOString();
  const period = periodName(about).replace(/^(\d+)-(Q\d)$/, '$2 $1');
  // Nothing but this style and this script may load or run.
  const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>1Password evidence, ${period}</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the content</a>
<header>
  <p class="kind">1Password evidence</p>
  <h1>${period}</h1>
  <p>${longDate(about.evidence_from)} to ${longDate(lastDay)}, as of ${minute(about.as_of)} UTC · account <code>${about.account_uuid ?? 'not told by the events'}</code></p>
</header>
<nav aria-label="Contents"><ul>${Object.entries(CONTENTS).map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>
${summarySection(evidence)}
${controlsSection(evidence)}
${coverageSection(evidence)}
${accessSection(evidence)}
${peopleSection(evidence)}
${changesSection(evidence)}
${itemsSection(evidence)}
${signInsSection(evidence)}
${findingsSection(evidence)}
${limitsSection(evidence)}
${filesSection(evidence, files, SAMPLE_SIZE)}
</main>
<footer><p>Times are UTC. Rebuilt from the events of the 1Password Events API; not a product of 1Password.</p></footer>
<script>${new Html(script)}</script>
</body>
</html>
`.markup;
}

function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
