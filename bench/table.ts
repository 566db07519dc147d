/** One line of the result. */
export interface Row {
  figure: string;
  ours: string;
  beside: string;
  ratio: string;
  reach: string;
}

const HEADINGS: Row = { figure: 'figure', ours: 'ours', beside: 'beside', ratio: 'ratio', reach: 'reach' };

export function toMarkdown(rows: readonly Row[]): string {
  const rule: Row = { figure: '---', ours: '---', beside: '---', ratio: '---', reach: '---' };
  return [HEADINGS, rule, ...rows]
    .map(({ figure, ours, beside, ratio, reach }) => `| ${figure} | ${ours} | ${beside} | ${ratio} | ${reach} |`)
    .join('\n');
}

/** A row whose other side could not be measured. */
export function unmeasured(figure: string, ours: string, reach: string): Row {
  return { figure, ours, beside: 'not measured', ratio: '', reach };
}

export function times(quotient: number): string {
  return `${quotient.toFixed(2)} times`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

export function thousands(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
