import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RateLimiter } from '../../src/events-api/rate-limiter.ts';
import { HOUR_MS, MINUTE_MS } from '../support/time.ts';

const NEVER = new AbortController().signal;

/** A clock of which any number of callers can wait at once; time passes when everybody waits. */
class SharedClock {
  nowMs = 0;
  readonly waits: { untilMs: number; wake(): void }[] = [];

  readonly now = (): number => this.nowMs;
  readonly random = (): number => 0;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.waits.push({ untilMs: this.nowMs + ms, wake });
    });

  /** Lets time pass until the work is done. */
  async run(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    void work.finally(() => {
      isDone = true;
    });
    for (;;) {
      await new Promise(setImmediate);
      if (isDone) return;
      this.waits.sort((one, other) => one.untilMs - other.untilMs);
      const next = this.waits.shift();
      if (next === undefined) throw new Error('everybody waits for nothing');
      this.nowMs = Math.max(this.nowMs, next.untilMs);
      next.wake();
    }
  }
}

interface Budget {
  perMinute: number;
  perHour: number;
}

/** Sends one request for each latency, all of them as early as the limiter allows. When each was sent and arrived. */
async function send(budget: Budget, latenciesMs: readonly number[]) {
  const clock = new SharedClock();
  const announced: string[] = [];
  const limiter = new RateLimiter(budget, clock, {
    onWait: (untilMs) => announced.push(`wait until ${untilMs}`),
    onResume: () => announced.push('go on'),
  });
  const sentMs: number[] = [];
  const arrivedMs: number[] = [];
  const requests = latenciesMs.map((latencyMs, index) =>
    limiter.schedule(NEVER, async () => {
      sentMs[index] = clock.nowMs;
      // The API counts a request when it arrives, which may be any time before the response.
      arrivedMs[index] = clock.nowMs + latencyMs * ((index * 0.37) % 1);
      await clock.sleep(latencyMs);
    }),
  );
  await clock.run(Promise.all(requests));
  return { clock, limiter, announced, sentMs, arrivedMs };
}

/** The most of these times that lie in any window of that length. */
function mostInAnyWindow(timesMs: readonly number[], spanMs: number): number {
  const sorted = timesMs.toSorted((one, other) => one - other);
  const counts = sorted.map((from) => sorted.filter((at) => at >= from && at < from + spanMs).length);
  return Math.max(0, ...counts);
}

test('no window ever holds more requests than allowed, whatever their latency', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 25 }),
      fc.array(fc.oneof(fc.nat(300), fc.nat(90_000)), { minLength: 1, maxLength: 60 }),
      async (perMinute, perHour, latencies) => {
        const { sentMs, arrivedMs } = await send({ perMinute, perHour }, latencies);

        expect(sentMs).toHaveLength(latencies.length);
        for (const timesMs of [sentMs, arrivedMs]) {
          expect(mostInAnyWindow(timesMs, MINUTE_MS)).toBeLessThanOrEqual(perMinute);
          expect(mostInAnyWindow(timesMs, HOUR_MS)).toBeLessThanOrEqual(perHour);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('requests go in the order in which they came', async () => {
  const { sentMs } = await send({ perMinute: 3, perHour: 100 }, [500, 10, 90_000, 0, 7, 3000, 1, 1]);

  expect(sentMs).toEqual(sentMs.toSorted((one, other) => one - other));
});

test('a burst up to the limit is free, and the next request goes a minute after the response to the first', async () => {
  const { sentMs } = await send({ perMinute: 600, perHour: 30_000 }, Array(601).fill(200));

  expect(sentMs).toEqual([...Array(600).fill(0), 200 + MINUTE_MS]);
});

test('the hour holds back what the minute would allow', async () => {
  const { sentMs } = await send({ perMinute: 2, perHour: 3 }, [0, 0, 0, 0]);

  expect(sentMs).toEqual([0, 0, MINUTE_MS, HOUR_MS]);
});

test('a wait is announced once, with its end, and its end as well', async () => {
  const { announced } = await send({ perMinute: 2, perHour: 100 }, [0, 0, 0]);

  expect(announced).toEqual([`wait until ${MINUTE_MS}`, 'go on']);
});

test('a pause holds everything back, and one shorter than five seconds passes without a word', async () => {
  const { clock, limiter, announced } = await send({ perMinute: 600, perHour: 30_000 }, [0]);
  const sentMs: number[] = [];
  const request = () =>
    limiter.schedule(NEVER, async () => {
      sentMs.push(clock.nowMs);
    });

  limiter.pauseUntil(4_999);
  limiter.pauseUntil(100);
  await clock.run(Promise.all([request(), request()]));
  limiter.pauseUntil(9_999);
  await clock.run(request());

  expect(sentMs).toEqual([4_999, 4_999, 9_999]);
  expect(announced).toEqual(['wait until 9999', 'go on']);
});

test('a failed request counts like any other', async () => {
  const clock = new SharedClock();
  const limiter = new RateLimiter({ perMinute: 1, perHour: 10 }, clock, { onWait: () => {}, onResume: () => {} });
  const failed = limiter.schedule(NEVER, () => Promise.reject(new Error('lost')));
  await expect(failed).rejects.toThrow('lost');

  await clock.run(limiter.schedule(NEVER, async () => {}));

  expect(clock.nowMs).toBe(MINUTE_MS);
});

test('whoever gives up while waiting does not hold up the next', async () => {
  const clock = new SharedClock();
  const limiter = new RateLimiter({ perMinute: 600, perHour: 10_000 }, clock, { onWait: () => {}, onResume: () => {} });
  const sent: string[] = [];
  const given = limiter.schedule(AbortSignal.abort(new Error('given up')), async () => sent.push('first'));
  const next = limiter.schedule(NEVER, async () => sent.push('second'));

  await expect(given).rejects.toThrow('given up');
  await next;

  expect(sent).toEqual(['second']);
});
