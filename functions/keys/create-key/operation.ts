import * as z from 'zod/mini';
import { idempotencyKeyPattern } from '../../../shared/declaration/idempotency-key.ts';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const createKey = defineOperation({
  name: 'CreateKey',
  group: 'keys',
  summary: 'Creates a key.',
  routes: [{ method: 'POST', path: '/keys', status: 201 }],
  input: z.strictObject({
    Policy: z.optional(shapes.policy()),
    Description: z.optional(shapes.description()),
    KeyUsage: z.optional(shapes.keyUsage()),
    CustomerMasterKeySpec: z.optional(shapes.customerMasterKeySpec()),
    KeySpec: z.optional(shapes.keySpec()),
    Origin: z.optional(shapes.origin()),
    CustomKeyStoreId: z.optional(shapes.customKeyStoreId()),
    BypassPolicyLockoutSafetyCheck: z.optional(z.boolean()),
    Tags: z.optional(shapes.tags()),
    MultiRegion: z.optional(z.boolean()),
    XksKeyId: z.optional(shapes.text(1, 128, /^[a-zA-Z0-9-_.]+$/)),
    IdempotencyKey: z.optional(shapes.text(1, 128, idempotencyKeyPattern)),
  }),
  ownMembers: ['IdempotencyKey'],
  ownErrors: [
    'IdempotencyInProgressError',
    'IdempotencyUnfinishedError',
    'IdempotencyKeyReusedError',
    'IdempotencyUnavailableError',
  ],
  output: () => z.object({ KeyMetadata: shapes.keyMetadata() }),
  sensitive: [],
  errors: [
    'MalformedPolicyDocumentException',
    'DependencyTimeoutException',
    'InvalidArnException',
    'UnsupportedOperationException',
    'KMSInternalException',
    'LimitExceededException',
    'TagException',
    'CustomKeyStoreNotFoundException',
    'CustomKeyStoreInvalidStateException',
    'CloudHsmClusterInvalidConfigurationException',
    'XksKeyInvalidConfigurationException',
    'XksKeyAlreadyInUseException',
    'XksKeyNotFoundException',
  ],
  permissions: [
    { action: 'kms:CreateKey', resource: 'any', tagOf: 'request' },
    { action: 'kms:TagResource', resource: 'key', tagOf: 'request' },
    // If the request contains a key policy, KMS checks that the caller may change it
    // (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html).
    { action: 'kms:PutKeyPolicy', resource: 'key', tagOf: 'newKey' },
    // Required for multi-Region keys
    // (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-auth-slr.html).
    { action: 'iam:CreateServiceLinkedRole', resource: { service: 'mrk.kms.amazonaws.com' } },
  ],
  serviceTag: 'added',
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: {
    safeWith: 'IdempotencyKey',
    check:
      'Before you send the request again, look for a key whose tag kms-functions:request-id contains this request id.',
  },
  timeLimit: 'long',
  lifecycleEvent: 'Key Created',
  example: {
    input: { Description: 'Created by the sample event', Tags: [{ TagKey: 'purpose', TagValue: 'example' }] },
  },
});
