import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AdaptiveLimit } from '../../../functions/batch/items/adaptive-limit.ts';
import { runItems } from '../../../functions/batch/items/run-items.ts';
import { isSoak } from '../../support/soak.ts';

const throttled = new Error('throttled');
const failed = new Error('failed');
const isThrottled = (error: unknown) => error === throttled;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** An item, and how it ends. A throttled item ends well after some attempts. */
interface Plan {
  readonly throttles: number;
  readonly ends: 'well' | 'badly';
  readonly ms: number;
}

const plans = fc.array(
  fc.record<Plan>({
    throttles: fc.constantFrom(0, 0, 0, 0, 1, 2),
    ends: fc.constantFrom('well', 'well', 'badly'),
    ms: fc.integer({ min: 0, max: 2 }),
  }),
  { maxLength: 40 },
);

describe('runItems', () => {
  test('returns the outcome of each item in order, repeats only throttled items, and sends at most 64 at the same time', {
    timeout: 120_000,
  }, async () => {
    const property = fc.asyncProperty(plans, async (items) => {
      const attempts = items.map(() => 0);
      let inFlight = 0;
      const outcomes = await runItems(items, {
        isThrottled,
        getLeftMs: () => 60_000,
        perform: async ({ throttles, ends, ms }, index) => {
          inFlight += 1;
          expect(inFlight).toBeLessThanOrEqual(64);
          await wait(ms);
          inFlight -= 1;
          attempts[index] = (attempts[index] ?? 0) + 1;
          if (attempts[index] <= throttles) throw throttled;
          if (ends === 'badly') throw failed;
          return index;
        },
      });
      expect(outcomes).toEqual(
        items.map(({ ends }, index) =>
          ends === 'well' ? { kind: 'succeeded', result: index } : { kind: 'failed', error: failed },
        ),
      );
      expect(attempts).toEqual(items.map(({ throttles }) => throttles + 1));
      expect(inFlight).toBe(0);
    });
    await fc.assert(property, { numRuns: isSoak ? 300 : 12 });
  });

  test('no item starts when the time is over, and items in flight still end', async () => {
    let isOver = false;
    const started: number[] = [];
    const outcomes = await runItems([...Array(30).keys()], {
      isThrottled,
      getLeftMs: () => (isOver ? 0 : 1_000),
      perform: async (item) => {
        started.push(item);
        await wait(5);
        isOver = true;
        return item;
      },
    });
    expect(started).toHaveLength(8);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      ...Array(8).fill('succeeded'),
      ...Array(22).fill('not-attempted'),
    ]);
  });

  test('items that are throttled until the time is over have failed, and the others were not attempted', async () => {
    const endMs = performance.now() + 200;
    const attempted = new Set<number>();
    const outcomes = await runItems([...Array(20).keys()], {
      isThrottled,
      getLeftMs: () => Math.max(0, endMs - performance.now()),
      perform: async (item) => {
        attempted.add(item);
        throw throttled;
      },
    });
    for (const [index, outcome] of outcomes.entries())
      expect(outcome).toEqual(attempted.has(index) ? { kind: 'failed', error: throttled } : { kind: 'not-attempted' });
    expect(attempted.size).toBeGreaterThan(0);
    expect(attempted.size).toBeLessThan(20);
  });

  test('an empty list has no outcomes', async () => {
    expect(await runItems([], { isThrottled, getLeftMs: () => 0, perform: async () => 1 })).toEqual([]);
  });
});

describe('the limit of requests in flight', () => {
  test('grows by one per success up to 64', () => {
    const limit = new AdaptiveLimit();
    expect(limit.requests).toBe(8);
    limit.addSuccess(5);
    expect(limit.requests).toBe(9);
    for (let count = 0; count < 100; count += 1) limit.addSuccess(5);
    expect(limit.requests).toBe(64);
  });

  test('does not grow while requests take more than twice as long as the fastest one', () => {
    const limit = new AdaptiveLimit();
    limit.addSuccess(5);
    limit.addSuccess(21);
    expect(limit.requests).toBe(9);
    limit.addSuccess(20);
    expect(limit.requests).toBe(10);
  });

  test('is halved once for all requests that were in flight together, and then grows by one per round trip', () => {
    const limit = new AdaptiveLimit();
    for (let count = 0; count < 24; count += 1) limit.addSuccess(5);
    limit.addThrottle(100, 110);
    limit.addThrottle(105, 111);
    expect(limit.requests).toBe(16);
    for (let count = 0; count < 15; count += 1) limit.addSuccess(5);
    expect(limit.requests).toBe(16);
    for (let count = 0; count < 3; count += 1) limit.addSuccess(5);
    expect(limit.requests).toBe(17);
    for (let cut = 0; cut < 10; cut += 1) limit.addThrottle(200 + cut, 200 + cut);
    expect(limit.requests).toBe(1);
  });

  test('pauses after a throttled request, up to twice as long after each further one, and at most two seconds', () => {
    const limit = new AdaptiveLimit();
    expect(limit.getPauseMs(0)).toBe(0);
    for (let row = 0; row < 12; row += 1) {
      const nowMs = row * 10_000;
      limit.addThrottle(nowMs, nowMs);
      const ceilingMs = Math.min(2_000, 25 * 2 ** row);
      expect(limit.getPauseMs(nowMs)).toBeGreaterThanOrEqual(ceilingMs / 2);
      expect(limit.getPauseMs(nowMs)).toBeLessThanOrEqual(ceilingMs);
    }
    limit.addSuccess(5);
    limit.addThrottle(1_000_000, 1_000_000);
    expect(limit.getPauseMs(1_000_000)).toBeLessThanOrEqual(25);
  });
});
