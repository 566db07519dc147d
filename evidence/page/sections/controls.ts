import { csvPathOf, type Evidence } from '../../evidence.ts';
import type { Control } from '../../marts.ts';
import { badge } from '../badge.ts';
import { figure } from '../figure.ts';
import { type Content, type Html, html } from '../html.ts';
import { ruleName } from '../words.ts';

const FIRST = '1Password';

/** The verdict on each control, with its claim, what it cannot show, its population and its exceptions. */
export function controlsSection({ rows }: Evidence): Html {
  const frameworks = [...new Set(rows.controls.map(({ framework }) => framework))].sort((a, b) =>
    a === FIRST ? -1 : b === FIRST ? 1 : a.localeCompare(b, 'en'),
  );
  return html`
<section id="controls" aria-labelledby="controls-title">
  <h2 id="controls-title">Controls</h2>
  <p><strong>No exceptions</strong>: the streams behind the control were covered on every day of the period, and no rule found anything.
  <strong>Exceptions</strong>: something was found; somebody has to decide on it. <strong>Not proven</strong>: the log has holes in the
  period, or an input is missing, so that nothing found means nothing.</p>
  ${frameworks.map((framework) => frameworkTable(framework, rows))}
</section>`;
}

function frameworkTable(framework: string, { controls, findings }: Evidence['rows']): Html {
  const own = controls
    .filter((control) => control.framework === framework)
    .sort((a, b) => a.control.localeCompare(b.control, 'en', { numeric: true }));
  return html`
  <h3>${framework === FIRST ? 'What the three streams are there to show' : framework}</h3>
  <div class="scroll" role="region" aria-label="Controls: ${framework}" tabindex="0">
  <table class="controls" role="table">
    <thead role="rowgroup"><tr role="row"><th scope="col">Control</th><th scope="col">Claim and limitation</th><th scope="col">Population</th><th scope="col">Verdict</th></tr></thead>
    <tbody role="rowgroup">${own.map((control) => controlRow(control, findings))}</tbody>
  </table>
  </div>`;
}

function controlRow(control: Control, findings: Evidence['rows']['findings']): Html {
  const { framework, population_name, population } = control;
  const csv = csvPathOf(population_name);
  return html`
<tr class="control" role="row">
  <th scope="row" role="rowheader">${framework === FIRST ? '' : html`<span class="number">${control.control}</span>`}${badge(control.verdict)}</th>
  <td role="cell"><p>${framework === FIRST ? html`<strong>${control.control.replace(/^./, (letter) => letter.toUpperCase())}.</strong> ` : ''}${control.claim}.</p>
    <p class="limitation"><strong>Cannot show:</strong> ${control.limitation}.</p></td>
  <td role="cell">${figure(population, { csv })} <a href="${csv}">${population_name}</a>${control.population_is_complete ? '' : html`<br><em>those known from the log</em>`}</td>
  <td role="cell">${verdictDetail(control, findings)}</td>
</tr>`;
}

function verdictDetail(control: Control, findings: Evidence['rows']['findings']): Content {
  const rules = control.exception_rules.split(/, */);
  const found = rules
    .map((rule) => ({ rule, count: findings.filter((finding) => finding.rule === rule).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const exceptions = html`${control.exceptions} ${control.exceptions === 1 ? 'exception' : 'exceptions'}${control.other_findings > 0 ? `, and ${control.other_findings} found beside the population` : ''}`;
  return html`
${control.verdict === 'not proven' ? html`<p>${control.coverage}</p>` : ''}
<p>${exceptions}</p>
${found.length > 0 && html`<ul class="rules">${found.map(({ rule, count }) => html`<li>${figure(count, { csv: csvPathOf('findings'), where: `rule=${rule}` })} ${ruleName(rule)}</li>`)}</ul>`}
${control.unjudged_rules && html`<p class="limitation">Not applied, because an input is missing: ${control.unjudged_rules.split(/, */).map(ruleName).join(', ')}</p>`}`;
}
