import type { Access } from '../../authorization/access-config.ts';
import { allowsName, type KeyList, needsFacts, readKeyList } from '../../authorization/key-list.ts';
import { arnOfKey, hasTags } from '../../authorization/key-lookup.ts';
import { memberNotAllowed } from '../../authorization/not-allowed.ts';
import { regionOf } from '../../authorization/scope.ts';
import { isObject } from '../../declaration/json-object.ts';
import { keyMembers, memberNames, memberSchema, type Operation } from '../../declaration/operation.ts';
import { schemaMetadata } from '../../declaration/schema-metadata.ts';
import { clientOf } from '../../kms/client.ts';
import type { Call, ChainMiddleware } from '../call.ts';

/**
 * Checks every key that a request names against the keys that its caller may use, before KMS is called; a key that only
 * KMS can tell (that of a ciphertext), before the answer is given out.
 */
export function authorizeKeys(operation: Operation, access: Access): ChainMiddleware {
  const members = keyMembers(operation);
  // A ciphertext names its key, and KMS reports it under the member that could have named it.
  const isTold = memberNames(operation).includes('CiphertextBlob');
  return {
    before: async ({ internal: { call } }) => {
      const list = listFor(call, access);
      if (list === undefined || list.any) return;
      for (const member of members) {
        const key = call.input[member];
        if (typeof key === 'string') await authorize(call, member, key, list);
        else if (!isTold) throw memberNotAllowed(`/${member}`, 'must name a key, since the caller may use only some');
      }
    },
    after: async ({ internal: { call }, response }) => {
      if (!isTold || !isObject(response)) return;
      const list = listFor(call, access);
      if (list === undefined || list.any) return;
      for (const member of members) {
        if (call.input[member] !== undefined) continue;
        const key = response[member];
        if (typeof key !== 'string' || !(await allowsKey(call, key, list)))
          throw memberNotAllowed(`/${member}`, 'is a key that the caller may not use');
      }
    },
  };
}

/** `undefined` where nothing narrows what the roles of the service reach. */
function listFor({ caller }: Call, { keysClaim, directKeys }: Access): KeyList | undefined {
  if (caller.kind === 'jwt' && keysClaim !== undefined) return readKeyList(caller.claims?.[keysClaim]);
  if (caller.kind === 'direct' && directKeys !== undefined) return readKeyList(directKeys);
  return undefined;
}

async function authorize(call: Call, member: string, key: string, list: KeyList): Promise<void> {
  if (allowsName(list, key)) return;
  const isAliasItself = schemaMetadata(memberSchema(call.operation, member))?.kind === 'alias';
  if (!isAliasItself && needsFacts(list)) {
    const arn = await arnOfKey(clientFor(call), key);
    if (await allowsKey(call, arn, list)) {
      // What was checked is what is used, wherever an alias may point by then.
      call.input[member] = arn;
      return;
    }
  }
  throw memberNotAllowed(`/${member}`, 'names a key that the caller may not use');
}

async function allowsKey(call: Call, arn: string, list: KeyList): Promise<boolean> {
  if (allowsName(list, arn)) return true;
  if (list.tags.length === 0) return false;
  return hasTags(clientFor(call), arn, (tags) => list.tags.some(([key, value]) => tags.get(key) === value));
}

function clientFor(call: Call) {
  return clientOf(regionOf(call));
}
