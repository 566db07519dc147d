import { type Html, html } from './html.ts';

/** What a mark of a chart means: a drawing of 14 by 14, coloured by its class, and words. Drawn, because paper has no backgrounds. */
export type Key = readonly [drawing: Html, words: string];

export function legend(keys: readonly Key[]): Html {
  return html`<ul class="legend">${keys.map(([drawing, words]) => html`<li><svg width="14" height="14" aria-hidden="true">${drawing}</svg> ${words}</li>`)}</ul>`;
}

export function square(colour: string): Html {
  return html`<rect width="14" height="14" class="${colour}"/>`;
}

export function circle(radius: number, colour: string): Html {
  return html`<circle cx="7" cy="7" r="${radius}" class="${colour}"/>`;
}
