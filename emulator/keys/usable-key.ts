import type { Key, KeyUsage } from '../core/key-record.ts';
import { type KeyOperation, requireState } from '../core/key-states.ts';
import { requireAlgorithm, requireUsage } from './key-usage.ts';
import type { ActionContext } from './operation-context.ts';
import { lookUpKey } from './resolve-key.ts';

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
