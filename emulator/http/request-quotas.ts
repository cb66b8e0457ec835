import type { KmsOperation } from '../../functions/all-operations.ts';
import { findQuota } from '../../shared/declaration/request-quotas.ts';
import { KmsError } from '../core/kms-error.ts';

interface Bucket {
  tokens: number;
  filledMs: number;
}

/** An operation, and the operation whose quota its requests also use in another Region. */
export interface CountedOperation {
  readonly operation: KmsOperation;
  readonly remoteOperation: KmsOperation | undefined;
}

/**
 * Throttles requests. Each quota is a token bucket that refills at the quota's rate and has a capacity of one second's
 * requests.
 */
export class RequestQuotas {
  readonly #scale: number;
  readonly #buckets = new Map<string, Bucket>();

  /** `scale` multiplies the default AWS quotas. For example, 0.1 allows a tenth of the requests. */
  constructor(scale: number) {
    this.#scale = scale;
  }

  /** Counts a request in its Region, and in the Region of a replica. Throws ThrottlingException if a quota is exceeded. */
  take({ operation, remoteOperation }: CountedOperation, json: unknown, account: string, region: string): void {
    const input = json as Readonly<Record<string, unknown>> | null;
    this.#take(findQuota(operation, input), 1, `${account} ${region}`);
    const { remoteRequests: remote } = operation;
    if (remote === undefined || remoteOperation === undefined) return;
    this.#take(findQuota(remoteOperation, input), remote.count, `${account} ${String(input?.[remote.regionMember])}`);
  }

  #take(quota: ReturnType<typeof findQuota>, count: number, place: string): void {
    const perSecond = quota.perSecond * this.#scale;
    const size = Math.max(count, perSecond);
    const name = `${place} ${quota.name}`;
    const nowMs = performance.now();
    const bucket = this.#buckets.get(name) ?? { tokens: size, filledMs: nowMs };
    this.#buckets.set(name, bucket);
    bucket.tokens = Math.min(size, bucket.tokens + ((nowMs - bucket.filledMs) / 1000) * perSecond);
    bucket.filledMs = nowMs;
    if (bucket.tokens < count) {
      throw new KmsError(
        'ThrottlingException',
        'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
      );
    }
    bucket.tokens -= count;
  }
}
