import { GetKeyLastUsageCommand, type GetKeyLastUsageResponse } from '@aws-sdk/client-kms';
import type { Call } from '../../../shared/call/call.ts';
import { ask } from './ask.ts';

/**
 * What KMS knows about the use of a key in one Region:
 *
 * - `USED`: KMS recorded a cryptographic operation.
 * - `NOT_USED`: the key was never used. KMS has tracked its use since its creation.
 * - `UNKNOWN`: KMS recorded no use, but the key existed before KMS began to track its use.
 *
 * AWS documents these cases: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html.
 */
export interface LastUse {
  readonly Status: 'USED' | 'NOT_USED' | 'UNKNOWN';
  readonly Operation?: string | undefined;
  readonly Timestamp?: Date | undefined;
  /** Identify the last use in the audit trail and in CloudTrail, which contain its caller. */
  readonly KmsRequestId?: string | undefined;
  readonly CloudTrailEventId?: string | undefined;
  readonly TrackingStartDate?: Date | undefined;
}

/** Asks KMS for a key's last use in the key's own Region, because multi-Region keys are tracked separately. */
export async function readLastUse(call: Call, arn: string): Promise<LastUse> {
  return toLastUse(await ask(call, arn, new GetKeyLastUsageCommand({ KeyId: arn })));
}

/** A response without its dates cannot show that the key was never used. */
function toLastUse({ KeyLastUsage, TrackingStartDate, KeyCreationDate }: GetKeyLastUsageResponse): LastUse {
  const { Operation, Timestamp, KmsRequestId, CloudTrailEventId } = KeyLastUsage ?? {};
  if (Timestamp !== undefined)
    return { Status: 'USED', Operation, Timestamp, KmsRequestId, CloudTrailEventId, TrackingStartDate };
  const isTracked =
    KeyCreationDate !== undefined && TrackingStartDate !== undefined && KeyCreationDate >= TrackingStartDate;
  return { Status: isTracked ? 'NOT_USED' : 'UNKNOWN', TrackingStartDate };
}
