import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';
import type { LastUse } from './last-use.ts';
import type { KeyInRegion } from './related-keys.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** A key, and its last use or the reason why KMS could not be asked. */
export interface KeyUse extends KeyInRegion {
  readonly lastUse?: LastUse | undefined;
  readonly error?: ErrorCode | undefined;
}

/**
 * Returns why a key must not be scheduled for deletion, or `undefined` if nothing speaks against it. The text completes a
 * sentence about the key.
 */
export function findRefusal(use: KeyUse, guardDays: number, nowMs: number): string | undefined {
  const { region, isReachable, lastUse, error } = use;
  if (!isReachable)
    return `has a related multi-Region key in ${region}, whose use is unknown, because this service does not use keys in that Region`;
  if (lastUse === undefined) {
    const isForeign = error === 'CallerNotAllowedError';
    const reason = isForeign ? 'the caller may not use the key in that Region' : `KMS returned ${error}`;
    return `has an unknown use in ${region}, because ${reason}`;
  }
  const { Status, Operation, Timestamp, TrackingStartDate } = lastUse;
  if (Status === 'NOT_USED') return undefined;
  if (Status === 'UNKNOWN') {
    const since = TrackingStartDate === undefined ? '' : ` on ${TrackingStartDate.toISOString()}`;
    return `has no recorded use in ${region}, but may have been used before AWS KMS began to track its use${since}`;
  }
  if (Timestamp === undefined || nowMs - Timestamp.getTime() >= guardDays * dayMs) return undefined;
  return `was used by ${Operation ?? 'an operation'} in ${region} at ${Timestamp.toISOString()}, in the last ${formatDays(guardDays)}`;
}

export function formatDays(days: number): string {
  return days === 1 ? '24 hours' : `${days} days`;
}
