import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const retireGrant = defineOperation({
  name: 'RetireGrant',
  group: 'grants',
  summary: 'Retires a grant, at the request of its retiring principal or grantee.',
  routes: [{ method: 'POST', path: '/grants/retire', status: 200 }],
  input: z.strictObject({
    GrantToken: z.optional(shapes.grantToken()),
    KeyId: z.optional(shapes.keyId()),
    GrantId: z.optional(shapes.grantId()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'InvalidArnException',
    'InvalidGrantTokenException',
    'InvalidGrantIdException',
    'NotFoundException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:RetireGrant', resource: 'key' }],
  // A request identifies the grant either by its token, or by its key and id
  // (https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html). The service checks only the key in
  // `KeyId`, but a token could refer to a grant on another key. A request must therefore not contain both.
  exclusiveMembers: [
    ['KeyId', 'GrantToken'],
    ['GrantId', 'GrantToken'],
  ],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 50,
  retrySafety: 'safe',
  lifecycleEvent: 'Grant Retired',
  example: {
    input: {
      KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000113',
      GrantId: 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc',
    },
    seed: {
      Keys: [
        {
          KeyId: '5a4d1e00-0000-4000-8000-000000000113',
          Grants: [
            {
              GrantId: 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc',
              GranteePrincipal: 'arn:aws:iam::000000000000:role/example',
              Operations: ['Encrypt', 'Decrypt'],
              RetiringPrincipal: 'arn:aws:iam::000000000000:root',
            },
          ],
        },
      ],
    },
  },
});
