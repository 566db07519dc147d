import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom/worker';
import { Html, html } from './html.ts';
import { type Key, legend } from './legend.ts';

/** As wide as the page's column; a narrower screen scrolls it. */
export const WIDTH = 1040;

/**
 * Draws a chart, as SVG. `title` says what it shows and `summary` what can be seen, for those who do not see it. Colours are
 * the page's variables, so that one drawing serves light, dark and print.
 */
export function chart(title: string, summary: string, options: Plot.PlotOptions, keys: readonly Key[] = []): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = Plot.plot({
    document: document as never,
    width: WIDTH,
    className: 'chart',
    ...options,
  });
  // The page's own style sheet does it: its content security policy allows no other.
  for (const style of [...drawn.querySelectorAll('style')]) style.remove();
  for (const element of [...drawn.querySelectorAll('[aria-label], [aria-hidden]')]) {
    element.removeAttribute('aria-label');
    element.removeAttribute('aria-hidden');
  }
  for (const element of [...drawn.querySelectorAll('*')]) shorten(element);
  drawn.removeAttribute('font-family');
  drawn.removeAttribute('font-size');
  const named = html`role="img" aria-label="${title}. ${summary}"`.markup;
  return html`
<figure class="drawing">
  <figcaption>${title}</figcaption>
  ${keys.length > 0 && legend(keys)}
  <div class="scroll" role="region" aria-label="Chart: ${title}" tabindex="0">${new Html(drawn.outerHTML.replace('<svg ', () => `<svg ${named} `))}</div>
</figure>`;
}

const LENGTHS = ['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'width', 'height'];

/** A tenth of a pixel is enough. */
function shorten(element: Attributes): void {
  for (const name of LENGTHS) {
    const value = element.getAttribute(name);
    if (value !== null) element.setAttribute(name, value.replace(/(\.\d)\d+/g, '$1'));
  }
}

interface Attributes {
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
}
