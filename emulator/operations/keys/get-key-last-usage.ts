import type { getKeyLastUsage as operation } from '../../../functions/keys/get-key-last-usage/operation.ts';
import type { OperationOutput } from '../../../shared/declaration/operation.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findKeyWithoutAlias } from '../../keys/resolve-key.ts';

type Answer = OperationOutput<typeof operation>;

export const getKeyLastUsage: Action<typeof operation> = (input, context) => {
  const key = findKeyWithoutAlias(context, input.KeyId, 'GetKeyLastUsage');
  const usage = context.store.lastUsages.find(key);
  const createdAt = new Date(key.record.createdMs);
  return {
    KeyId: key.keyId,
    KeyLastUsage:
      usage === undefined
        ? {}
        : {
            Operation: usage.operation as NonNullable<Answer['KeyLastUsage']>['Operation'],
            Timestamp: new Date(usage.usedMs),
            CloudTrailEventId: usage.eventId,
            KmsRequestId: usage.requestId,
          },
    // The emulator keeps track of a key from its creation.
    TrackingStartDate: createdAt,
    KeyCreationDate: createdAt,
  };
};
