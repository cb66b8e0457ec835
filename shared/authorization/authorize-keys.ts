import type { Call } from '../call/call.ts';
import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { isObject } from '../declaration/json-object.ts';
import { keyMembers, memberNames, memberSchema, type Operation } from '../declaration/operation.ts';
import { schemaMetadata } from '../declaration/schema-metadata.ts';
import { getClient } from '../kms/client.ts';
import { resolveRegion } from '../kms/region.ts';
import { memberNotAllowed } from './caller-not-allowed.ts';
import { allowsIdentifier, type KeyList, needsLookup, parseKeyList } from './key-list.ts';
import { hasTags, lookUpKeyArn } from './key-lookup.ts';

/**
 * Checks every key in a request against the keys that the caller may use, before KMS is called. Only KMS can identify the
 * key of a ciphertext, so that key is checked before the response is returned.
 */
export function authorizeKeys(
  operation: Operation,
  config: Pick<FunctionConfig, 'keysClaim' | 'directKeys'>,
): ChainMiddleware {
  const findKeyList = createKeyListFinder(config);
  const members = keyMembers(operation);
  // A ciphertext identifies its key. KMS returns that key in the member in which the request could have named it.
  const takesCiphertext = memberNames(operation).includes('CiphertextBlob');
  return {
    before: async ({ internal: { call } }) => {
      const list = findKeyList(call);
      if (list === undefined || list.allowsAll) return;
      for (const member of members) {
        const key = call.input[member];
        if (typeof key === 'string') await authorizeKey(call, member, key, list);
        else if (!takesCiphertext)
          throw memberNotAllowed(`/${member}`, 'must name a key, because the caller may use only some keys');
      }
    },
    after: async ({ internal: { call }, response }) => {
      if (!takesCiphertext || !isObject(response)) return;
      const list = findKeyList(call);
      if (list === undefined || list.allowsAll) return;
      for (const member of members) {
        if (call.input[member] !== undefined) continue;
        const key = response[member];
        if (typeof key !== 'string' || !(await allowsKey(call, key, list)))
          throw memberNotAllowed(`/${member}`, 'is a key that the caller may not use');
      }
    },
  };
}

/** Returns a function that finds the caller's key list: `undefined` if the caller may use every key that the roles reach. */
function createKeyListFinder({ keysClaim, directKeys }: Pick<FunctionConfig, 'keysClaim' | 'directKeys'>) {
  const directList = directKeys === undefined ? undefined : parseKeyList(directKeys);
  return ({ caller }: Call): KeyList | undefined => {
    if (caller.kind === 'jwt' && keysClaim !== undefined) return parseKeyList(caller.claims?.[keysClaim]);
    return caller.kind === 'direct' ? directList : undefined;
  };
}

async function authorizeKey(call: Call, member: string, key: string, list: KeyList): Promise<void> {
  if (allowsIdentifier(list, key)) return;
  const namesAlias = schemaMetadata(memberSchema(call.operation, member))?.kind === 'alias';
  if (!namesAlias && needsLookup(list)) {
    const arn = await lookUpKeyArn(getClient(call.config, resolveRegion(call)), key);
    if (await allowsKey(call, arn, list)) {
      // KMS must use the key that was checked, even if the alias is moved in the meantime.
      call.input[member] = arn;
      return;
    }
  }
  throw memberNotAllowed(`/${member}`, 'names a key that the caller may not use');
}

async function allowsKey(call: Call, arn: string, list: KeyList): Promise<boolean> {
  if (allowsIdentifier(list, arn)) return true;
  if (list.tags.length === 0) return false;
  const client = getClient(call.config, resolveRegion(call));
  return hasTags(client, arn, (tags) => list.tags.some(([key, value]) => tags.get(key) === value));
}
