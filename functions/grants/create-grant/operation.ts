import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const createGrant = defineOperation({
  name: 'CreateGrant',
  group: 'grants',
  summary: 'Creates a grant, which allows a principal to use a key.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/grants', status: 201 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    GranteePrincipal: z.optional(shapes.principalId()),
    RetiringPrincipal: z.optional(shapes.principalId()),
    Operations: shapes.grantOperations(),
    Constraints: z.optional(shapes.grantConstraints()),
    GrantTokens: z.optional(shapes.grantTokens()),
    Name: z.optional(shapes.text(1, 256, /^[a-zA-Z0-9:/_-]+$/)),
    DryRun: z.optional(shapes.dryRun()),
    GranteeServicePrincipal: z.optional(z.string()),
    RetiringServicePrincipal: z.optional(z.string()),
  }),
  output: () => z.object({ GrantToken: z.string(), GrantId: z.string() }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'DisabledException',
    'DependencyTimeoutException',
    'InvalidArnException',
    'KMSInternalException',
    'InvalidGrantTokenException',
    'LimitExceededException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:CreateGrant', resource: 'key' }],
  tenancy: 'grant-constraint',
  crossAccount: true,
  requestQuota: 50,
  retrySafety: {
    safeWith: 'Name',
    check:
      'Before you send the request again, call ListGrants for the key. If the request contains a Name, you can repeat it.',
  },
  timeLimit: 'long',
  lifecycleEvent: 'Grant Created',
  example: {
    input: {
      KeyId: '5a4d1e00-0000-4000-8000-000000000110',
      GranteePrincipal: 'arn:aws:iam::000000000000:role/example',
      Operations: ['Encrypt', 'Decrypt'],
      Name: 'example',
    },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000110' }] },
  },
});
