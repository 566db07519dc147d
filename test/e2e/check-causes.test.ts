import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Cause, Outcome } from '../support/cause.ts';
import { causes } from '../support/causes.ts';
import { FarEnd } from '../support/far-end.ts';
import { inParallel } from '../support/in-parallel.ts';
import { ConnectorOutput, type Message } from '../support/output.ts';
import { piecesIn, runInSandbox, type SandboxedRun } from '../support/sandbox.ts';

interface Result extends SandboxedRun {
  cause: string;
  config: Record<string, unknown>;
}

/** How each outcome looks to Airbyte: the exit code, and every message but the log that goes along with it. */
const FORMS: Record<Outcome, (sentence: string) => { exitCode: number; messages: object[] }> = {
  SUCCEEDED: (message) => ({
    exitCode: 0,
    messages: [{ type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED', message } }],
  }),
  FAILED: (message) => ({
    exitCode: 0,
    messages: [{ type: 'CONNECTION_STATUS', connectionStatus: { status: 'FAILED', message } }],
  }),
  transient_error: (message) => ({ exitCode: 1, messages: errorWithLog('transient_error', message) }),
  system_error: (message) => ({ exitCode: 1, messages: errorWithLog('system_error', message) }),
};

function errorWithLog(failure_type: string, message: string): object[] {
  const error = expect.objectContaining({ failure_type, message });
  return [
    { type: 'LOG', log: { level: 'ERROR', message } },
    { type: 'TRACE', trace: { type: 'ERROR', emitted_at: expect.any(Number), error } },
  ];
}

const byCause = new Map<string, Result>();

beforeAll(async () => {
  const results = await inParallel(causes, 10, testConnection);
  for (const result of results) byCause.set(result.cause, result);
}, 120_000);

async function testConnection({ cause, arrange }: Cause): Promise<Result> {
  const farEnd = await FarEnd.start();
  try {
    const { config, env = {} } = await arrange(farEnd);
    return { cause, config, ...(await runInSandbox('check', { config, env })) };
  } finally {
    await farEnd.stop();
  }
}

function resultOf(cause: string): Result & { output: ConnectorOutput } {
  const result = byCause.get(cause);
  if (result === undefined) throw new Error(`not run: ${cause}`);
  return { ...result, output: new ConnectorOutput(result.stdout, result.exitCode) };
}

/** What the user reads in the end. */
function sentenceOf({ messages }: ConnectorOutput): string {
  const { connectionStatus, trace } = messages.at(-1) ?? {};
  return connectionStatus?.message ?? trace?.error?.message ?? '';
}

/** All but the log of what the run went through. */
function isConclusion({ log }: Message): boolean {
  return log === undefined || log.level === 'ERROR';
}

describe('the connection test names the cause and the cure', () => {
  test.each(causes)('of $cause, as $outcome', ({ cause, outcome, says }) => {
    const { output, stderr } = resultOf(cause);

    const sentence = sentenceOf(output);
    expect(says.filter((piece) => !sentence.includes(piece))).toEqual([]);
    expect({ exitCode: output.exitCode, messages: output.messages.filter(isConclusion) }).toEqual(
      FORMS[outcome](sentence),
    );
    expect(stderr).toBe('');
  });

  test('in other words for every cause', () => {
    const sentences = causes.map(({ cause }) =>
      sentenceOf(resultOf(cause).output).replace(/127\.0\.0\.1:\d+/g, 'HOST'),
    );

    expect(new Set(sentences).size).toBe(causes.length);
  });

  test('within 45 seconds', () => {
    expect(causes.filter(({ cause }) => resultOf(cause).seconds >= 45)).toEqual([]);
  });

  test('in one line without a stack', () => {
    const sentences = causes.map(({ cause }) => sentenceOf(resultOf(cause).output));

    expect(sentences.filter((sentence) => /\n|\bat .+:\d+:\d+|node_modules|[Aa]xios/.test(sentence))).toEqual([]);
  });
});

test('whatever fails, the connection test shows no part of the token and writes no file', () => {
  const traces = causes.map(({ cause }) => {
    const { config, stdout, stderr, files } = resultOf(cause);
    return { cause, pieces: piecesIn(stdout + stderr, String(config['api_token'])), files };
  });

  expect(traces).toEqual(causes.map(({ cause }) => ({ cause, pieces: [], files: [] })));
});
