import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionName } from '../../shared/declaration/operation.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';
import {
  answerSchema,
  type DocumentedOperation,
  documentedOperations,
  type ExampleRequest,
  exampleRequest,
  expectToFit,
} from '../support/openapi.ts';
import { sampledRows } from '../support/operations.ts';

const used = useEmulator();
let stage: LocalStage;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startLocalStage();
});
afterAll(() => stage.close());

test.for(documentedOperations)('the example of $name fits its own schema, and is answered by it', async (row) => {
  await used.emulator.restoreSeed();
  const { target, init } = exampleRequest(row);
  for (const [index, { example }] of (row.operation.parameters ?? []).entries()) {
    if (example !== undefined) expectToFit(`${row.pointer}/parameters/${index}/schema`, example);
  }
  if (init.body !== undefined) {
    expectToFit(`${row.pointer}/requestBody/content/application~1json/schema`, JSON.parse(String(init.body)));
  }
  const response = await fetch(stage.url + target, init);
  const body = await response.json();
  expect(Object.keys(row.responses)[0], JSON.stringify(body)).toBe(String(response.status));
  expectToFit(answerSchema(row, String(response.status), 'application/json'), body);
  const sample = row.responses[response.status]?.content?.['application/json']?.example;
  expectToFit(answerSchema(row, String(response.status), 'application/json'), sample);
  expect(outlineOf(body)).toEqual(outlineOf(sample));
});

/** The members of an answer and the kinds of their values; of a list, those of its first entry. */
function outlineOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(outlineOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, outlineOf(inner)]));
}

interface Wrong {
  readonly wrong: string;
  /** The operations whose example can be made wrong so. */
  readonly where: (row: DocumentedOperation) => boolean;
  readonly change: (request: ExampleRequest) => ExampleRequest;
  readonly statuses: readonly number[];
}

const json = { 'content-type': 'application/json' };
const hasBody = ({ method }: DocumentedOperation) => method === 'POST' || method === 'PUT';
const named = /^\/(keys|aliases|key-stores)\/[^/?]+/;

const wrongs: readonly Wrong[] = [
  {
    wrong: 'an unknown member',
    where: () => true,
    change: ({ target, init }) => ({ target: `${target}${target.includes('?') ? '&' : '?'}NoSuchMember=1`, init }),
    statuses: [400],
  },
  {
    wrong: 'a body that is not JSON',
    where: hasBody,
    change: ({ target, init }) => ({ target, init: { ...init, headers: json, body: '{' } }),
    statuses: [400],
  },
  {
    wrong: 'a body where none belongs',
    where: ({ method }) => method === 'DELETE',
    change: ({ target, init }) => ({ target, init: { ...init, headers: json, body: '{}' } }),
    statuses: [400],
  },
  {
    wrong: 'a body of another type',
    where: hasBody,
    change: ({ target, init }) => ({ target, init: { ...init, headers: { 'content-type': 'text/plain' }, body: 'x' } }),
    statuses: [415],
  },
  {
    wrong: 'a body that is too large',
    where: hasBody,
    change: ({ target, init }) => ({ target, init: { ...init, headers: json, body: ' '.repeat(2 ** 20 + 1) } }),
    statuses: [413],
  },
  {
    wrong: 'a key, alias or store that is not there',
    where: ({ path }) => named.test(path),
    change: ({ target, init }) => ({ target: target.replace(named, '/$1/alias.not.there'), init }),
    statuses: [400, 404],
  },
];

const sampled = new Set(sampledRows.map(({ operation }) => functionName(operation)));
const sampledOperations = documentedOperations.filter(({ name }) => sampled.has(name));

describe.each(wrongs)('$wrong', ({ where, change, statuses }) => {
  test.for(sampledOperations.filter(where))('is answered as the document says: $name', async (row) => {
    const { target, init } = change(exampleRequest(row));
    const response = await fetch(stage.url + target, init);
    expect(statuses).toContain(response.status);
    const mediaType = response.headers.get('content-type') ?? '';
    expectToFit(answerSchema(row, String(response.status), mediaType), await response.json());
  });
});
