// Takes the pictures of docs/evidence-report.md from a report: node scripts/evidence-pictures.mjs FOLDER CHROMIUM
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [folder, executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
if (folder === undefined) throw new Error('give the folder of a report');
const pictures = 'docs/images';
mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1160, height: 900 } });
await page.goto(pathToFileURL(join(resolve(folder), 'report.html')).href);
await page.screenshot({ path: `${pictures}/evidence-report.png` });
const parts = {
  'evidence-coverage': '#coverage .stream >> nth=0',
  'evidence-access': '#access figure >> nth=1',
  'evidence-changes': '#changes figure >> nth=0',
  'evidence-map': '#sign-ins figure >> nth=1',
  'evidence-findings': '#findings .table',
};
// What stays on top of the window would stay on top of the pictures.
await page.evaluate("document.querySelector('nav').remove()");
for (const [name, part] of Object.entries(parts)) {
  await page.locator(part).screenshot({ path: `${pictures}/${name}.png` });
}
await browser.close();
