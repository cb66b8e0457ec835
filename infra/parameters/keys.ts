import * as z from 'zod';
import { listOf, onOff, parameter, wholeNumber } from './parameter.ts';

const cacheNames = ['seconds', 'messages', 'bytes'] as const;
const cacheMaximum = { seconds: 3_600, messages: 1_000_000, bytes: 1_000_000_000_000 } as const;

/** Accepts all three limits of a cache, because each default would be wrong for some deployment. */
const cacheLimits = listOf(z.string().regex(/^[a-z]+:[1-9]\d{0,12}$/))
  .transform((pairs) => Object.fromEntries(pairs.map((pair) => pair.split(':') as [string, string])))
  .transform((limits) => cacheNames.map((name) => Number(limits[name])))
  .refine((limits) => limits.every((limit, index) => limit <= cacheMaximum[cacheNames[index] ?? 'seconds']))
  .transform(([seconds = 0, messages = 0, bytes = 0]) => ({ seconds, messages, bytes }));

export const keyParameters = {
  operations: parameter({
    schema: z.string(),
    default: 'default',
    rule: 'must be `all`, or a list of groups (such as `keys`), operations (such as `Encrypt`) and `default`',
    description:
      'Operations to deploy. `default` includes the groups `keys`, `aliases`, `rotation` and `crypto`. The Health operation is always deployed.',
    example: 'default,batch,ListGrants',
    local: { applied: true, note: 'By default, it has all operations.' },
  }),
  keyScope: parameter({
    schema: z.enum(['service', 'account']),
    default: 'service',
    rule: 'must be `service` or `account`',
    description:
      'Keys that the functions may use. `service` allows only keys with the service tag. `account` allows every key in the account whose key policy permits access through IAM policies.',
    example: 'account',
    local: { applied: true, note: 'By default, `account`, so that callers can use the sample keys.' },
  }),
  serviceTag: parameter({
    // The pattern excludes `${` and `*`, because IAM interprets them in condition values.
    schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:/=+@-]{0,127}$/),
    unset: '`kms-functions-STAGE`',
    rule: 'must be 1 to 128 characters from `A-Z a-z 0-9 _ . : / = + @ -`, beginning with a letter or digit',
    description:
      "Value of the service tag, whose key is `kms-functions:service`. Deployments with the same value can use the same keys. If you change this parameter, the functions reject all older keys until an administrator replaces the keys' tags.",
    example: 'payments-keys',
    local: { applied: true, note: 'The functions then reject the sample keys, unless `keyScope` is `account`.' },
  }),
  regions: parameter({
    schema: listOf(z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/)),
    unset: "only the service's Region",
    rule: 'must be a list of Regions, such as `eu-west-1,eu-central-1`',
    description:
      'Additional Regions. Callers may use keys in these Regions by key ARN. ReplicateKey and UpdatePrimaryRegion require this parameter, and accept these Regions as targets.',
    example: 'eu-west-1,eu-central-1',
    local: { applied: true },
  }),
  minPendingWindowDays: parameter({
    schema: wholeNumber(7, 30),
    default: '7',
    rule: 'must be a whole number from 7 to 30',
    description: 'Shortest waiting period, in days, that callers may request when they schedule a key deletion.',
    example: '14',
    local: { applied: true },
  }),
  deletionGuardDays: parameter({
    schema: wholeNumber(0, 365),
    unset: '`7`, or `0` in stage `local`',
    rule: 'must be a whole number from 0 to 365',
    description:
      'ScheduleKeyDeletion and DeleteImportedKeyMaterial reject a key that was used in this number of days, or whose use is unknown, unless the request contains `Force` ([details](../guides/deleting-keys.md)). `0` disables the check.',
    example: '30',
    local: { applied: true },
  }),
  allowedPrincipals: parameter({
    schema: listOf(
      z.string().regex(/^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:\S+|[a-z0-9.-]+\.amazonaws\.com(\.cn)?)$/),
    ),
    unset: 'only principals in the account',
    rule: 'must be a list of account ids, IAM or STS principal ARNs, and service principals, or `*`',
    description:
      'Principals outside the account that callers may add to key policies and grants. Callers may always add principals in the account.',
    example: '111122223333,cloudtrail.amazonaws.com',
    local: { applied: true },
  }),
  dataKeyCache: parameter({
    schema: cacheLimits,
    unset: 'no cache: Seal and Open request a data key from KMS for each message',
    rule: 'must be `seconds:COUNT,messages:COUNT,bytes:COUNT`, with at most 3600 seconds, 1000000 messages and 1000000000000 bytes',
    description:
      "Limits of the data key cache of Seal and Open. An instance of the function uses a data key for at most this time, number of messages and number of bytes. The cache never shares a data key between callers, tenants, keys or encryption contexts. For a cached data key, KMS does not check the key's state or policies, and CloudTrail has no entry ([details](../guides/seal-and-open.md#the-data-key-cache)).",
    example: 'seconds:300,messages:1000,bytes:1000000000',
    local: { applied: true },
  }),
  idempotency: parameter({
    schema: onOff,
    default: 'off',
    rule: 'must be `on` or `off`',
    description:
      'Lets callers send an idempotency key with CreateKey, so that a repeated request does not create a second key ([guide](../guides/safe-retries.md)). Adds a DynamoDB table for the results of the last 24 hours.',
    example: 'on',
    local: { applied: true, note: 'A file replaces the DynamoDB table.' },
  }),
  bulk: parameter({
    schema: onOff,
    default: 'off',
    rule: 'must be `on` or `off`',
    description:
      'Adds a state machine that re-encrypts lists of ciphertexts in S3 under another key ([guide](../guides/re-encrypting.md#on-aws)). Adds a bucket for the lists and their results, a function and two roles. Requires the operation ReEncryptBatch.',
    example: 'on',
    local: { applied: false, reason: 'the state machine requires Step Functions and S3' },
    needs: [{ parameter: 'operations', when: /^on$/ }],
  }),
  grantOperations: parameter({
    schema: listOf(z.string().regex(/^[A-Z][A-Za-z]+$/)),
    unset: 'all grant operations except CreateGrant',
    rule: 'must be a list of grant operations, such as `Encrypt,Decrypt`',
    description:
      'Operations that callers may allow in grants. Include CreateGrant only if grantees may create more grants.',
    example: 'Encrypt,Decrypt,DescribeKey',
    local: { applied: true },
  }),
};
