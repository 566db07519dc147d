import { csvPathOf, type Evidence, type QueryName } from '../../evidence.ts';
import { badge } from '../badge.ts';
import { type Content, type Html, html } from '../html.ts';
import { isLeftOut } from '../left-out.ts';
import { metric } from '../metric.ts';
import { noticesOf } from './notices.ts';

const VERDICTS = ['exceptions', 'not proven', 'no exceptions'] as const;

/** The first screen: the verdicts in numbers, what limits them, and the figures that people ask for first. */
export function summarySection(evidence: Evidence): Html {
  const { rows, signIns } = evidence;
  const { controls, findings } = rows;
  const notices = noticesOf(evidence);
  const [controlsCsv, accessCsv, changesCsv] = [
    csvPathOf('controls'),
    csvPathOf('population vault access'),
    csvPathOf('access gained and lost'),
  ];
  const access = rows['population vault access'];
  const count = (change: string): number =>
    rows['access gained and lost'].filter((row) => row.change === change).length;
  const has = (query: QueryName): boolean => !isLeftOut(evidence.about, query);
  return html`
  ${has('controls') && html`<ul class="verdicts">${VERDICTS.map((verdict) => html`<li>${metric(controls.filter((control) => control.verdict === verdict).length, { csv: controlsCsv, where: `verdict=${verdict}` })}<a href="#controls">${badge(verdict)}</a></li>`)}</ul>`}
  ${
    notices.length === 0
      ? html`<p class="notice fine">All three streams are complete, and names and a baseline were supplied. The limits are those that each control states.</p>`
      : html`<div class="notice"><h3>Before you rely on this evidence</h3><ul>${notices.map((notice) => html`<li>${notice}</li>`)}</ul></div>`
  }
  <ul class="tiles">
    ${has('population vault access') && tile('#access', 'people and service accounts with access to a vault', metric(new Set(access.map(({ user_uuid }) => user_uuid)).size, { csv: accessCsv, distinct: 'user_uuid' }))}
    ${has('population vault access') && tile('#access', 'vaults', metric(new Set(access.map(({ vault_uuid }) => vault_uuid)).size, { csv: accessCsv, distinct: 'vault_uuid' }))}
    ${has('access gained and lost') && tile('#access', 'access paths gained', metric(count('gained'), { csv: changesCsv, where: 'change=gained' }))}
    ${has('access gained and lost') && tile('#access', 'access paths lost', metric(count('lost'), { csv: changesCsv, where: 'change=lost' }))}
    ${has('population administrative changes') && tile('#changes', 'administrative changes', metric(rows['population administrative changes'].length, { csv: csvPathOf('population administrative changes') }))}
    ${has('population sign-ins') && tile('#sign-ins', 'failed sign-ins', metric(signIns.total.failure, { csv: csvPathOf('population sign-ins'), where: 'outcome=failure' }))}
    ${has('findings') && tile('#findings', 'findings of high severity', metric(findings.filter(({ severity }) => severity === 'high').length, { csv: csvPathOf('findings'), where: 'severity=high' }))}
  </ul>`;
}

function tile(href: string, words: string, number: Content): Html {
  return html`<li><a href="${href}">${number} <span>${words}</span></a></li>`;
}
