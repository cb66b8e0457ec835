import type { ActionContext } from '../action.ts';
import { lookUpKey } from './find-key.ts';
import type { Key, KeyUsage } from './key-record.ts';
import { type KeyOperation, requireState } from './states.ts';
import { requireAlgorithm, requireUsage } from './usage.ts';

/** The key that a cryptographic operation names, if it can be used so. */
export function findUsableKey(
  context: ActionContext,
  identifier: string,
  operation: KeyOperation,
  usage: KeyUsage,
  algorithm: string,
): Key {
  const key = lookUpKey(context, identifier);
  requireUsable(key, operation, usage, algorithm);
  return key;
}

/** Throws where the key cannot be used so, in AWS's order: usage, state, algorithm. */
export function requireUsable(key: Key, operation: KeyOperation, usage: KeyUsage, algorithm: string): void {
  requireUsage(key, usage, operation);
  requireState(key, operation);
  requireAlgorithm(key, usage, algorithm);
}
