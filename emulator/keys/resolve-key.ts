import { kmsArn } from '../core/arn.ts';
import { keyIdPattern } from '../core/key-id.ts';
import { requireOrigin } from '../core/key-origin.ts';
import type { Key } from '../core/key-record.ts';
import { type KeyOperation, requireState } from '../core/key-states.ts';
import { KmsError } from '../core/kms-error.ts';
import type { ActionContext } from './operation-context.ts';

const arnPattern = /^arn:[a-z-]+:kms:([a-z0-9-]*):(\d*):(key|alias)\/(.+)$/;
const aliasPattern = /^(alias\/|arn:[^/]*:alias\/)/;

/** Whether this is an alias name or the ARN of one. */
export function isAlias(identifier: string): boolean {
  return aliasPattern.test(identifier);
}

/**
 * The key that an operation is called on, by key id, key ARN, alias name or alias ARN
 * (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id). Its state is still to be looked at.
 */
export function lookUpKey(context: ActionContext, identifier: string): Key {
  const { account, region } = context;
  if (identifier.startsWith('alias/')) return keyOfAlias(context, account, region, identifier);
  if (identifier.startsWith('arn:')) {
    const [, arnRegion = '', arnAccount = '', type, name = ''] = arnPattern.exec(identifier) ?? [];
    if (type === undefined) throw new KmsError('InvalidArnException', `Invalid arn ${identifier}`);
    // A Region's endpoint knows only its own keys.
    if (arnRegion !== region) throw new KmsError('NotFoundException', `Invalid arn ${arnRegion}`);
    if (type === 'alias') return keyOfAlias(context, arnAccount, arnRegion, `alias/${name}`);
    if (!keyIdPattern.test(name)) throw new KmsError('NotFoundException', `Invalid keyId ${name}`);
    return keyOfId(context, arnAccount, arnRegion, name);
  }
  if (!keyIdPattern.test(identifier)) throw new KmsError('NotFoundException', `Invalid keyId '${identifier}'`);
  return keyOfId(context, account, region, identifier);
}

/** The same for the operations that take no alias. */
export function lookUpKeyWithoutAlias(context: ActionContext, identifier: string): Key {
  if (isAlias(identifier)) {
    throw new KmsError('InvalidArnException', 'Key Aliases are not supported for this operation.');
  }
  return lookUpKey(context, identifier);
}

/** The key, in a state that allows the operation. */
export function findKey(context: ActionContext, identifier: string, operation: KeyOperation): Key {
  const key = lookUpKey(context, identifier);
  requireState(key, operation);
  return key;
}

/** The key, not by an alias, of an origin and in a state that allow the operation. */
export function findKeyWithoutAlias(context: ActionContext, identifier: string, operation: KeyOperation): Key {
  const key = lookUpKeyWithoutAlias(context, identifier);
  requireOrigin(key, operation);
  requireState(key, operation);
  return key;
}

function keyOfId({ store }: ActionContext, account: string, region: string, keyId: string): Key {
  const key = store.keys.find(account, region, keyId);
  if (key === undefined) {
    throw new KmsError('NotFoundException', `Key '${kmsArn(region, account, `key/${keyId}`)}' does not exist`);
  }
  return key;
}

function keyOfAlias(context: ActionContext, account: string, region: string, name: string): Key {
  const alias = context.store.aliases.find(account, region, name);
  if (alias === undefined) {
    throw new KmsError('NotFoundException', `Alias ${kmsArn(region, account, name)} is not found.`);
  }
  return keyOfId(context, account, region, alias.keyId);
}
