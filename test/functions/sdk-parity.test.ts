import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderName, type Operation } from '../../shared/declaration/operation.ts';
import { type Bundles, buildBundles } from '../support/bundles.ts';
import { useEmulator } from '../support/emulator.ts';
import { pointAt } from '../support/handlers.ts';
import { eventOn, type HttpEventV2, inBase64, toV1 } from '../support/http-events.ts';
import { operationRows, routeRows } from '../support/operations.ts';
import { invoke } from '../support/outcome.ts';
import { expectSameAnswer } from '../support/same-answer.ts';
import { callSdk } from '../support/sdk-call.ts';

const used = useEmulator();
let bundles: Bundles;

beforeAll(async () => {
  pointAt(used.emulator.endpoint);
  bundles = await buildBundles();
});
afterAll(() => bundles.remove());

/** Every call finds the seeded keys as the seed has them. */
async function sdkAnswer(operation: Operation): Promise<unknown> {
  await used.emulator.restoreSeed();
  const answer = await callSdk(used.client, operation, operation.example.input);
  expect(answer).toMatchObject({ ok: true });
  return answer.ok ? answer.body : undefined;
}

async function expectTheSdksAnswer(operation: Operation, event: unknown, status: number): Promise<void> {
  const first = await sdkAnswer(operation);
  const second = await sdkAnswer(operation);
  await used.emulator.restoreSeed();
  const outcome = await invoke(bundles.load(operation), event);
  expect(outcome).toMatchObject({ ok: true, status });
  if (outcome.ok) expectSameAnswer(outcome.body, first, second);
}

function sampleEvent(operation: Operation, trigger: string): unknown {
  return JSON.parse(readFileSync(`events/${trigger}/${folderName(operation)}.json`, 'utf8'));
}

describe('the sample events, by the bundle that is deployed', () => {
  const forms: Record<string, (event: HttpEventV2) => unknown> = {
    'payload 2.0': (event) => event,
    'payload 2.0, body in base64': inBase64,
    'payload 1.0': toV1,
    'payload 1.0, body in base64': (event) => toV1(inBase64(event)),
  };

  describe.each(Object.entries(forms))('%s', (_, form) => {
    test.for(operationRows)('$name answers what the SDK gets', async ({ operation }) => {
      const event = form(sampleEvent(operation, 'http') as HttpEventV2);
      await expectTheSdksAnswer(operation, event, operation.routes[0].status);
    });
  });

  test.for(operationRows)('direct: $name answers what the SDK gets', async ({ operation }) => {
    await expectTheSdksAnswer(operation, sampleEvent(operation, 'direct'), 200);
  });

  test.for(routeRows)('by each of its routes: $name', async ({ operation, route }) => {
    await expectTheSdksAnswer(operation, eventOn(operation, route), route.status);
  });
});

describe('a route', () => {
  test.for(routeRows)('answers 201 only where it makes something: $name', ({ operation, route }) => {
    expect(route.status).toBe(/^Create|^Replicate/.test(operation.name) ? 201 : 200);
  });

  test.for(operationRows)('of another operation is a 404: $name', async ({ operation }) => {
    const event = { ...eventOn(operation, operation.routes[0]), routeKey: 'PATCH /keys' };
    expect(await invoke(bundles.load(operation), event)).toMatchObject({ ok: false, code: 'RouteNotFoundError' });
  });
});
