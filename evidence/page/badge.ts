import { type Html, html } from './html.ts';

/** A shape beside each word, so that colour is never alone in telling. */
const SHAPES: Readonly<Record<string, string>> = {
  'no exceptions': '✓',
  exceptions: '!',
  'not proven': '?',
  complete: '✓',
  quiet: '~',
  gap: '✕',
  stale: '✕',
  empty: '✕',
  'not connected': '✕',
  confirmed: '✓',
  'not confirmed': '✕',
  'nothing changed': '·',
  high: '◆',
  medium: '▲',
  low: '●',
  info: '○',
};

export function badge(word: string): Html {
  return html`<span class="badge ${word.replaceAll(' ', '-')}"><span aria-hidden="true">${SHAPES[word] ?? '·'}</span> ${word}</span>`;
}
