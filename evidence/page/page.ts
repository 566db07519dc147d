import { createHash } from 'node:crypto';
import { type Evidence, periodName, type QueryName } from '../evidence.ts';
import { Html, html } from './html.ts';
import { leftOut } from './left-out.ts';
import script from './script.js';
import { accessSection } from './sections/access.ts';
import { changesSection } from './sections/changes.ts';
import { controlsSection } from './sections/controls.ts';
import { coverageSection } from './sections/coverage.ts';
import { filesSection } from './sections/files.ts';
import { findingsSection } from './sections/findings.ts';
import { itemsSection } from './sections/items.ts';
import { limitsSection } from './sections/limits.ts';
import { listsSection } from './sections/lists.ts';
import { peopleSection } from './sections/people.ts';
import { signInsSection } from './sections/sign-ins.ts';
import { summarySection } from './sections/summary.ts';
import style from './style.css';
import { longDate, minute } from './words.ts';

/** A section of the page: its anchor, its words in the navigation, its heading, and what stands below. */
interface Section {
  id: string;
  /** Left out for the first screen. */
  nav?: string;
  title: string;
  /** Without these the section is left out. */
  needs?: readonly QueryName[];
  body: (evidence: Evidence) => Html;
}

/** In their order. */
const SECTIONS: readonly Section[] = [
  { id: 'summary', title: 'Summary', body: summarySection },
  { id: 'controls', nav: 'Controls', title: 'Controls', needs: ['controls'], body: controlsSection },
  {
    id: 'coverage',
    nav: 'Coverage',
    title: 'Is the log complete?',
    needs: ['data coverage', 'daily coverage'],
    body: coverageSection,
  },
  {
    id: 'lists',
    nav: 'Lists',
    title: 'Does the log tell everything?',
    needs: ['baselines', 'log confirmation'],
    body: listsSection,
  },
  {
    id: 'access',
    nav: 'Vault access',
    title: 'Who can open which vault',
    needs: ['population vault access'],
    body: accessSection,
  },
  {
    id: 'people',
    nav: 'Joiners and leavers',
    title: 'Joiners and leavers',
    needs: ['joiners and leavers', 'population team members'],
    body: peopleSection,
  },
  {
    id: 'changes',
    nav: 'Administrative changes',
    title: 'Administrative changes',
    needs: ['population administrative changes'],
    body: changesSection,
  },
  {
    id: 'items',
    nav: 'Items',
    title: 'The most exposed items',
    needs: ['population item access'],
    body: itemsSection,
  },
  { id: 'sign-ins', nav: 'Sign-ins', title: 'Sign-ins', needs: ['population sign-ins'], body: signInsSection },
  { id: 'findings', nav: 'Findings', title: 'Findings', needs: ['findings'], body: findingsSection },
  { id: 'limits', nav: 'Limits', title: 'What this evidence cannot show', body: limitsSection },
  { id: 'files', nav: 'Files', title: 'Files, and how they were made', body: filesSection },
];

function sectionOf({ id, title, needs = [], body }: Section, evidence: Evidence): Html {
  return html`
<section id="${id}" aria-labelledby="${id}-title">
  <h2 id="${id}-title">${title}</h2>${leftOut(evidence, ...needs) ?? body(evidence)}
</section>`;
}

/** The whole page. */
export function page(evidence: Evidence): string {
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
<nav aria-label="Contents"><ul>${SECTIONS.map(({ id, nav }) => nav && html`<li><a href="#${id}">${nav}</a></li>`)}</ul></nav>
<main>
${SECTIONS.map((section) => sectionOf(section, evidence))}
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
