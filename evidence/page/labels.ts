import { cut } from './words.ts';

/** The size of the letters in a chart, in pixels of the drawing. */
const LETTER = 13;
/** An identifier of 1Password has as many characters. */
const LONGEST = 26;
/** An identifier fits in a wide font. */
const WIDEST = 20 * LETTER;

/** A label for a chart, on one line: a name where there is one, else the identifier. */
export function shortName(name: string | null, uuid: string | null): string {
  const whole = name === null || name === '' ? (uuid ?? 'not known') : name;
  let label = cut(whole.replaceAll(/\s+/g, ' '), LONGEST);
  for (let length = LONGEST - 1; widthOf(label) > WIDEST; length -= 1) label = cut(label, length);
  return label;
}

/** How much room labels need beside a chart, in pixels. Only a browser can measure, and nobody knows its font: a wide one is assumed. */
export function roomFor(labels: readonly string[], size = LETTER): number {
  return Math.ceil((Math.max(0, ...labels.map(widthOf)) * size) / LETTER) + 10;
}

function widthOf(label: string): number {
  return [...label].reduce((sum, character) => sum + LETTER * widthInEms(character), 0);
}

/** Somewhat more than in DejaVu Sans, which is wider than what desktops show. */
function widthInEms(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  if (/[ilj|I.,:;'!()[\] ·]/.test(character)) return 0.42;
  if (/[WMmw@%]/.test(character)) return 1;
  if (/[A-Z0-9]/.test(character)) return 0.72;
  if (/[\p{Script=Latin}\p{P}]/u.test(character)) return /\p{Lu}/u.test(character) ? 0.78 : 0.66;
  return 1.1;
}
