import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionName } from '../../shared/declaration/operation.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';
import {
  buildExampleRequest,
  type DocumentedOperation,
  documentedOperations,
  type ExampleRequest,
  expectToMatch,
  responseSchema,
} from '../support/openapi.ts';
import { isSoak, sampledRows } from '../support/operations.ts';

const used = useEmulator();
let stage: LocalStage;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startLocalStage();
});
afterAll(() => stage.close());

test.for(documentedOperations)(
  'the request and response examples for $name match their schemas and the actual response',
  async (row) => {
    await used.emulator.restoreSeed();
    const { target, init } = buildExampleRequest(row);
    for (const [index, { example }] of (row.operation.parameters ?? []).entries()) {
      if (example !== undefined) expectToMatch(`${row.pointer}/parameters/${index}/schema`, example);
    }
    if (init.body !== undefined) {
      expectToMatch(`${row.pointer}/requestBody/content/application~1json/schema`, JSON.parse(String(init.body)));
    }
    const response = await fetch(stage.url + target, init);
    const body = await response.json();
    expect(Object.keys(row.responses)[0], JSON.stringify(body)).toBe(String(response.status));
    expectToMatch(responseSchema(row, String(response.status), 'application/json'), body);
    const sample = row.responses[response.status]?.content?.['application/json']?.example;
    expectToMatch(responseSchema(row, String(response.status), 'application/json'), sample);
    expect(readOutline(body)).toEqual(readOutline(sample));
  },
);

/** Returns the members of a response and the types of their values. Lists are reduced to their first item. */
function readOutline(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(readOutline);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, readOutline(inner)]));
}

interface InvalidRequest {
  readonly name: string;
  /** Returns whether an operation's example can be changed to this invalid request. */
  readonly appliesTo: (row: DocumentedOperation) => boolean;
  readonly change: (request: ExampleRequest) => ExampleRequest;
  readonly statuses: readonly number[];
}

const json = { 'content-type': 'application/json' };
const hasBody = ({ method }: DocumentedOperation) => method === 'POST' || method === 'PUT';
const named = /^\/(keys|aliases|key-stores)\/[^/?]+/;

const invalidRequests: readonly InvalidRequest[] = [
  {
    name: 'an unknown member',
    appliesTo: () => true,
    change: ({ target, init }) => ({ target: `${target}${target.includes('?') ? '&' : '?'}NoSuchMember=1`, init }),
    statuses: [400],
  },
  {
    name: 'a body that is not JSON',
    appliesTo: hasBody,
    change: ({ target, init }) => ({ target, init: { ...init, headers: json, body: '{' } }),
    statuses: [400],
  },
  {
    name: 'a body on a route without a body',
    appliesTo: ({ method }) => method === 'DELETE',
    change: ({ target, init }) => ({ target, init: { ...init, headers: json, body: '{}' } }),
    statuses: [400],
  },
  {
    name: 'a body with an unsupported media type',
    appliesTo: hasBody,
    change: ({ target, init }) => ({ target, init: { ...init, headers: { 'content-type': 'text/plain' }, body: 'x' } }),
    statuses: [415],
  },
  {
    name: 'a body that is too large',
    appliesTo: hasBody,
    change: ({ target, init }) => ({ target, init: { ...init, headers: json, body: ' '.repeat(2 ** 20 + 1) } }),
    statuses: [413],
  },
  {
    name: 'an unknown key, alias or key store',
    appliesTo: ({ path }) => named.test(path),
    change: ({ target, init }) => ({ target: target.replace(named, '/$1/alias.not.there'), init }),
    statuses: [400, 404],
  },
];

const sampled = new Set(sampledRows.map(({ operation }) => functionName(operation)));
const sampledOperations = documentedOperations.filter(({ name }) => isSoak || sampled.has(name));

describe.each(invalidRequests)('a request with $name', ({ appliesTo, change, statuses }) => {
  test.for(sampledOperations.filter(appliesTo))(
    'an invalid request with $name returns a documented error response',
    async (row) => {
      const { target, init } = change(buildExampleRequest(row));
      const response = await fetch(stage.url + target, init);
      expect(statuses).toContain(response.status);
      const mediaType = response.headers.get('content-type') ?? '';
      expectToMatch(responseSchema(row, String(response.status), mediaType), await response.json());
    },
  );
});
