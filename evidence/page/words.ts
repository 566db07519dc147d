import { type Content, type Html, html } from './html.ts';

const LONGEST = 160;
const ROUGHLY = 26;

/** `1,234` */
export function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 vault`, `3 vaults`, `2 people` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}

/** Text of an event as text: cut where it is very long, and set apart from the direction of what stands around it. */
export function said(text: string | null): Html {
  return text === null ? html`<span class="none">not known</span>` : html`<bdi>${cut(text, LONGEST)}</bdi>`;
}

/** A name where there is one, else the identifier. */
export function named(name: string | null, uuid: string | null): Html {
  if (name !== null && name !== '') return said(name);
  return uuid === null ? said(null) : html`<code>${cut(uuid, LONGEST)}</code>`;
}

/** A label for a chart. */
export function label(name: string | null, uuid: string | null): string {
  return cut(name === null || name === '' ? (uuid ?? 'not known') : name, ROUGHLY);
}

function cut(text: string, length: number): string {
  // A control character has no place in a page, and half a character pair is none.
  const characters = [...text.slice(0, 2 * length + 2).replaceAll(/(?![\t\n])\p{Cc}|\p{Cs}/gu, '\uFFFD')];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}

/** `2026-07-03 14:22`, in UTC. */
export function minute(time: string | null): Content {
  return time === null ? said(null) : html`<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')}</time>`;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'];
MONTHS.push('November', 'December');

/** `3 July 2026` */
export function longDate(time: string): string {
  const [year, month, day] = time.slice(0, 10).split('-').map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

/** `audit events` */
export function streamName(stream: string): string {
  return stream === 'sign_in_attempts' ? 'sign-in attempts' : stream.replaceAll('_', ' ');
}

/** `gave oneself a vault` */
export function ruleName(rule: string): string {
  return rule.replaceAll('_', ' ').replace(/^sso /, 'single sign-on ');
}
