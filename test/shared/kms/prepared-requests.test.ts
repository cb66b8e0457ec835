import * as sdk from '@aws-sdk/client-kms';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { verifySignature } from '../../../emulator/authorization/verify-signature.ts';
import { allOperations } from '../../../functions/all-operations.ts';
import { createCall } from '../../../shared/call/call.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import { type Batch, findBatch, type Operation } from '../../../shared/declaration/operation.ts';
import { Attempts } from '../../../shared/kms/attempts.ts';
import { getClient } from '../../../shared/kms/client.ts';
import { kmsError, type Respond, useFaultServer } from '../../support/fault-server.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';

interface Received {
  readonly sourceIp: string;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const kms = useFaultServer();
const rejectKey = kmsError('DisabledException');
let received: Received[];
beforeAll(() => setLocalEnvironment(kms.endpoint));
beforeEach(() => {
  received = [];
  kms.respond = (response, request) => {
    received.push(read(request));
    rejectKey(response, request);
  };
});

function read({ method, url, rawHeaders, headers, body }: Parameters<Respond>[1]): Received {
  return { method, url, rawHeaders, headers: headers as Record<string, string>, body, sourceIp: '127.0.0.1' };
}

const rows = allOperations.flatMap((operation) => {
  const batch = findBatch(operation);
  return batch === undefined ? [] : [{ name: operation.name, operation, batch }];
});

/** Processes an example with three items, and returns the codes of their errors. */
async function callBatch(operation: Operation): Promise<string[]> {
  const { Items, ...input } = operation.example.input as { readonly Items: readonly object[] };
  const items = Array.from({ length: 3 }, (_, index) => ({
    ...Items[index % Items.length],
    Reference: `item ${index}`,
  }));
  const handler = await loadHandler(operation);
  const { Results } = (await handler({ ...input, Items: items }, createContext())) as {
    Results: { Error: { code: string } }[];
  };
  return Results.map(({ Error: error }) => error.code);
}

/** Sends the request with the SDK's client again, and returns what the server received. */
async function repeatWithClient({ of }: Batch, { body }: Received): Promise<Received> {
  const Command = (sdk as unknown as Record<string, new (input: unknown) => sdk.EncryptCommand>)[`${of.name}Command`];
  const config = readFunctionConfig();
  const command = new (Command as NonNullable<typeof Command>)(z.parse(of.input, JSON.parse(body)));
  const attempts = new Attempts(createCall(of, config, 'id', 10_000), { kind: 'attempts', timeLimit: 'usual' });
  await expect(getClient(config, undefined).send(command, { attempts } as object)).rejects.toThrow();
  return received.pop() as Received;
}

/** Removes the values that differ between requests. */
function normalize({ method, url, rawHeaders, body }: Received) {
  const text = rawHeaders.join('\n').replace(/Signature=\w+|(?<=^(x-amz-date|amz-sdk-invocation-id)\n).*$/gm, '');
  return { method, url, headers: text.split('\n'), body };
}

describe('the requests of a batch', () => {
  test.for(rows)('the requests of a batch are those of the SDK: $name', async ({ operation, batch }) => {
    expect(await callBatch(operation)).toEqual(Array.from({ length: 3 }, () => 'DisabledException'));
    const ofBatch = received;
    received = [];
    expect(ofBatch).toHaveLength(3);
    for (const request of ofBatch)
      expect(normalize(request)).toEqual(normalize(await repeatWithClient(batch, request)));
  });

  test.for(rows)('the requests of a batch have their own signatures and ids: $name', async ({ operation }) => {
    await callBatch(operation);
    for (const request of received) expect(() => verifySignature(request, 'test')).not.toThrow();
    const [first] = received;
    expect(() => verifySignature({ ...(first as Received), body: '{}' }, 'test')).toThrow('signature');
    expect(new Set(received.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(3);
  });

  test('a request of a batch is repeated once after a fault, with the same id and body', async () => {
    const [{ operation } = {} as never] = rows;
    const fail = kmsError('KMSInternalException', '', 500);
    kms.respond = (response, request) => {
      received.push(read(request));
      const respond = request.headers['amz-sdk-request'] === 'attempt=1; max=2' ? fail : rejectKey;
      respond(response, request);
    };
    expect(await callBatch(operation)).toEqual(Array.from({ length: 3 }, () => 'DisabledException'));
    const byId = Map.groupBy(received, ({ headers }) => headers['amz-sdk-invocation-id']);
    expect(byId.size).toBe(3);
    for (const [first, second, ...others] of byId.values()) {
      expect(second?.headers['amz-sdk-request']).toBe('attempt=2; max=2');
      expect(second?.body).toBe(first?.body);
      expect(others).toEqual([]);
    }
  });
});
