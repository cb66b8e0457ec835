import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const updatePrimaryRegion = defineOperation({
  name: 'UpdatePrimaryRegion',
  group: 'replicas',
  summary: 'Changes the primary Region of a multi-Region key.',
  routes: [{ method: 'PUT', path: '/keys/{KeyId}/primary-region', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId(), PrimaryRegion: shapes.region() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'DisabledException',
    'InvalidArnException',
    'KMSInvalidStateException',
    'KMSInternalException',
    'NotFoundException',
    'UnsupportedOperationException',
  ],
  // Required on the current primary key and on the replica that becomes the primary key.
  permissions: [{ action: 'kms:UpdatePrimaryRegion', resource: 'key', regionKey: 'kms:PrimaryRegion' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  remoteRequests: { operation: 'UpdatePrimaryRegion', regionMember: 'PrimaryRegion', count: 1 },
  retrySafety: 'safe',
  timeLimit: 'long',
  lifecycleEvent: 'Key Primary Region Changed',
  example: {
    input: { KeyId: 'mrk-5a4d1e00000040008000000000000202', PrimaryRegion: 'eu-west-1' },
    seed: {
      Keys: [{ KeyId: 'mrk-5a4d1e00000040008000000000000202', MultiRegion: true, ReplicaRegions: ['eu-west-1'] }],
    },
  },
});
