import * as z from 'zod/mini';
import { defineOwnOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

const useStatus = () => z.enum(['USED', 'NOT_USED', 'UNKNOWN']);

export const describeKeyUsage = defineOwnOperation({
  name: 'DescribeKeyUsage',
  isOwn: true,
  group: 'usage',
  summary: "Reports a key's last use, aliases, grants and tags, in every Region of a multi-Region key.",
  routes: [{ method: 'GET', path: '/keys/{KeyId}/usage', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () =>
    z.object({
      KeyId: z.string(),
      LastUse: z.object({
        Status: useStatus(),
        Operation: z.optional(z.string()),
        Timestamp: z.optional(shapes.timestamp()),
        Region: z.optional(z.string()),
      }),
      DeletionGuard: z.object({ Days: z.int(), Refusals: z.array(z.string()) }),
      Regions: z.array(
        z.object({
          Region: z.string(),
          KeyId: z.string(),
          KeyState: z.optional(shapes.keyState()),
          CreationDate: z.optional(shapes.timestamp()),
          DeletionDate: z.optional(shapes.timestamp()),
          LastUse: z.object({
            Status: useStatus(),
            Operation: z.optional(z.string()),
            Timestamp: z.optional(shapes.timestamp()),
            KmsRequestId: z.optional(z.string()),
            CloudTrailEventId: z.optional(z.string()),
            TrackingStartDate: z.optional(shapes.timestamp()),
          }),
          Aliases: z.optional(z.array(z.string())),
          AliasesTruncated: z.optional(z.boolean()),
          Grants: z.optional(
            z.array(
              z.object({
                GrantId: z.string(),
                Name: z.optional(z.string()),
                GranteePrincipal: z.optional(z.string()),
                Operations: z.array(z.string()),
                CreationDate: shapes.timestamp(),
              }),
            ),
          ),
          GrantsTruncated: z.optional(z.boolean()),
          Tags: z.optional(shapes.responseTags()),
          TagsTruncated: z.optional(z.boolean()),
          Errors: z.array(z.object({ Operation: z.string(), Code: z.string(), Detail: z.string() })),
        }),
      ),
      Complete: z.boolean(),
    }),
  sensitive: [],
  errors: ['NotFoundException', 'InvalidArnException', 'DependencyTimeoutException', 'KMSInternalException'],
  // The first permission determines the quota that the route's throttle follows. GetKeyLastUsage has the lowest quota.
  permissions: [
    { action: 'kms:GetKeyLastUsage', resource: 'key' },
    { action: 'kms:DescribeKey', resource: 'key' },
    { action: 'kms:ListAliases', resource: 'any' },
    { action: 'kms:ListGrants', resource: 'key' },
    { action: 'kms:ListResourceTags', resource: 'key' },
  ],
  tenancy: 'steps',
  retrySafety: 'safe',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000191' },
    output: {
      KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000191',
      LastUse: { Status: 'NOT_USED' },
      DeletionGuard: { Days: 0, Refusals: [] },
      Regions: [
        {
          Region: 'us-east-1',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000191',
          KeyState: 'Enabled',
          CreationDate: '2026-01-01T00:00:00.000Z',
          LastUse: { Status: 'NOT_USED', TrackingStartDate: '2026-01-01T00:00:00.000Z' },
          Aliases: ['alias/old-orders'],
          AliasesTruncated: false,
          Grants: [],
          GrantsTruncated: false,
          Tags: [{ TagKey: 'team', TagValue: 'orders' }],
          TagsTruncated: false,
          Errors: [],
        },
      ],
      Complete: true,
    },
    seed: {
      Keys: [
        {
          KeyId: '5a4d1e00-0000-4000-8000-000000000191',
          Aliases: ['alias/old-orders'],
          Tags: [{ TagKey: 'team', TagValue: 'orders' }],
        },
      ],
    },
  },
});
