import { isBuiltin } from 'node:module';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../functions/keys/create-key/operation.ts';
import { handlerPath } from '../../infra/function-entry.ts';
import { computeBudget, readBudget } from '../../scripts/bundle-budget.ts';
import { acceptsIdempotencyKey } from '../../shared/declaration/idempotency-key.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { type Bundles, buildBundles } from '../support/bundles.ts';
import { allOperations } from '../support/operations.ts';

const rows = allOperations.map((operation) => ({ name: operation.name, operation }));
/** The limits of bundles. Only the operations for messages contain the message codec. */
const maxBytes = (operation: Operation) => (operation.group === 'envelope' ? 270_000 : 225_000);

describe('a bundle', () => {
  let bundles: Bundles;
  beforeAll(async () => {
    bundles = await buildBundles();
  });

  test.for(rows)('a bundle has at most 225,000 bytes, or 270,000 with the message codec: $name', ({ operation }) => {
    expect(bundles.bytes(operation)).toBeLessThanOrEqual(maxBytes(operation));
  });

  test('the bundles match the budget of bytes and packages that npm run generate updates', () => {
    const budget = readBudget();
    expect(computeBudget(bundles.metafile, allOperations, budget)).toEqual(budget);
  });

  test.for(rows)('a bundle loads only Node.js modules at run time: $name', ({ operation }) => {
    expect(bundles.externals(operation).filter((name) => !isBuiltin(name))).toEqual([]);
  });

  test.for(rows)(
    'a bundle contains only its handler, packages and files in functions/ and shared/, and the message codec only in the group envelope: $name',
    ({ operation }) => {
      const ours = bundles.inputs(operation).filter((file) => !file.startsWith('node_modules/'));
      expect(ours.filter((file) => file.endsWith('/handler.ts'))).toEqual([`${handlerPath(operation)}.ts`]);
      const isEnvelope = operation.group === 'envelope';
      const allowed = isEnvelope ? /^(functions|shared|envelope(?!\/web))\// : /^(functions|shared)\//;
      expect(ours.filter((file) => !allowed.test(file))).toEqual([]);
      expect(ours.some((file) => file.startsWith('envelope/'))).toBe(isEnvelope);
      expect(ours.some((file) => file === 'shared/handler/octet-stream.ts')).toBe(isEnvelope);
    },
  );

  test.for(rows)(
    'a bundle contains no credential provider chain, event streams or AWS clients except KMS: $name',
    ({ operation }) => {
      const unwanted =
        /credential-provider-(?!env\/|node\/dist-es\/index)|event-?stream(?!s\/index)|client-(?!kms\/)[a-z-]+\/|token-providers/;
      const inputs = bundles.inputs(operation);
      expect(inputs.filter((file) => unwanted.test(file))).toEqual([]);
      expect(inputs.filter((file) => /aws-xray/.test(file))).toEqual([]);
    },
  );
});

describe('the bundle of CreateKey with idempotency keys', () => {
  let bundles: Bundles;
  beforeAll(async () => {
    bundles = await buildBundles();
  });

  test('the bundle with idempotency keys has at most 330,000 bytes', () => {
    expect(bundles.idempotent(createKey).bytes).toBeLessThanOrEqual(330_000);
  });

  test('the bundle with idempotency keys contains the clients of DynamoDB and of the Resource Groups Tagging API', () => {
    const clients = bundles.idempotent(createKey).inputs.map((file) => /@aws-sdk\/(client-[a-z-]+)\//.exec(file)?.[1]);
    expect(new Set(clients.filter((name) => name !== undefined))).toEqual(
      new Set(['client-dynamodb', 'client-kms', 'client-resource-groups-tagging-api']),
    );
  });

  test.for(rows)('no other bundle contains code for idempotency keys: $name', ({ operation }) => {
    const inputs = bundles.inputs(operation).filter((file) => /idempoten|dynamodb|resource-groups/.test(file));
    const rejection = ['shared/declaration/idempotency-key.ts', 'shared/idempotency/read-idempotency-key.ts'];
    expect(inputs.toSorted()).toEqual(acceptsIdempotencyKey(operation) ? rejection : []);
  });
});

test('the declarations import no packages except zod', async () => {
  const { metafile } = await build({
    entryPoints: ['functions/operations.ts'],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const packages = Object.keys(metafile.inputs)
    .filter((file) => file.startsWith('node_modules/'))
    .map((file) => file.split('/')[1]);
  expect([...new Set(packages)]).toEqual(['zod']);
});
