import type { Readable } from 'node:stream';
import { EvidenceError } from '../evidence-error.ts';
import type { Cell, Row } from '../marts.ts';

/**
 * The rows of `dbt show --output json` as dbt v2 prints them: one array, which may be of any length, in one line. Other lines
 * are what macros of the project print; an empty array may be one of them as long as another follows.
 */
export async function* parseShownRows(output: Readable): AsyncGenerator<Row> {
  let place: 'line begins' | 'bracket' | 'other line' | 'array' | 'end' = 'line begins';
  let rows = 0;
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  let begun = '';
  for await (const chunk of output.setEncoding('utf8') as AsyncIterable<string>) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const sign = chunk[at];
      if (isEscaped) isEscaped = false;
      else if (isText) {
        if (sign === '\\') isEscaped = true;
        else if (sign === '"') isText = false;
      } else if (place === 'array') {
        if (sign === '"') isText = true;
        else if (sign === ']' && depth === 0) place = 'end';
        else if (sign === '{' && depth++ === 0) from = at;
        else if (sign === '}' && --depth === 0) {
          yield rowOf(begun + chunk.slice(from, at + 1));
          begun = '';
          rows += 1;
        }
      } else if (place === 'bracket' && sign === '{') {
        place = 'array';
        depth = 1;
        from = at;
      } else if (place === 'bracket' && sign === ']') place = 'end';
      else if (sign === '\n') place = place === 'end' ? 'end' : 'line begins';
      else if (place === 'end') {
        if (rows > 0) throw new EvidenceError('The marts could not be read: dbt prints something after the rows.');
        place = sign === '[' ? 'bracket' : 'other line';
      } else place = place === 'line begins' && sign === '[' ? 'bracket' : 'other line';
    }
    if (depth > 0) begun += chunk.slice(from);
  }
  if (place !== 'end') throw new EvidenceError('The marts could not be read: the rows that dbt prints are cut off.');
}

function rowOf(json: string): Row {
  try {
    return JSON.parse(json) as Row;
  } catch {
    throw new EvidenceError('The marts could not be read: a row that dbt prints is no JSON.');
  }
}

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

/** A cell as read_marts.py gives it: times in UTC with six fraction digits and a Z. */
export function cellOf(value: Cell | undefined, isTime: boolean): Cell {
  if (value === undefined)
    throw new EvidenceError('The marts could not be read: dbt prints a row without all columns.');
  if (!isTime || value === null) return value;
  const [, day, clock, fraction = '', zone = 'Z'] = TIME.exec(String(value)) ?? [];
  if (day === undefined) throw new EvidenceError(`The marts could not be read: dbt prints ${value} for a time.`);
  const seconds = new Date(`${day}T${clock}${zone}`).toISOString().slice(0, 19);
  return `${seconds}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}
