import type { getKeyLastUsage as operation } from '../../../functions/keys/get-key-last-usage/operation.ts';
import type { OperationOutput } from '../../../shared/declaration/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';

type Output = OperationOutput<typeof operation>;

export const getKeyLastUsage: OperationHandler<typeof operation> = (input, context) => {
  const key = resolveKey(context, input.KeyId, { operation: 'GetKeyLastUsage' });
  const usage = context.store.lastUsages.find(key);
  const createdAt = new Date(key.record.createdMs);
  return {
    KeyId: key.keyId,
    KeyLastUsage:
      usage === undefined
        ? {}
        : {
            Operation: usage.operation as Output['KeyLastUsage']['Operation'],
            Timestamp: new Date(usage.usedMs),
            CloudTrailEventId: usage.eventId,
            KmsRequestId: usage.requestId,
          },
    // The emulator tracks a key's usage from its creation.
    TrackingStartDate: createdAt,
    KeyCreationDate: createdAt,
  };
};
