import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { folderName, type Operation } from '../../shared/declaration/operation.ts';
import { type Bundles, buildBundles } from '../support/bundles.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { buildHttpEvent, encodeBody, type HttpEventV2, toV1 } from '../support/http-events.ts';
import { operationRows, routeRows } from '../support/operations.ts';
import { invoke } from '../support/outcome.ts';
import { expectSameResponse } from '../support/same-response.ts';
import { exampleResponses } from '../support/sdk-call.ts';

const used = useEmulator();
let bundles: Bundles;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  bundles = await buildBundles();
}, 120_000);

function sampleEvent(operation: Operation, trigger: string): unknown {
  return JSON.parse(readFileSync(`events/${trigger}/${folderName(operation)}.json`, 'utf8'));
}

const forms: Record<string, (operation: Operation) => unknown> = {
  'payload 2.0': (operation) => sampleEvent(operation, 'http'),
  'payload 2.0 with a base64 body': (operation) => encodeBody(sampleEvent(operation, 'http') as HttpEventV2),
  'payload 1.0': (operation) => toV1(sampleEvent(operation, 'http') as HttpEventV2),
  'payload 1.0 with a base64 body': (operation) => toV1(encodeBody(sampleEvent(operation, 'http') as HttpEventV2)),
};

describe.for(operationRows)('the deployed bundle of $name', ({ operation }) => {
  let responses: readonly [unknown, unknown];
  beforeAll(async () => {
    responses = await exampleResponses(used.client, operation, () => used.emulator.restoreSeed());
  });

  async function expectSdkResponse(event: unknown, status: number): Promise<void> {
    await used.emulator.restoreSeed();
    const outcome = await invoke(bundles.load(operation), event);
    expect(outcome).toMatchObject({ ok: true, status });
    if (outcome.ok) expectSameResponse(outcome.body, ...responses);
  }

  test.for(Object.entries(forms))(
    'the bundle returns the same response as the SDK for its sample event in %s',
    async ([, form]) => {
      await expectSdkResponse(form(operation), operation.routes[0].status);
    },
  );

  test('the bundle returns the same response as the SDK for its direct sample event', async () => {
    await expectSdkResponse(sampleEvent(operation, 'direct'), 200);
  });

  test.for(operation.routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'the bundle returns the same response as the SDK on the route %s',
    async ([, route]) => {
      await expectSdkResponse(buildHttpEvent(operation, route), route.status);
    },
  );
});

describe('a route', () => {
  test.for(routeRows)('a route returns 201 only if it creates a resource: $name', ({ operation, route }) => {
    expect(route.status).toBe(/^Create|^Replicate/.test(operation.name) ? 201 : 200);
  });

  test.for(operationRows)('a handler returns 404 for the route of another operation: $name', async ({ operation }) => {
    const event = { ...buildHttpEvent(operation, operation.routes[0]), routeKey: 'PATCH /keys' };
    expect(await invoke(bundles.load(operation), event)).toMatchObject({ ok: false, code: 'RouteNotFoundError' });
  });
});
