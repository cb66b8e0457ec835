import http from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { kmsInput } from '../../../shared/declaration/kms-input.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { authorization } from '../../support/call.ts';
import { describeSchema } from '../../support/describe.ts';
import { useEmulator } from '../../support/emulator.ts';
import { isSoak, operations } from '../../support/operations.ts';
import { createMutations } from './mutations.ts';

const used = useEmulator();
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
afterAll(() => agent.destroy());

interface Outcome {
  readonly status: number;
  readonly code: string | undefined;
}

/** Calls the emulator without an SDK, so that a hundred thousand calls take minutes instead of hours. */
function call(operation: string, body: unknown): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `TrentService.${operation}`,
      authorization: authorization(),
    };
    const request = http.request(
      used.emulator.endpoint,
      { method: 'POST', agent, headers, timeout: 10_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const json = text === '' ? {} : (JSON.parse(text) as { __type?: string });
          resolve({ status: response.statusCode ?? 0, code: json.__type });
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error(`${operation} did not respond.`)));
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

const shapeErrors = new Set(['ValidationException', 'SerializationException']);

describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
  const mutations = createMutations(describeSchema(kmsInput(operation)), operation.example.input);

  test('the operation returns 200 for its declared example', async () => {
    await used.emulator.restoreSeed();
    expect(await call(name, operation.example.input)).toEqual({ status: 200, code: undefined });
  });

  test.runIf(mutations.length > 0)('the operation returns the expected error for each invalid request', async () => {
    for (const { title, code, body } of mutations) {
      expect([title, await call(name, body)]).toEqual([title, { status: 400, code }]);
    }
  });
});

const rounds = isSoak ? 100_000 : 300;

test(`the emulator returns 200 or a declared error for ${rounds} random requests, and 200 for at least 30 % of them`, {
  timeout: 3_600_000,
}, async () => {
  const seed = isSoak ? Date.now() : 1;
  let state = seed >>> 0;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const junk = [
    null,
    '',
    'x',
    0,
    -1,
    1e300,
    true,
    [],
    {},
    [[]],
    { a: { b: 'c' } },
    '\u0000',
    '__proto__',
    'a'.repeat(10_000),
  ];
  // Some paginated operations do not declare InvalidMarkerException.
  const expectedErrors = (operation: Operation) =>
    new Set([
      ...operation.errors,
      ...shapeErrors,
      'AccessDeniedException',
      'NotAuthorizedException',
      'InvalidMarkerException',
    ]);
  let successes = 0;
  const run = async (operation: Operation) => {
    const { example } = operation;
    const isInvalid = random(10) < 5;
    const members = Object.keys(kmsInput(operation)._zod.def.shape);
    const changed = [...members, 'Unknown', '__proto__'][random(members.length + 2)] ?? 'Unknown';
    const body = isInvalid
      ? Object.fromEntries([...Object.entries(example.input), [changed, junk[random(junk.length)]]])
      : example.input;
    const { status, code } = await call(operation.name, body);
    if (status === 200) successes += 1;
    else
      expect([operation.name, status, expectedErrors(operation).has(code ?? '')]).toEqual([operation.name, 400, true]);
  };
  for (let done = 0; done < rounds; done += 100) {
    await used.emulator.restoreSeed();
    await Promise.all(Array.from({ length: 100 }, () => run(operations[random(operations.length)]!)));
  }
  if (isSoak)
    console.log(
      `conformance: seed ${seed}, ${rounds} requests, ${((100 * successes) / rounds).toFixed(1)} % succeeded`,
    );
  expect(successes / rounds).toBeGreaterThan(0.3);
});
