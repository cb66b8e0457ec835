import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KMSClient } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { createClient, http, lambda, type Transport } from '../../client/index.ts';
import { folderName, functionName, type Operation } from '../../shared/declaration/operation.ts';
import { toJson } from '../../shared/kms/json.ts';
import { clientFor } from '../support/emulator.ts';
import type { HttpEventV2 } from '../support/http-events.ts';
import { isSoak, operationRows, sampledRows } from '../support/operations.ts';
import { root } from '../support/project-copy.ts';
import { expectSameResponse } from '../support/same-response.ts';
import { exampleResponses } from '../support/sdk-call.ts';

const api = 'http://localhost:3000';
const emulator = 'http://127.0.0.1:4599';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'us-east-1';
const formatFunctionName = (name: string) => `kms-functions-local-${name}`;

let kms: KMSClient;
let invoker: Lambda;

/** Resets the seeded keys, so that every call finds the same keys. */
async function restoreSeed(): Promise<void> {
  const response = await fetch(`${emulator}/_kms/restore-seed`, { method: 'POST' });
  expect(response.ok).toBe(true);
}

function sampleEvent(operation: Operation, trigger: 'http' | 'direct'): unknown {
  return JSON.parse(readFileSync(join(root, 'events', trigger, `${folderName(operation)}.json`), 'utf8'));
}

type Call = (operation: Operation) => Promise<unknown>;

/** Sends the request in the sample event with a plain HTTP client. */
const sendHttp: Call = async (operation) => {
  const event = sampleEvent(operation, 'http') as HttpEventV2;
  const { method } = event.requestContext.http as { method: string };
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  const type = event.headers['content-type'];
  const response = await fetch(`${api}${event.rawPath}${query}`, {
    method,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...(event.body === undefined ? {} : { body: event.body }),
  });
  const body = await response.json();
  expect({ status: response.status, body }).toMatchObject({ status: operation.routes[0].status });
  return body;
};

/** Invokes the function with the AWS SDK's Lambda client. */
const invokeDirectly: Call = async (operation) => {
  const { StatusCode, FunctionError, Payload } = await invoker.invoke({
    FunctionName: formatFunctionName(functionName(operation)),
    Payload: JSON.stringify(sampleEvent(operation, 'direct')),
  });
  const text = new TextDecoder().decode(Payload);
  expect({ StatusCode, FunctionError, text }).toMatchObject({ StatusCode: 200, FunctionError: undefined });
  return JSON.parse(text);
};

type AnyMethod = (input: unknown) => Promise<unknown>;

function callWithClient(transport: () => Transport): Call {
  return async (operation) => {
    const client = createClient({ transport: transport(), retry: { attempts: 1 } });
    const method = client[functionName(operation) as keyof typeof client] as unknown as AnyMethod;
    return toJson(await method(z.parse(operation.input, operation.example.input)));
  };
}

const triggers: Readonly<Record<string, Call>> = {
  'HTTP on port 3000': sendHttp,
  'direct invocation on port 3002': invokeDirectly,
  'the client over HTTP without a signature': callWithClient(() => http({ endpoint: api })),
  'the client over HTTP with a signature': callWithClient(() => http({ endpoint: api, region, credentials })),
  'the client over HTTP with a token': callWithClient(() => http({ endpoint: api, token: 'a.b.c' })),
  'the client with Lambda invocation': callWithClient(() =>
    lambda({ client: invoker, functionName: formatFunctionName }),
  ),
};

/**
 * In a short run, calls one operation per HTTP method, because the service that `npm start` runs treats all operations
 * in the same way.
 */
const rows = isSoak
  ? operationRows
  : sampledRows.filter(
      ({ operation }, index) =>
        index === sampledRows.findIndex((row) => row.operation.routes[0].method === operation.routes[0].method),
    );

/** Registers tests that call the operations in the service that `npm start` runs. */
export function describeEveryOperation(): void {
  beforeAll(() => {
    kms = clientFor(emulator);
    invoker = new Lambda({ endpoint: 'http://localhost:3002', region, credentials, maxAttempts: 1 });
  });
  afterAll(() => {
    kms?.destroy();
    invoker?.destroy();
  });

  describe.for(rows)('$name', ({ operation }) => {
    let responses: readonly [unknown, unknown];
    beforeAll(async () => {
      responses = await exampleResponses(kms, operation, restoreSeed);
    });

    test.for(Object.entries(triggers))(
      'the operation returns the same response as the SDK through %s',
      async ([, call]) => {
        await restoreSeed();
        expectSameResponse(await call(operation), ...responses);
      },
    );
  });
}
