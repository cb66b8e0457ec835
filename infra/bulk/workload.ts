import { reEncrypt } from '../../functions/crypto/re-encrypt/operation.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { groupByQuota } from '../deployment/quota-groups.ts';
import { findPartition } from '../deployment/region-rules.ts';
import type { Workload } from './definition.ts';

/** The shortest time for a batch, in milliseconds. */
export const minBatchMs = 1_000;
const maxBatchItems = 100;
/** The part of the account's concurrent executions of Lambda that the workers may use. ReEncryptBatch uses the same part. */
const concurrencyShare = 0.1;

/**
 * Chooses how many items are processed at the same time. Each worker needs at least a second for a batch. So all workers
 * together send at most `MaxConcurrency` × batch items per second: at most half of the deployment's share of the KMS quota,
 * which leaves the other half to the routes. Step Functions starts at most 100 standard executions per second in a Map Run,
 * so that a run never has more than 100 full batches per second
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
 */
export function chooseWorkload(deployment: Deployment): Workload {
  const [group] = groupByQuota([reEncrypt], deployment);
  const perSecond = Math.max(1, Math.floor((group?.share ?? 1) / 2));
  const batchItems = Math.min(maxBatchItems, perSecond);
  const maxWorkers = Math.floor(deployment.parameters.accountConcurrency * concurrencyShare);
  const partition = findPartition(deployment.region);
  return {
    partition,
    batchItems,
    maxConcurrency: Math.max(1, Math.min(maxWorkers, Math.floor(perSecond / batchItems))),
  };
}
