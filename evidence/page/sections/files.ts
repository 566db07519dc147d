import { type Evidence, SAMPLE_SIZE } from '../../evidence.ts';
import type { FileFacts } from '../../write/folder.ts';
import { type Html, html } from '../html.ts';
import { thousands } from '../words.ts';

/** What Excel and its like show of a file, without the row of the headings. */
const MOST_ROWS = 1_048_575;

/** The files beside the page, how the evidence was made, and room to sign. */
export function filesSection({ about, seed }: Evidence, files: readonly FileFacts[]): Html {
  const populations = files.filter(({ path }) => path.startsWith('populations/'));
  return html`
<section id="files" aria-labelledby="files-title">
  <h2 id="files-title">Files, and how they were made</h2>
  <p>Beside this page are the rows behind it, the samples and a manifest with the SQL of each file and the SHA-256 of every file, this page’s too.
  Each sample has ${SAMPLE_SIZE} rows: those with the least MD5 of their key and the seed <code>${seed}</code>, so that anybody can draw them again.
  A cell that a spreadsheet would take for a formula has an apostrophe in front.</p>
  <div class="scroll" role="region" aria-label="Files" tabindex="0">
  <table class="files">
    <caption class="hidden">Files</caption>
    <thead><tr><th scope="col">Rows in</th><th scope="col" class="number">Rows</th><th scope="col">Sample</th><th scope="col">SHA-256</th></tr></thead>
    <tbody>${populations.map(({ path, rows, sha256 }) => {
      const sample = path.replace('populations/', 'samples/');
      return html`<tr><td><a href="${path}">${path}</a>${(rows ?? 0) > MOST_ROWS && html`<br><em>more rows than a spreadsheet shows (1,048,576): open it in a database or with a script</em>`}</td><td class="number">${thousands(rows ?? 0)}</td><td>${files.some((file) => file.path === sample) && html`<a href="${sample}">${sample}</a>`}</td><td><code title="${sha256}">${sha256.slice(0, 16)}…</code></td></tr>`;
    })}</tbody>
  </table>
  </div>
  <dl class="facts">
    <div><dt>Account</dt><dd><code>${about.account_uuid ?? 'not reported'}</code></dd></div>
    <div><dt>dbt package onepassword</dt><dd>${about.package_version}</dd></div>
    <div><dt>dbt</dt><dd>${about.dbt_version}</dd></div>
    <div><dt>Adapter</dt><dd>${about.adapter} ${about.adapter_version}</dd></div>
  </dl>
  <h3>Reviewed</h3>
  <div class="sign"><div>Name</div><div>Date</div><div>Signature</div></div>
</section>`;
}
