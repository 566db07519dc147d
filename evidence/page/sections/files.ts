import type { Evidence } from '../../evidence.ts';
import { csvLink } from '../csv-link.ts';
import { type Html, html } from '../html.ts';
import { thousands } from '../words.ts';

/** The files beside the page, how the evidence was made, and room to sign. */
export function filesSection({ about, sample, files }: Evidence): Html {
  const populations = files.filter(({ path }) => path.startsWith('populations/'));
  return html`
  <p>Beside this page are the rows behind it, the samples, and a manifest with the SQL of each list and the SHA-256 of every file, including this page.
  ${sample && html`A sample has at most ${sample.rows} rows: those whose key and the seed <code>${sample.seed}</code> have the lowest MD5. Its SQL in the manifest draws the same rows again.`}
  In a CSV, an apostrophe stands before any sign that a spreadsheet would take for the start of a formula.</p>
  <div class="scroll" role="region" aria-label="Files" tabindex="0">
  <table class="files">
    <caption class="hidden">Files</caption>
    <thead><tr><th scope="col">Rows in</th><th scope="col" class="number">Rows</th><th scope="col">Sample</th><th scope="col">SHA-256</th></tr></thead>
    <tbody>${populations.map(({ path, rows, sha256 }) => {
      const drawn = path.replace('populations/', 'samples/');
      return html`<tr><td>${csvLink(path, files)}</td><td class="number">${thousands(rows ?? 0)}</td><td>${files.some((file) => file.path === drawn) && csvLink(drawn, files)}</td><td><code title="${sha256}">${sha256.slice(0, 16)}…</code></td></tr>`;
    })}</tbody>
  </table>
  </div>
  <dl class="facts">
    <div><dt>Account</dt><dd><code>${about.account_uuid ?? 'not reported'}</code></dd></div>
    <div><dt>dbt package onepassword</dt><dd>${about.package_version}</dd></div>
    <div><dt>dbt</dt><dd>${about.dbt_version}</dd></div>
    <div><dt>Adapter</dt><dd>${about.adapter}</dd></div>
  </dl>
  <h3>Reviewed</h3>
  <div class="sign"><div>Name</div><div>Date</div><div>Signature</div></div>`;
}
