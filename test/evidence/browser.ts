import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'];
  if (executablePath === undefined) throw new Error('Run these tests with npm run test:evidence.');
  const args = [...FLAGS, '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath, args });
}

/** A report, opened from disk, and all that the browser had to say of it. */
export interface Opened {
  page: Page;
  /** Console messages and errors. */
  messages: string[];
  /** Addresses asked for, the page's own left out. */
  requests: string[];
}

export async function open(browser: Browser, folder: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(join(folder, 'report.html')).href;
  const [messages, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  await page.goto(url);
  return { page, messages, requests };
}
