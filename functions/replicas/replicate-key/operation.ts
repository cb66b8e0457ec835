import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const replicateKey = defineOperation({
  name: 'ReplicateKey',
  group: 'replicas',
  summary: 'Creates a replica of a multi-Region key in another Region.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/replicas', status: 201 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    ReplicaRegion: shapes.region(),
    Policy: z.optional(shapes.policy()),
    BypassPolicyLockoutSafetyCheck: z.optional(z.boolean()),
    Description: z.optional(shapes.description()),
    Tags: z.optional(shapes.tags()),
  }),
  output: () =>
    z.object({
      ReplicaKeyMetadata: shapes.keyMetadata(),
      ReplicaPolicy: z.string(),
      ReplicaTags: z.optional(shapes.responseTags()),
    }),
  sensitive: [],
  errors: [
    'AlreadyExistsException',
    'DisabledException',
    'InvalidArnException',
    'KMSInvalidStateException',
    'KMSInternalException',
    'LimitExceededException',
    'MalformedPolicyDocumentException',
    'NotFoundException',
    'TagException',
    'UnsupportedOperationException',
  ],
  permissions: [
    // Replication also requires CreateKey in the replica's Region
    // (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html).
    { action: 'kms:ReplicateKey', resource: 'key', regionKey: 'kms:ReplicaRegion' },
    { action: 'kms:CreateKey', resource: 'any', tagOf: 'request', regionKey: 'aws:RequestedRegion', isReplica: true },
    { action: 'kms:TagResource', resource: 'key', tagOf: 'request' },
    // If the request contains a key policy, KMS checks that the caller may change it
    // (https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html).
    { action: 'kms:PutKeyPolicy', resource: 'key', tagOf: 'newKey' },
  ],
  serviceTag: 'added',
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  // AWS counts two CreateKey requests in the replica's Region, one of which is a dry run.
  remoteRequests: { operation: 'CreateKey', regionMember: 'ReplicaRegion', count: 2 },
  retrySafety: {
    check:
      "Before you send the request again, call DescribeKey: MultiRegionConfiguration lists the replicas. The new replica's tag kms-functions:request-id contains this request id.",
  },
  timeLimit: 'long',
  lifecycleEvent: 'Key Replicated',
  example: {
    input: { KeyId: 'mrk-5a4d1e00000040008000000000000201', ReplicaRegion: 'eu-west-1' },
    seed: { Keys: [{ KeyId: 'mrk-5a4d1e00000040008000000000000201', MultiRegion: true }] },
  },
});
