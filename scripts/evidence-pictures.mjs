// Takes the pictures of docs/evidence-report.md from a report, and in dist/pictures those that somebody should look at:
// the whole page light, dark and narrow, and the print with and without backgrounds.
//
//   node scripts/evidence-pictures.mjs FOLDER [CHROMIUM]
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [folder, executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
if (folder === undefined) throw new Error('give the folder of a report');
const url = pathToFileURL(join(resolve(folder), 'report.html')).href;
const [documents, looks] = ['docs/images', 'dist/pictures'];
for (const pictures of [documents, looks]) mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

const views = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { viewport: { width: 390, height: 844 } },
};
for (const [name, view] of Object.entries(views)) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...view });
  await page.goto(url);
  await page.screenshot({ path: `${looks}/${name}.png`, fullPage: true });
  if (name === 'light') {
    await page.pdf({ path: `${looks}/print.pdf`, preferCSSPageSize: true, printBackground: true });
    await page.pdf({ path: `${looks}/print-without-backgrounds.pdf`, preferCSSPageSize: true });
  }
  await page.close();
}

const page = await browser.newPage({ viewport: { width: 1160, height: 900 } });
await page.goto(url);
await page.screenshot({ path: `${documents}/evidence-report.png` });
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
  await page.locator(part).screenshot({ path: `${documents}/${name}.png` });
}
await browser.close();
