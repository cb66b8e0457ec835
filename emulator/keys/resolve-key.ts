import { findPartition, formatKmsArn, parseKmsArn } from '../core/arn.ts';
import { keyIdPattern } from '../core/key-id.ts';
import { requireOrigin } from '../core/key-origin.ts';
import type { Key, KeyUsage } from '../core/key-record.ts';
import { type KeyOperation, requireState } from '../core/key-states.ts';
import { KmsError } from '../core/kms-error.ts';
import { createAliasNotFound, createKeyNotFound } from '../core/not-found.ts';
import { requireAlgorithm, requireUsage } from './key-usage.ts';
import type { OperationContext } from './operation-context.ts';

const resourcePattern = /^(key|alias)\/(.+)$/;
const aliasPattern = /^(alias\/|arn:[^/]*:alias\/)/;

/** The requirements that a key must meet. Omitted requirements are not checked. */
export interface KeyRules {
  /** Accepts an alias name or alias ARN. Default: false. */
  readonly allowAlias?: boolean;
  /** Requires a key origin and a key state that allow this operation. */
  readonly operation?: KeyOperation;
  /** Requires this key usage, and a key spec that supports this algorithm. */
  readonly use?: KeyUse;
}

/** A cryptographic use of a key. */
export interface KeyUse {
  readonly usage: KeyUsage;
  readonly algorithm: string;
}

/**
 * Resolves a key identifier to a key. The identifier is a key id, key ARN, alias name or alias ARN
 * (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id). Throws KmsError if the key does not
 * exist or does not meet a requirement.
 */
export function resolveKey(context: OperationContext, identifier: string, rules: KeyRules = {}): Key {
  if (!rules.allowAlias && isAlias(identifier)) {
    throw new KmsError('InvalidArnException', 'Key Aliases are not supported for this operation.');
  }
  const key = findKey(context, identifier);
  if (key instanceof KmsError) throw key;
  requireUsable(key, rules);
  return key;
}

/**
 * Throws KmsError if the key does not meet a requirement. Checks the usage, origin, state and algorithm, in the same
 * order as KMS.
 */
export function requireUsable(key: Key, { operation, use }: KeyRules): void {
  if (operation !== undefined) {
    if (use !== undefined) requireUsage(key, use.usage, operation);
    requireOrigin(key, operation);
    requireState(key, operation);
  }
  if (use !== undefined) requireAlgorithm(key, use.usage, use.algorithm);
}

/**
 * Returns the key with this identifier, or the error that KMS returns if there is no such key. Outside a transaction,
 * reads the key from the store only once per request. A transaction reads the key again, because another process may
 * have changed it and the transaction may change its record.
 */
export function findKey(context: OperationContext, identifier: string): Key | KmsError {
  if (context.store.isWriting) return readKey(context, identifier);
  let found = context.resolvedKeys.get(identifier);
  if (found === undefined) {
    found = readKey(context, identifier);
    context.resolvedKeys.set(identifier, found);
  }
  return found;
}

/** Returns whether the identifier is an alias name or alias ARN. */
export function isAlias(identifier: string): boolean {
  return aliasPattern.test(identifier);
}

function readKey(context: OperationContext, identifier: string): Key | KmsError {
  const { account, region } = context;
  if (identifier.startsWith('alias/')) return readKeyByAlias(context, account, region, identifier);
  if (identifier.startsWith('arn:')) return readKeyByArn(context, identifier);
  if (!keyIdPattern.test(identifier)) return new KmsError('NotFoundException', `Invalid keyId '${identifier}'`);
  return readKeyById(context, account, region, identifier);
}

function readKeyByArn(context: OperationContext, text: string): Key | KmsError {
  const arn = parseKmsArn(text);
  const [, type, name = ''] = resourcePattern.exec(arn?.resource ?? '') ?? [];
  if (arn === undefined || type === undefined) return new KmsError('InvalidArnException', `Invalid arn ${text}`);
  const { partition, region, account } = arn;
  // A Region's endpoint serves only the keys in that Region.
  if (region !== context.region) return new KmsError('NotFoundException', `Invalid arn ${region}`);
  if (partition !== findPartition(region)) return new KmsError('NotFoundException', `Invalid arn ${partition}`);
  if (type === 'alias') return readKeyByAlias(context, account, region, `alias/${name}`);
  if (!keyIdPattern.test(name)) return new KmsError('NotFoundException', `Invalid keyId ${name}`);
  return readKeyById(context, account, region, name);
}

function readKeyById({ store }: OperationContext, account: string, region: string, keyId: string): Key | KmsError {
  const key = store.keys.find(account, region, keyId);
  if (key !== undefined) return key;
  return createKeyNotFound(formatKmsArn(region, account, `key/${keyId}`));
}

function readKeyByAlias(context: OperationContext, account: string, region: string, name: string): Key | KmsError {
  const alias = context.store.aliases.find(account, region, name);
  if (alias !== undefined) return readKeyById(context, account, region, alias.keyId);
  return createAliasNotFound(region, account, name);
}
