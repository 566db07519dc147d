import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { ConnectorError } from '../src/airbyte/errors.ts';
import { type Config, parseConfig } from '../src/config.ts';
import { EventsApiClient } from '../src/events-api/client.ts';
import { REQUESTS_PER_HOUR } from '../src/events-api/limits.ts';
import { READ_POLICY, type RetryPolicy } from '../src/events-api/retry.ts';
import { explainFailure } from '../src/failures.ts';
import { type Assumption, assumptions, type Finding } from './assumptions.ts';
import { type Bookmarks, bookmarksFileOf, readBookmarks, writeBookmarks } from './bookmarks.ts';
import { Inquiry, MOST_REQUESTS, type Observations } from './inquiry.ts';

const USAGE = `Measures what is assumed of the Events API on the account of a configuration, with at most ${MOST_REQUESTS} requests.

  npm run probe -- --config FILE [--pages N] [--out FILE.json] [--compare EARLIER.json]

--pages N        pages of each stream after the first: 20, or fewer where the requests would not suffice
--out FILE       the findings as JSON; the cursors go into a file beside it, for you alone
--compare FILE   the JSON of an earlier day: does its cursor still work, and what came late behind it?

No value of any event is printed or written: counts, names of fields and forms of values alone.`;

const DEFAULT_PAGES = 20;
/** As in a sync, but somebody is waiting for it. */
const POLICY: RetryPolicy = { ...READ_POLICY, budgetMs: { ...READ_POLICY.budgetMs, backoff: 30_000 } };

/** What the probe needs of the process. */
export interface Environment {
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  print(line: string): void;
  fail(line: string): void;
}

interface Flags {
  config: string;
  pages: number;
  out: string | undefined;
  earlier: Bookmarks | undefined;
}

/** What `--out` writes. `simulator` are options under which the simulator behaves as the account does. */
export interface Report {
  assumptions: ({ id: string } & Finding)[];
  simulator: Finding['simulator'];
}

/** Resolves to the exit code: 0 if the API could be asked, whatever the verdicts are, 1 if not. */
export async function run(args: readonly string[], environment: Environment): Promise<number> {
  const { now, print, fail } = environment;
  let config: Config | undefined;
  try {
    const flags = parseFlags(args);
    config = parseConfig(readJson(flags.config), now());
    for (const warning of config.warnings) print(warning);
    const seen = await inquire(config, flags, environment);
    const report = reportOf(seen);
    print(tableOf(report, seen.requests));
    if (flags.out !== undefined) save(report, seen.bookmarks, flags.out, print);
    return 0;
  } catch (error) {
    fail(sentenceOf(error, config, now()));
    return 1;
  }
}

async function inquire(config: Config, flags: Flags, { now, sleep, print }: Environment): Promise<Observations> {
  const end = new AbortController();
  const connect = (token: string): EventsApiClient =>
    new EventsApiClient({
      baseUrl: config.baseUrl,
      token,
      userAgent: `${manifest.name}/${manifest.version}`,
      budget: { perMinute: config.requestsPerMinute, perHour: REQUESTS_PER_HOUR },
      retryPolicy: POLICY,
      clock: { now, random: Math.random, sleep: (ms) => sleep(ms) },
      signal: end.signal,
      observer: {
        onWait: (untilMs) => print(`  waiting until ${new Date(untilMs).toISOString()}: the rate limit is reached`),
        onResume: () => {},
        onRetry: ({ kind }, delayMs) => {
          inquiry.countRetry();
          if (inquiry.isUsedUp) end.abort();
          print(`  trying again in ${(delayMs / 1000).toFixed(1)} s: ${kind.replaceAll('_', ' ')}`);
        },
      },
    });
  const [client, stranger] = [connect(config.token), connect(unknownToken(config.token))];
  const inquiry = new Inquiry({
    client,
    stranger,
    apiVersion: config.apiVersion,
    pages: flags.pages,
    earlier: flags.earlier,
    now,
    sleep,
    onQuestion: (question) => print(`  ${question}`),
  });
  print(`Asking ${new URL(config.baseUrl).host}:`);
  try {
    return await inquiry.run();
  } finally {
    client.close();
    stranger.close();
  }
}

/** The same token with another signature: 1Password never issued it, and it still names its host. */
function unknownToken(token: string): string {
  const signature = randomBytes(64).toString('base64url');
  const parts = token.split('.');
  return parts.length === 3 ? [...parts.slice(0, 2), signature].join('.') : signature;
}

/** The findings, and the options of all of them. */
function reportOf(seen: Observations): Report {
  const findings = assumptions.map((assumption) => ({ id: assumption.id, ...assumption.judge(seen) }));
  return { assumptions: findings, simulator: Object.assign({}, ...findings.map(({ simulator }) => simulator)) };
}

/** Three columns; what was seen goes on below itself. */
function tableOf({ assumptions: findings }: Report, requests: number): string {
  const rows = findings.map(({ id, verdict, observed }) => {
    const { question, report } = assumptions.find((assumption) => assumption.id === id) as Assumption;
    const told = [question, observed, ...(verdict === 'differs' ? [`To report: ${report}`] : [])].flatMap(linesOf);
    return told
      .map((line, place) => `${(place === 0 ? [id, verdict] : ['', '']).map(padded).join('')}${line}`)
      .join('\n');
  });
  const head = `${['assumption', 'verdict'].map(padded).join('')}what was seen`;
  return `\n${[head, ...rows].join('\n\n')}\n\n${requests} requests. No value of an event is in this table.\n`;
}

function padded(cell: string): string {
  return cell.padEnd(17);
}

/** Lines of a width that a terminal shows beside the other columns. */
function linesOf(text: string): string[] {
  return text.match(/.{1,84}(?: |$)/g) ?? [];
}

function save(report: Report, bookmarks: Bookmarks, out: string, print: (line: string) => void): void {
  writeFileSync(out, `${JSON.stringify(report, undefined, 2)}\n`);
  writeBookmarks(bookmarksFileOf(out), bookmarks);
  print(`${out} has the findings; it can be sent to anybody.
${bookmarksFileOf(out)} has the cursors, for you alone: --compare ${out} uses them on another day.
npm run simulator -- --options ${out} behaves as this account does.`);
}

function parseFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      pages: { type: 'string', default: String(DEFAULT_PAGES) },
      out: { type: 'string' },
      compare: { type: 'string' },
    },
  });
  const { config, pages, out, compare } = values;
  if (config === undefined) throw new Error(`--config is required.\n\n${USAGE}`);
  if (!/^\d{1,3}$/.test(pages)) throw new Error(`--pages is a whole number up to 999.\n\n${USAGE}`);
  const earlier = compare === undefined ? undefined : readBookmarks(bookmarksFileOf(compare));
  return { config, pages: Number(pages), out, earlier };
}

function readJson(file: string): unknown {
  let raw: string;
  try {
    raw = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  try {
    return JSON.parse(raw);
  } catch {
    // The parser's own text would quote the file.
    throw new Error(`${file} is no JSON.`);
  }
}

function sentenceOf(error: unknown, config: Config | undefined, nowMs: number): string {
  if (config !== undefined) return explainFailure(error, config, nowMs).message;
  return error instanceof ConnectorError || error instanceof Error ? error.message : String(error);
}
