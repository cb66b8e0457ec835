import type { Deployment } from '../deployment/deployment.ts';
import { buildTagList } from '../deployment/tags.ts';

/** The key of the table, whose name Powertools defines (https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/). */
export const tableKey = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
};

/** Returns the table's name. A fixed name lets other deployment tools use the manifest's policies and environments. */
export function idempotencyTableName({ name }: Pick<Deployment, 'name'>): string {
  return `${name}-idempotency`;
}

/**
 * Builds the table for idempotency keys. The table has no backups, because a record is useful for only 24 hours. DynamoDB
 * encrypts it with the AWS managed key `alias/aws/dynamodb`.
 */
export function buildIdempotencyTable(deployment: Deployment): Record<string, object> {
  if (!deployment.parameters.idempotency) return {};
  return {
    IdempotencyTable: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: idempotencyTableName(deployment),
        ...tableKey,
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
        Tags: buildTagList(deployment),
      },
    },
  };
}
