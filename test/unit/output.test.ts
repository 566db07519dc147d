import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConnectorError } from '../../src/airbyte/errors.ts';
import { Output } from '../../src/airbyte/output.ts';
import { errorMessage, logMessage, recordMessage, stateMessage } from '../../src/airbyte/protocol.ts';

/** What Python's `splitlines` takes for the end of a line, apart from those that JSON escapes anyway. */
const LINE_ENDS = /\r\n|[\n\r\u0085\u2028\u2029]/;

function open(highWaterMark = 2 ** 30): { output: Output; stream: PassThrough; end: AbortController } {
  const stream = new PassThrough({ highWaterMark });
  const end = new AbortController();
  return { output: new Output(stream, end.signal), stream, end };
}

function written(stream: PassThrough): string {
  return String(stream.read() ?? '');
}

const record = (data: object) => recordMessage('audit_events', { data }, 1);

/** Any text but U+0000, which is written in no message. */
const portable = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));

test('each message is one line, whatever it holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.dictionary(portable, fc.jsonValue({ stringUnit: 'grapheme' }))), async (items) => {
      const { output, stream } = open();
      const messages = items.map(record);

      await output.write(messages);

      const lines = written(stream).split(LINE_ENDS);
      expect(lines.slice(0, -1).map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(messages)));
      expect(lines.at(-1)).toBe('');
    }),
  );
});

test('text that is no Unicode, and U+0000, leave in no message: neither in values nor in names', async () => {
  const { output, stream } = open();
  const odd = 'a\ud800b\u0000c \ud83d\ude00 \\ud800';

  await output.write([record({ [odd]: [odd] }), stateMessage(odd, { cursor: odd }, 1)]);
  output.post(logMessage('WARN', odd));
  output.post(errorMessage(new ConnectorError('config_error', odd), 1, odd));

  const clean = 'a\ufffdbc \ud83d\ude00 \\ud800';
  const text = written(stream);
  const [data, state, log, trace] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(text).not.toMatch(/(?<!\\)\\u(?:d[89a-f]|0000)/);
  expect(data.record.data).toEqual({ [clean]: [clean] });
  expect(state.state.stream).toEqual({ stream_descriptor: { name: clean }, stream_state: { cursor: clean } });
  expect(log.log.message).toBe(clean);
  expect(trace.trace.error).toMatchObject({ message: clean, stream_descriptor: { name: clean } });
});

test('a secret that comes apart with U+0000 is masked as well', () => {
  const { output, stream } = open();
  output.mask('correct-horse');

  output.post(logMessage('INFO', 'correct-\u0000horse'));

  expect(JSON.parse(written(stream)).log.message).toBe('****');
});

test('line separators are escaped and come back as they were', async () => {
  const { output, stream } = open();
  const name = 'a\u2028b\u2029c\u0085d\ne"f\\g 😀';

  await output.write([record({ name })]);

  const text = written(stream);
  expect(text).toContain('a\\u2028b\\u2029c\\u0085d\\ne\\"f\\\\g 😀');
  expect(JSON.parse(text).record.data).toEqual({ name });
});

test('waits until the reader has made room', async () => {
  const { output, stream } = open(100);
  let isRoomy = false;

  const writing = output.write([record({ name: 'x'.repeat(1000) })]).then(() => {
    isRoomy = true;
  });
  await new Promise(setImmediate);
  const beforeReading = isRoomy;
  stream.resume();
  await writing;

  expect([beforeReading, isRoomy]).toEqual([false, true]);
});

test('a wait for the reader ends when the run is aborted, and nothing is written after that', async () => {
  const { output, stream, end } = open(100);
  const writing = output.write([record({ name: 'x'.repeat(1000) })]);
  const already = stream.readableLength;

  end.abort();

  await expect(writing).rejects.toThrow();
  output.post(logMessage('INFO', 'too late'));
  await expect(output.write([record({})])).rejects.toThrow();
  expect(stream.readableLength).toBe(already);
});

test('a masked secret and its parts show in no message but data', async () => {
  const { output, stream } = open();
  output.mask(' header.payload-of-it.signature9\n');

  output.post(logMessage('INFO', 'header.payload-of-it.signature9 and payload-of-it, signature9'));
  await output.write([record({ name: 'payload-of-it' }), stateMessage('audit_events', { cursor: 'payload-of-it' }, 1)]);

  const [log, data, state] = written(stream)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(log.log.message).toBe('**** and ****, ****');
  expect(data.record.data).toEqual({ name: 'payload-of-it' });
  expect(state.state.stream.stream_state).toEqual({ cursor: 'payload-of-it' });
});

test('a part of a secret that begins with a shorter part is masked whole', () => {
  const { output, stream } = open();
  output.mask('shorter1.shorter1-and-longer');

  output.post(logMessage('INFO', 'shorter1-and-longer, shorter1'));

  expect(JSON.parse(written(stream)).log.message).toBe('****, ****');
});

test('a secret is masked in values alone, whatever JSON escapes in it; short pieces and the keys are left alone', () => {
  const { output, stream } = open();
  output.mask('se"cret\\one.abc.messages.emitted_at');

  output.post(logMessage('INFO', 'se"cret\\one abc'));
  output.post(errorMessage(new ConnectorError('config_error', 'emitted_at'), 1));

  const [log, trace] = written(stream)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(log.log.message).toBe('**** abc');
  expect(trace.trace).toEqual({
    type: 'ERROR',
    emitted_at: 1,
    error: { message: '****', failure_type: 'config_error' },
  });
});
