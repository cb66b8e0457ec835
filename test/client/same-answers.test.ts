import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { createClient, http, inProcess, lambda, type Transport } from '../../client/index.ts';
import { functionName, type Operation } from '../../shared/declaration/operation.ts';
import { toJson } from '../../shared/kms/json.ts';
import { allHandlers, invokable, invokerOf } from '../support/client-transports.ts';
import { useEmulator } from '../support/emulator.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { pointAt } from '../support/handlers.ts';
import { operationRows, operations } from '../support/operations.ts';
import { expectSameAnswer } from '../support/same-answer.ts';
import { callSdk } from '../support/sdk-call.ts';
import { verifySignature } from '../support/signature.ts';

const used = useEmulator();
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
const token = 'header.claims.signature';
const transports = {} as Record<string, Transport>;
let gateway: Gateway;

beforeAll(async () => {
  pointAt(used.emulator.endpoint);
  const handlers = await allHandlers();
  gateway = await startGateway({
    operations,
    handlerOf: async (operation) => handlers[functionName(operation)]!,
    refuse: (request) => {
      const { authorization } = request.headers;
      const isLetIn = authorization === undefined || authorization === `Bearer ${token}`;
      return isLetIn || verifySignature(request, 'secret') ? undefined : 403;
    },
  });
  const { endpoint } = gateway;
  Object.assign(transports, {
    'http, as it is': http({ endpoint }),
    'http, signed': http({ endpoint, region: 'us-east-1', credentials }),
    'http, with a token': http({ endpoint, token }),
    'Lambda invocation': lambda({ client: invokerOf(handlers), functionName: (name) => `test-${name}` }),
    'in process': inProcess({ handlers: invokable(handlers) }),
  });
});
afterAll(() => gateway.close());

async function sdkAnswer(operation: Operation): Promise<unknown> {
  await used.emulator.restoreSeed();
  const answer = await callSdk(used.client, operation, operation.example.input);
  expect(answer).toMatchObject({ ok: true });
  return answer.ok ? answer.body : undefined;
}

type AnyMethod = (input: unknown) => Promise<unknown>;

const names = ['http, as it is', 'http, signed', 'http, with a token', 'Lambda invocation', 'in process'];

describe.each(names)('by %s', (name) => {
  test.for(operationRows)('$name answers what the SDK gets', async ({ operation }) => {
    const client = createClient({ transport: transports[name]!, retry: { attempts: 1 } });
    const first = await sdkAnswer(operation);
    const second = await sdkAnswer(operation);
    await used.emulator.restoreSeed();
    const method = client[functionName(operation) as keyof typeof client] as unknown as AnyMethod;
    const answer = await method(z.parse(operation.input, operation.example.input));
    // Bytes and dates by the declaration: what its own schema makes of the SDK's answer is of the same classes.
    expectSameKinds(answer, z.parse(operation.output(), first));
    expectSameAnswer(toJson(answer), first, second);
  });
});

function expectSameKinds(answer: unknown, expected: unknown): void {
  const kindOf = (value: unknown) => (value instanceof Uint8Array ? 'bytes' : Object.prototype.toString.call(value));
  expect(kindOf(answer)).toBe(kindOf(expected));
  if (typeof expected !== 'object' || expected === null || expected instanceof Uint8Array) return;
  for (const [name, value] of Object.entries(expected)) {
    expectSameKinds((answer as Record<string, unknown>)[name], value);
  }
}
