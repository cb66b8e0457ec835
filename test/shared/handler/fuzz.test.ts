import { randomInt } from 'node:crypto';
import type { KMSClient } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../emulator/index.ts';
import { loadDefaultSeed } from '../../../emulator/seed/read-seed.ts';
import type { Seed } from '../../../emulator/seed/seed-schema.ts';
import { getCatalogueEntry } from '../../../shared/declaration/error-catalogue.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import type { Handler } from '../../../shared/handler/create-handler.ts';
import { clientFor } from '../../support/emulator.ts';
import { loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { canaryCore, type HostileEvent, hostileEvents } from '../../support/hostile-events.ts';
import { isSoak, operations } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';
import { expectSameResponse } from '../../support/same-response.ts';
import { callSdk, withRequestTag } from '../../support/sdk-call.ts';
import { triggers, type ValidEvent, validEvents } from '../../support/valid-events.ts';

const seed = isSoak ? randomInt(2 ** 31) : 20_260_101;
const rounds = isSoak ? 50 : 1;
/** The memory limit of the process, which runs the functions, four emulators and the test runner. */
const maxMemoryBytes = 900 * 2 ** 20;
/** Each round starts new emulators, because resources from earlier rounds would only make lists longer. */
const eventsOfRound = isSoak ? 4_000 : 400;
const events = rounds * eventsOfRound;
const minValidShare = 0.3;
const commonCodes = [
  'ValidationException',
  'SerializationException',
  'NotFoundException',
  'RouteNotFoundError',
  'UnsupportedMediaTypeError',
];
/** Codes that only large events cause. One hostile event in 300 is large. */
const rareCodes = ['PayloadTooLargeError'];
const hourMs = 3_600_000;

/**
 * One emulator receives the valid events, and two twins in the same state receive the same requests as SDK calls. Another
 * emulator receives the hostile events.
 */
let valid: Emulator | undefined;
let twins: { emulator: Emulator; client: KMSClient }[] = [];
let hostile: Emulator | undefined;
const hostileRegion = 'us-west-2';
const handlers = new Map<string, { valid: Handler; hostile: Handler }>();
const declarations = new Map(operations.map((operation) => [operation.name, operation]));

async function startRound(): Promise<void> {
  // The ports stay the same, because the functions keep their clients.
  const start = (port: number | undefined, seed: EmulatorOptions['seed'] = 'default') =>
    startEmulator({ port: port ?? 0, seed });
  const keys = loadDefaultSeed().Keys.map((key) => ({ ...key, Region: hostileRegion }));
  valid = await start(valid?.port);
  const hostileSeed: Seed = { ...loadDefaultSeed(), Keys: keys };
  hostile = await start(hostile?.port, hostileSeed);
  twins = [];
  for (let twin = 0; twin < 2; twin += 1) {
    const emulator = await start(undefined);
    twins.push({ emulator, client: clientFor(emulator.endpoint) });
  }
}

function running(emulator: Emulator | undefined): Emulator {
  if (emulator === undefined) throw new Error('No emulator is running.');
  return emulator;
}

async function endRound(): Promise<void> {
  for (const { client } of twins) client.destroy();
  for (const emulator of [valid, hostile, ...twins.map((twin) => twin.emulator)]) await emulator?.close();
}

beforeAll(async () => {
  await startRound();
  for (const operation of operations) {
    setLocalEnvironment(running(valid).endpoint);
    const forValid = await loadHandler(operation);
    setLocalEnvironment(running(hostile).endpoint, hostileRegion);
    handlers.set(operation.name, { valid: forValid, hostile: await loadHandler(operation) });
  }
});
afterAll(endRound);

const counted = { valid: 0, validSucceeded: 0, hostile: 0, hostileSucceeded: 0, codes: new Map<string, number>() };

function handlerOf(operation: string) {
  const both = handlers.get(operation);
  if (both === undefined) throw new Error(`${operation} has no handler`);
  return both;
}

function count(code: string): void {
  counted.codes.set(code, (counted.codes.get(code) ?? 0) + 1);
}

/** Is `true` if the last event may have changed a key. */
let isChanged = false;

async function restoreSeeds(): Promise<void> {
  if (!isChanged) return;
  for (const emulator of [running(valid), ...twins.map((twin) => twin.emulator)]) await emulator.restoreSeed();
}

async function checkValid({ operation, input, event, trigger, mustSucceed }: ValidEvent): Promise<void> {
  await restoreSeeds();
  const declaration = declarations.get(operation) as Operation;
  isChanged = declaration.group !== 'crypto' && declaration.routes[0].method !== 'GET';
  const [first, second] = await Promise.all(
    twins.map(({ client }) => callSdk(client, declaration, withRequestTag(declaration, input))),
  );
  const outcome = await invoke(handlerOf(operation).valid, event);
  counted.valid += 1;
  expect(outcome.trigger).toBe(trigger === 'direct' ? 'direct' : 'http');
  if (outcome.ok && first?.ok && second?.ok) {
    counted.validSucceeded += 1;
    expectSameResponse(outcome.body, first.body, second.body);
  } else {
    expect(outcome.ok ? 'OK' : outcome.code).toBe(first?.ok ? 'OK' : first?.code);
    expect(mustSucceed, `${operation} by ${trigger} should succeed`).toBe(false);
    if (!outcome.ok) count(outcome.code);
  }
}

async function checkHostile({ operation, event }: HostileEvent): Promise<void> {
  counted.hostile += 1;
  const outcome = await invoke(handlerOf(operation).hostile, event);
  if (outcome.ok) {
    counted.hostileSucceeded += 1;
    // Without a reset, earlier events would leave too few usable keys.
    if (counted.hostileSucceeded % 50 === 0) await running(hostile).restoreSeed();
    return;
  }
  count(outcome.code);
  expect(getCatalogueEntry(outcome.code).status, `${operation} returns ${outcome.code}`).toBeLessThan(500);
  expect(outcome.text, `${operation} echoes a value`).not.toContain(canaryCore);
}

test(
  'every event returns success, a well-formed problem or a typed error, and valid events return the same responses as the SDK',
  async () => {
    const stream = fc.oneof(
      validEvents.map((event) => ({ kind: 'valid' as const, event })),
      hostileEvents.map((event) => ({ kind: 'hostile' as const, event })),
    );
    const property = fc.asyncProperty(stream, (item) =>
      item.kind === 'valid' ? checkValid(item.event) : checkHostile(item.event),
    );
    const startMs = performance.now();
    for (let round = 0; round < rounds; round += 1) {
      if (round > 0) {
        await endRound();
        await startRound();
      }
      await fc.assert(property, { seed: seed + round, numRuns: eventsOfRound });
      if (isSoak) console.log(`round ${round + 1} of ${rounds}, ${Math.round((performance.now() - startMs) / 1000)} s`);
    }
    if (isSoak) report(performance.now() - startMs);
    expect(counted.valid + counted.hostile).toBe(events);
    expect(process.memoryUsage().rss).toBeLessThan(maxMemoryBytes);
    expect(counted.validSucceeded / events).toBeGreaterThanOrEqual(minValidShare);
    // The events must also cause these errors.
    for (const code of isSoak ? [...commonCodes, ...rareCodes] : commonCodes) {
      expect([...counted.codes.keys()]).toContain(code);
    }
  },
  isSoak ? hourMs : 120_000,
);

function report(tookMs: number): void {
  const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  const codes = [...counted.codes].sort(([, a], [, b]) => b - a).map(([code, times]) => `${code} ${times}`);
  console.log(
    [
      `fuzz: ${events} events (seed ${seed}), ${operations.length} operations, ${triggers.length} triggers, ${(tookMs / 1000).toFixed(1)} s`,
      `valid and equal to the SDK: ${counted.validSucceeded} (${share(counted.validSucceeded, events)}) of ${counted.valid}`,
      `hostile: ${counted.hostile}, of which ${counted.hostileSucceeded} succeeded`,
      `rejected: ${codes.join(', ')}`,
      `memory: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
    ].join('\n'),
  );
}
