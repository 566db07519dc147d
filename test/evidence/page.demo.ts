import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { open, openBrowser } from './browser.ts';
import { readCsv, recount, reportOf } from './folder.ts';
import { bareMarts, hostileMarts } from './hostile-marts.ts';
import { wholeMarts } from './marts.ts';

const DEMO = join(process.env['EVIDENCE_SCRATCH'] ?? '', 'report');
const VIEWS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const;

/** Of A4 between margins of 14 mm, in pixels. */
const A4_WIDTH = 688;

// The audit of a long page keeps a busy machine for more than half a minute.
jest.setTimeout(120_000);

let browser: Browser;
let reports: Record<string, string>;

beforeAll(async () => {
  browser = await openBrowser();
  const nothing = Object.fromEntries(Object.keys(wholeMarts().rows).map((name) => [name, []]));
  reports = {
    'the demo': DEMO,
    'an account with hostile names': await reportOf(hostileMarts()),
    'an account with bare identifiers': await reportOf(bareMarts()),
    'an account with nothing': await reportOf(wholeMarts(nothing)),
  };
});

afterAll(() => browser.close());

describe.each(['the demo', 'an account with hostile names', 'an account with nothing'])('the page of %s', (name) => {
  test('opens from disk without a message on the console and without a request', async () => {
    const { page, messages, requests } = await open(browser, reports[name] ?? '');
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 500))');

    expect(messages).toEqual([]);
    expect(requests).toEqual([]);
    expect(await page.title()).toBe('1Password evidence, Q3 2026');
    await page.context().close();
  });

  test.each(Object.entries(VIEWS))('has nothing that keeps people from reading it (%s)', async (_, view) => {
    const { page } = await open(browser, reports[name] ?? '', { ...view, bypassCSP: true });
    await page.evaluate(axe.source);

    // The rows of a long table are all alike.
    const { violations } = await page.evaluate<axe.AxeResults>(`axe.run({ exclude: ['tbody tr:nth-child(n + 40)'] })`);

    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))])).toEqual([]);
    await page.context().close();
  });

  test('is no wider than a telephone', async () => {
    const { page } = await open(browser, reports[name] ?? '', VIEWS.narrow);

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.context().close();
  });
});

