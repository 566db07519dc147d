import { type Content, type Html, html } from './html.ts';

const LONGEST = 160;

/** `1,234` */
export function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 vault`, `3 vaults`, `2 people` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}

/** Text of an event as text: cut where it is very long, and set apart from the direction of what stands around it. */
export function text(value: string | null): Html {
  return value === null ? html`<span class="none">not known</span>` : html`<bdi>${cut(value, LONGEST)}</bdi>`;
}

/** A name where there is one, else the identifier. */
export function nameOrId(name: string | null, uuid: string | null): Html {
  if (name !== null && name !== '') return text(name);
  return uuid === null ? text(null) : html`<code>${cut(uuid, LONGEST)}</code>`;
}

/** The first `length` characters, the last of them an ellipsis if there are more. */
export function cut(value: string, length: number): string {
  // A control character has no place in a page, and half a character pair is none.
  const characters = [...value.slice(0, 2 * length + 2).replaceAll(/(?![\t\n])\p{Cc}|\p{Cs}/gu, '\uFFFD')];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}

/** `2026-07-03 14:22`, in UTC. */
export function minute(time: string | null): Content {
  return time === null ? text(null) : html`<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')}</time>`;
}

const LONG_DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** `3 July 2026`, in UTC. */
export function longDate(time: string): string {
  return LONG_DATE.format(new Date(time));
}

/** `audit events` */
export function streamName(stream: string): string {
  return stream === 'sign_in_attempts' ? 'sign-in attempts' : stream.replaceAll('_', ' ');
}

/** `gave oneself a vault` */
export function ruleName(rule: string): string {
  return rule.replaceAll('_', ' ').replace(/^sso /, 'single sign-on ');
}
