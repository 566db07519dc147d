import type { Query } from '../evidence.ts';

/** A query before it is known which columns it has. */
export type PlainQuery = Omit<Query, 'columns'>;

/** The compiled analysis `onepassword__evidence`: what the package says of itself, and its queries. */
export interface Analysis {
  about: object;
  queries: readonly PlainQuery[];
}

/** Reads the lines that the analysis describes at its head; read_marts.py does the same. */
export function parseAnalysis(text: string): Analysis {
  const [first = '', ...parts] = text.split(/^-- query: /m);
  const [, about = ''] = /^-- about: (.+)$/m.exec(first) ?? [];
  return { about: JSON.parse(about) as object, queries: parts.map(queryOf) };
}

function queryOf(part: string): PlainQuery {
  const end = part.indexOf('\n');
  const [sql = '', rule, drawn = ''] = part.slice(end).split(/^-- sample: (.+)$/m);
  const query = { name: part.slice(0, end).trim(), sql: sql.trim() };
  return rule === undefined ? query : { ...query, sample: { ...JSON.parse(rule), sql: drawn.trim() } };
}
