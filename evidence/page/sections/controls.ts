import { csvPathOf, type Evidence, populationPathOf } from '../../evidence.ts';
import type { Control } from '../../marts.ts';
import { badge } from '../badge.ts';
import { csvLink } from '../csv-link.ts';
import { type Content, type Html, html } from '../html.ts';
import { metric } from '../metric.ts';
import { plural, ruleName } from '../words.ts';

const FIRST = '1Password';

/** The verdict on each control, with its claim, what it cannot show, its population and its exceptions. */
export function controlsSection({ rows, files }: Evidence): Html {
  const frameworks = [...new Set(rows.controls.map(({ framework }) => framework))].sort((a, b) =>
    a === FIRST ? -1 : b === FIRST ? 1 : a.localeCompare(b, 'en'),
  );
  return html`
  <p><strong>No exceptions</strong>: the log covers every day of the period, and no rule found an exception.
  <strong>Exceptions</strong>: a rule found something, which somebody has to review. What was decided of it is with the finding, and it
  stays an exception. <strong>Not proven</strong>: the log has gaps in the
  period, or an input is missing. The absence of findings then proves nothing.</p>
  ${frameworks.map((framework) => frameworkTable(framework, rows, files))}`;
}

function frameworkTable(framework: string, { controls, findings }: Evidence['rows'], files: Evidence['files']): Html {
  const own = controls
    .filter((control) => control.framework === framework)
    .sort((a, b) => a.control.localeCompare(b.control, 'en', { numeric: true }));
  return html`
  <h3>${framework === FIRST ? 'The three claims on 1Password' : framework}</h3>
  <div class="scroll" role="region" aria-label="Controls: ${framework}" tabindex="0">
  <table class="controls" role="table">
    <thead role="rowgroup"><tr role="row"><th scope="col">Control</th><th scope="col">Claim and limitation</th><th scope="col">Population</th><th scope="col">Verdict</th></tr></thead>
    <tbody role="rowgroup">${own.map((control) => controlRow(control, findings, files))}</tbody>
  </table>
  </div>`;
}

function controlRow(control: Control, findings: Evidence['rows']['findings'], files: Evidence['files']): Html {
  const { framework, population_name, population } = control;
  const csv = populationPathOf(population_name);
  return html`
<tr class="control" role="row">
  <th scope="row" role="rowheader">${framework === FIRST ? '' : html`<span class="number">${control.control}</span>`}${badge(control.verdict)}</th>
  <td role="cell"><p>${framework === FIRST ? html`<strong>${control.control.replace(/^./, (letter) => letter.toUpperCase())}.</strong> ` : ''}${control.claim}.</p>
    <p class="limitation"><strong>Cannot show:</strong> ${control.limitation}.</p></td>
  <td role="cell">${metric(population, { csv })} ${csvLink(csv, files, population_name)}${control.population_is_complete ? '' : html`<br><em>only those known from the log</em>`}</td>
  <td role="cell">${verdictDetail(control, findings)}</td>
</tr>`;
}

type CountedColumn = 'exceptions' | 'decided_exceptions' | 'other_findings' | 'decided_other_findings';

function verdictDetail(control: Control, findings: Evidence['rows']['findings']): Content {
  const rules = control.exception_rules.split(/, */);
  const found = rules
    .map((rule) => ({ rule, count: findings.filter((finding) => finding.rule === rule).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const counted = (column: CountedColumn): Html =>
    metric(control[column] ?? 0, {
      csv: csvPathOf('controls'),
      where: `framework=${control.framework} & control=${control.control}`,
      sum: column,
    });
  const decided = (column: CountedColumn): Content => (control[column] ?? 0) > 0 && html` (${counted(column)} decided)`;
  return html`
${control.verdict === 'not proven' ? html`<p>${control.coverage}</p>` : ''}
<p>${counted('exceptions')} ${control.exceptions === 1 ? 'exception' : 'exceptions'} in the population${decided('decided_exceptions')}${control.other_findings > 0 && html`, and ${counted('other_findings')} ${control.other_findings === 1 ? 'finding' : 'findings'} outside it${decided('decided_other_findings')}`}</p>
${control.confirmation && html`<p><a href="#lists">${control.confirmation}</a></p>`}
${found.length > 0 && html`<ul class="rules">${found.map(({ rule, count }) => html`<li>${metric(count, { csv: csvPathOf('findings'), where: `rule=${rule}` })} ${ruleName(rule)}</li>`)}</ul>`}
${control.unjudged_rules && html`<p class="limitation">Not applied to the whole period: ${control.unjudged_rules.split(/, */).map(ruleName).join(', ')}. They are disabled, or an input, days on record or an earlier baseline is missing.</p>`}
${(control.ambiguous_rows ?? 0) > 0 && html`<p class="limitation">${plural(control.ambiguous_rows ?? 0, 'row')} of the population may differ: two events have the same time, and their order is not known.</p>`}`;
}
