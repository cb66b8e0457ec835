import type { AwsOperation } from '../../shared/declaration/operation.ts';
import { requestsPerSecond } from '../../shared/declaration/request-quotas.ts';
import { KmsError } from '../core/kms-error.ts';

interface Bucket {
  tokens: number;
  filledMs: number;
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

  /** Takes one token. Throws ThrottlingException if the bucket is empty. */
  take({ name: operation, requestQuota }: AwsOperation, account: string, region: string): void {
    const perSecond = requestsPerSecond(requestQuota) * this.#scale;
    const size = Math.max(1, perSecond);
    const name = `${account} ${region} ${typeof requestQuota === 'number' ? operation : requestQuota}`;
    const nowMs = performance.now();
    const bucket = this.#buckets.get(name) ?? { tokens: size, filledMs: nowMs };
    this.#buckets.set(name, bucket);
    bucket.tokens = Math.min(size, bucket.tokens + ((nowMs - bucket.filledMs) / 1000) * perSecond);
    bucket.filledMs = nowMs;
    if (bucket.tokens < 1) {
      throw new KmsError(
        'ThrottlingException',
        'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
      );
    }
    bucket.tokens -= 1;
  }
}
