import { serviceTagKey } from '../../../shared/config/resource-names.ts';
import { type Check, expectRefusal } from '../check.ts';
import { documentationAccount } from '../created-resources.ts';
import { getKey, type Run } from '../run.ts';
import { createKey } from './keys.ts';

export const policyChecks: readonly Check[] = [
  {
    name: 'policy',
    title: "Policies: CreateKey with a key policy passes KMS's lockout safety check",
    functions: ['createKey'],
    after: ['create'],
    run: async (run) => {
      const { arn } = await createKey(run, 'policy', { Policy: buildPolicy(run) });
      return arn;
    },
  },
  {
    name: 'foreign policy',
    title: 'Policies: a key policy that allows another account is rejected',
    functions: ['createKey'],
    after: ['create'],
    skip: findUnboundedReason,
    run: (run) =>
      expectPolicyRefusal(run, {
        Effect: 'Allow',
        Principal: { AWS: buildRoot(run, documentationAccount) },
        Action: 'kms:DescribeKey',
        Resource: '*',
      }),
  },
  {
    name: 'denying policy',
    title: 'Policies: a key policy that denies access later is rejected',
    functions: ['createKey'],
    after: ['create'],
    skip: findUnboundedReason,
    run: (run) =>
      expectPolicyRefusal(run, {
        Effect: 'Deny',
        Principal: '*',
        Action: 'kms:GenerateMac',
        Resource: '*',
        Condition: { DateGreaterThan: { 'aws:CurrentTime': '2999-01-01T00:00:00Z' } },
      }),
  },
  {
    name: 'lockout bypass',
    title: 'Policies: a request to bypass the lockout safety check is rejected',
    functions: ['createKey'],
    after: ['create'],
    skip: findUntaggedReason,
    run: (run) =>
      expectRefusal(createKey(run, 'lockout bypass', { BypassPolicyLockoutSafetyCheck: true }), [
        'ValidationException',
      ]),
  },
  {
    name: 'service tag',
    title: 'Policies: a caller cannot change the service tag',
    functions: ['tagResource'],
    after: ['usable'],
    skip: findUntaggedReason,
    run: (run) =>
      expectRefusal(
        run.http.tagResource({
          KeyId: getKey(run, 'create').id,
          Tags: [{ TagKey: serviceTagKey, TagValue: 'changed' }],
        }),
        ['ValidationException'],
      ),
  },
];

/** Returns the reason why key policies have no bounds, or `undefined` if they have. */
function findUnboundedReason({ stage }: Run): string | undefined {
  return stage.config.policyBounds === undefined ? 'stage local has no bounds for policies without auth' : undefined;
}

/** Returns the reason why keys have no service tag, or `undefined` if they have one. */
function findUntaggedReason({ stage }: Run): string | undefined {
  return stage.config.serviceTag === undefined ? 'stage local has no service tag without roles' : undefined;
}

/**
 * Expects the service to reject a key policy with this statement. If KMS accepts the policy, the clean-up can still
 * delete the key.
 */
function expectPolicyRefusal(run: Run, statement: object): Promise<string> {
  return expectRefusal(createKey(run, 'refused policy', { Policy: buildPolicy(run, statement) }), [
    'CallerNotAllowedError',
  ]);
}

/** Builds a policy that lets the account manage the key (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html). */
export function buildPolicy(run: Run, ...more: readonly object[]): string {
  const account = {
    Effect: 'Allow',
    Principal: { AWS: buildRoot(run, run.stage.accountId) },
    Action: 'kms:*',
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [account, ...more] });
}

function buildRoot({ stage }: Run, account: string): string {
  return `arn:${stage.partition}:iam::${account}:root`;
}
