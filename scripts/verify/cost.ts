import { dollars } from '../costs/prices.ts';
import type { Run } from './run.ts';

const hoursPerMonth = 730;

/**
 * Estimates the cost of a run in US dollars. A key costs a share of its monthly price for each hour that begins, until its
 * deletion is scheduled (https://aws.amazon.com/kms/pricing/). Counts each request to a function as one KMS request.
 */
export function estimateDollars({ created, counts }: Pick<Run, 'created' | 'counts'>, nowMs = Date.now()): number {
  const keyHours = created.keys
    .map(({ createdMs }) => Math.max(1, Math.ceil((nowMs - createdMs) / 3_600_000)))
    .reduce((sum, hours) => sum + hours, 0);
  const requests = counts.http + counts.lambda;
  const perMillion =
    requests * (dollars.perMillionKmsRequests['other asymmetric keys'] + dollars.perMillionInvocations) +
    counts.http * dollars.perMillionHttpRequests;
  return (keyHours / hoursPerMonth) * dollars.perKeyMonth + perMillion / 1e6;
}

/** Returns the cost in cents, such as `0.7 cents`. */
export function formatCost(amount: number): string {
  return `${(amount * 100).toFixed(1)} cents`;
}