test('runs no script but its own', async () => {
  const { page, messages } = await open(browser, DEMO);

  await page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken"';
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:9/x.png">')`);

  expect(await page.title()).toBe('1Password evidence, Q3 2026');
  expect(messages.filter((message) => message.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(2);
  await page.context().close();
});

test('shows no figure that its CSV does not give again', async () => {
  const { page } = await open(browser, DEMO);
  const figures = await page.locator('data.figure').evaluateAll((elements) =>
    elements.map((element) => ({
      shown: Number(element.textContent?.replaceAll(',', '')),
      origin: { ...(element as unknown as { dataset: Record<'csv' | 'where' | 'distinct' | 'sum', string> }).dataset },
    })),
  );

  expect(figures.length).toBeGreaterThan(100);
  expect(figures.filter(({ shown, origin }) => shown !== recount(DEMO, origin))).toEqual([]);
  await page.context().close();
});

test('draws what the CSV says', async () => {
  const { page } = await open(browser, DEMO);
  const access = readCsv(DEMO, 'populations/vault-access.csv');
  const vaults = new Map<string, Set<string>>();
  for (const { vault_name = '', user_uuid = '' } of access) {
    vaults.set(vault_name, (vaults.get(vault_name) ?? new Set()).add(user_uuid));
  }
  const expected = [...vaults.values()].map((people) => people.size).sort((a, b) => b - a);

  const chart = page.locator('#access figure').first();

  expect((await numbersOf(chart.locator('svg > g').last().locator('text').allTextContents())).slice(0, 40)).toEqual(
    expected.slice(0, 40),
  );
  expect(await page.locator('#findings tbody tr').count()).toBe(
    Math.min(500, readCsv(DEMO, 'populations/findings.csv').length),
  );
  const failures = readCsv(DEMO, 'populations/sign-ins.csv').filter(({ outcome }) => outcome === 'failure').length;
  const listed = await numbersOf(
    page.getByRole('region', { name: 'Table: Sign-ins by country' }).locator('tbody td:nth-child(4)').allTextContents(),
  );
  expect(listed.reduce((sum, number) => sum + number, 0)).toBe(failures);
  await page.context().close();
});

async function numbersOf(texts: Promise<string[]>): Promise<number[]> {
  return (await texts).map((text) => Number(text.replaceAll(',', '')));
}

test('sorts a table by any column, with the mouse and with the keyboard', async () => {
  const { page } = await open(browser, DEMO);
  const table = page.locator('#items .table').first();
  const head = table.getByRole('button', { name: 'All uses' });
  const uses = (): Promise<number[]> => numbersOf(table.locator('tbody td:nth-child(5)').allTextContents());
  const before = await uses();

  await head.click();
  expect(await uses()).toEqual([...before].sort((a, b) => a - b));
  expect(await table.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('ascending');

  await head.focus();
  await page.keyboard.press('Enter');
  expect(await uses()).toEqual([...before].sort((a, b) => b - a));
  expect(await table.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
  await page.context().close();
});

test('filters a table by what is typed, and says how many rows are left', async () => {
  const { page } = await open(browser, DEMO);
  const table = page.locator('#access .table').first();
  const rows = await table.locator('tbody tr').allTextContents();
  const wanted = rows.filter((text) => text.toLowerCase().includes('payroll'));

  await table.getByRole('searchbox').fill(' PayRoll ');

  expect(wanted.length).toBeGreaterThan(0);
  expect(await table.locator('tbody tr:visible').allTextContents()).toEqual(wanted);
  expect(await table.getByRole('status').textContent()).toBe(`${wanted.length} of ${rows.length} rows`);
  await page.context().close();
});

test('lets the keyboard reach every table and chart', async () => {
  const { page } = await open(browser, DEMO);
  const unreachable = await page
    .locator('.scroll')
    .evaluateAll(
      (elements) => elements.filter((element) => (element as unknown as { tabIndex: number }).tabIndex !== 0).length,
    );

  await page.keyboard.press('Tab');

  expect(unreachable).toBe(0);
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
  await page.context().close();
});

/** Fonts of which one is wide and one is narrow. */
const FONTS = ['DejaVu Sans', 'Liberation Sans Narrow'];

describe.each(FONTS)('in the font %s', (font) => {
  test.each(['the demo', 'an account with hostile names', 'an account with bare identifiers'])(
    'no label of a chart is cut off or lies over another, on the screen and on paper: %s',
    async (name) => {
      for (const [media, width] of [
        ['screen', 1200],
        ['print', A4_WIDTH],
      ] as const) {
        const { page } = await open(browser, reports[name] ?? '', {
          bypassCSP: true,
          viewport: { width, height: 900 },
        });
        await page.emulateMedia({ media });
        await page.addStyleTag({ content: `*, .chart text { font-family: '${font}' !important }` });

        expect([media, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([media, width]);
        expect([media, await outside(page, width)]).toEqual([media, []]);
        expect([media, await overlaps(page)]).toEqual([media, []]);
        await page.context().close();
      }
    },
  );
});

/** The labels of charts that do not lie on the page, or on the words above or below their chart. */
function outside(page: Page, width: number): Promise<string[]> {
  return page.locator('.drawing').evaluateAll(
    (drawings, right) =>
      drawings.flatMap((drawing) => {
        const frame = drawing.querySelector('.scroll')?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
        return [...drawing.querySelectorAll('svg.chart text')].flatMap((text) => {
          const box = text.getBoundingClientRect();
          const isInside =
            box.left >= -1 && box.right <= right + 1 && box.top >= frame.top - 3 && box.bottom <= frame.bottom + 3;
          return isInside || text.textContent === '' ? [] : [text.textContent];
        });
      }),
    width,
  );
}

function overlaps(page: Page): Promise<string[]> {
  return page.locator('svg.chart').evaluateAll((charts) =>
    charts.flatMap((chart) => {
      // Slanted labels lie beside one another, not under one another; circles on the map may share a place.
      const texts = [...chart.querySelectorAll('text')].filter(
        (text) => !/rotate/.test(text.getAttribute('transform') ?? '') && text.textContent !== '',
      );
      const boxes = texts.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
      if (/by country/.test(chart.getAttribute('aria-label') ?? '')) return [];
      return boxes.flatMap(({ text, box: a }, place) =>
        boxes
          .slice(place + 1)
          .filter(
            ({ box: b }) =>
              a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3,
          )
          .map((other) => `${chart.getAttribute('aria-label')?.slice(0, 40)}: ${text} / ${other.text}`),
      );
    }),
  );
}

test('every key of a chart is drawn, so that paper without backgrounds has it too', async () => {
  const { page } = await open(browser, DEMO);
  await page.emulateMedia({ media: 'print' });

  const keys = await page.evaluate<{ words: string; isDrawn: boolean }[]>(`
    [...document.querySelectorAll('.legend li')].map((item) => ({
      words: item.textContent.trim(),
      isDrawn: [...item.querySelectorAll('svg *')].some((shape) => {
        const { fill, stroke } = getComputedStyle(shape);
        return [fill, stroke].some((paint) => paint !== 'none' && paint !== 'rgb(0, 0, 0)');
      }),
    }))`);

  expect(keys.length).toBeGreaterThan(20);
  expect(keys.filter(({ isDrawn }) => !isDrawn)).toEqual([]);
  await page.context().close();
});

test.each([true, false])(
  'prints on A4 in not too many pages, light even where the screen is dark (backgrounds: %p)',
  async (printBackground) => {
    const { page } = await open(browser, DEMO, VIEWS.dark);

    const text = (await page.pdf({ preferCSSPageSize: true, printBackground })).toString('latin1');

    const pages = [...text.matchAll(/\/Type\s*\/Page\b/g)].length;
    expect(text).toMatch(/\/MediaBox\s*\[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
    expect(pages).toBeGreaterThan(5);
    expect(pages).toBeLessThan(30);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await page.context().close();
  },
);
