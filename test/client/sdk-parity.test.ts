import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { createClient, http, inProcess, lambda, type Transport } from '../../client/index.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { toJson } from '../../shared/kms/json.ts';
import { type ApiGateway, startApiGateway } from '../support/api-gateway.ts';
import { asInvokable, createInvoker, loadAllHandlers } from '../support/client-transports.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { operationRows, operations, sampledRows } from '../support/operations.ts';
import { expectSameResponse } from '../support/same-response.ts';
import { exampleResponses } from '../support/sdk-call.ts';
import { verifySignature } from '../support/signature.ts';

const used = useEmulator();
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
const token = 'header.claims.signature';
const transports = {} as Record<string, Transport>;
let gateway: ApiGateway;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  const handlers = await loadAllHandlers();
  gateway = await startApiGateway({
    operations,
    loadHandler: async (operation) => handlers[functionName(operation)]!,
    reject: (request) => {
      const { authorization } = request.headers;
      const isAuthorized = authorization === undefined || authorization === `Bearer ${token}`;
      return isAuthorized || verifySignature(request, 'secret') ? undefined : 403;
    },
  });
  const { endpoint } = gateway;
  Object.assign(transports, {
    'http without authorization': http({ endpoint }),
    'http with a signature': http({ endpoint, region: 'us-east-1', credentials }),
    'http with a token': http({ endpoint, token }),
    lambda: lambda({ client: createInvoker(handlers), functionName: (name) => `test-${name}` }),
    inProcess: inProcess({ handlers: asInvokable(handlers) }),
  });
});
afterAll(() => gateway.close());

type AnyMethod = (input: unknown) => Promise<unknown>;

const names = ['http without authorization', 'http with a signature', 'http with a token', 'lambda', 'inProcess'];

describe.each(names)('%s', (name) => {
  // Plain HTTP covers the routes of every operation. The other transports send the same input in a different way.
  const rows = name === 'http without authorization' ? operationRows : sampledRows;

  test.for(rows)("the client's response to $name is the same as the SDK's", async ({ operation }) => {
    const client = createClient({ transport: transports[name]!, retry: { attempts: 1 } });
    const responses = await exampleResponses(used.client, operation, () => used.emulator.restoreSeed());
    await used.emulator.restoreSeed();
    const method = client[functionName(operation) as keyof typeof client] as unknown as AnyMethod;
    const response = await method(z.parse(operation.input, operation.example.input));
    // The output schema converts the SDK's response, so bytes and dates must have the same classes.
    expectSameKinds(response, z.parse(operation.output(), responses[0]));
    expectSameResponse(toJson(response), ...responses);
  });
});

function expectSameKinds(response: unknown, expected: unknown): void {
  const getKind = (value: unknown) => (value instanceof Uint8Array ? 'bytes' : Object.prototype.toString.call(value));
  expect(getKind(response)).toBe(getKind(expected));
  if (typeof expected !== 'object' || expected === null || expected instanceof Uint8Array) return;
  for (const [name, value] of Object.entries(expected)) {
    expectSameKinds((response as Record<string, unknown>)[name], value);
  }
}
