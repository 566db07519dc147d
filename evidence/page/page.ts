import { createHash } from 'node:crypto';
import { type Evidence, periodName } from '../evidence.ts';
import type { FileFacts } from '../write/folder.ts';
import { Html, html } from './html.ts';
import script from './script.js';
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
import style from './style.css';
import { longDate, minute } from './words.ts';

/** The sections after the first screen, in their order. */
const SECTIONS: readonly {
  id: string;
  nav: string;
  section: (evidence: Evidence, files: readonly FileFacts[]) => Html;
}[] = [
  { id: 'controls', nav: 'Controls', section: controlsSection },
  { id: 'coverage', nav: 'Coverage', section: coverageSection },
  { id: 'access', nav: 'Vault access', section: accessSection },
  { id: 'people', nav: 'Joiners and leavers', section: peopleSection },
  { id: 'changes', nav: 'Administrative changes', section: changesSection },
  { id: 'items', nav: 'Items', section: itemsSection },
  { id: 'sign-ins', nav: 'Sign-ins', section: signInsSection },
  { id: 'findings', nav: 'Findings', section: findingsSection },
  { id: 'limits', nav: 'Limits', section: limitsSection },
  { id: 'files', nav: 'Files', section: filesSection },
];

/** The whole page. `files` are those that lie beside it. */
export function page(evidence: Evidence, files: readonly FileFacts[]): string {
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
  <p>${longDate(about.evidence_from)} to ${longDate(lastDay)}, as of ${minute(about.as_of)} UTC · account <code>${about.account_uuid ?? 'not reported'}</code></p>
</header>
<nav aria-label="Contents"><ul>${SECTIONS.map(({ id, nav }) => html`<li><a href="#${id}">${nav}</a></li>`)}</ul></nav>
<main>
${summarySection(evidence)}
${SECTIONS.map(({ section }) => section(evidence, files))}
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
