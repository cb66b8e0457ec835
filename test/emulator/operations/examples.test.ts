import { expect, test } from 'vitest';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { useEmulator } from '../../support/emulator.ts';
import { operations } from '../../support/operations.ts';

const used = useEmulator();

const authorization =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0';

async function call({ name, example }: Operation) {
  const response = await fetch(used.emulator.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `TrentService.${name}`, authorization },
    body: JSON.stringify(example.input),
  });
  return { status: response.status, body: await response.text() };
}

test.for(operations.map((operation) => [operation.name, operation] as const))(
  'the %s example succeeds with the default seed, and again after the seed is restored',
  async ([, operation]) => {
    expect(await call(operation)).toMatchObject({ status: 200 });
    await used.emulator.restoreSeed();
    expect(await call(operation)).toMatchObject({ status: 200 });
  },
);
