import type { Call } from '../call/call.ts';
import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { isObject } from '../declaration/json-object.ts';
import { keyMembers, memberNames, memberSchema, type Operation } from '../declaration/operation.ts';
import { schemaMetadata } from '../declaration/schema-metadata.ts';
import { memberNotAllowed } from './caller-not-allowed.ts';
import { ciphertextNotAllowed, dependsOnKey, readKeyArn } from './hide-key-errors.ts';
import { type Location, locateCall, readAliasName } from './key-identifiers.ts';
import { allowsIdentifier, type KeyList, needsLookup, parseKeyList } from './key-list.ts';
import { hasTags, lookUpKeyArn, unlessDenied } from './key-lookup.ts';

/**
 * Rejects keys that the caller may not use. The keys in a request are checked before the call to KMS. Only KMS can
 * identify a ciphertext's key, so that key is checked before the response is returned. Errors about such a key are
 * hidden from the caller.
 */
export function authorizeKeys(operation: Operation, config: KeyListConfig): ChainMiddleware {
  const findKeyList = createKeyListFinder(config);
  const members = keyMembers(operation);
  // A request with a ciphertext may omit the key. KMS then returns the ciphertext's key in the response, under the same
  // member name.
  const takesCiphertext = memberNames(operation).includes('CiphertextBlob');
  return {
    before: async ({ internal: { call } }) => {
      const list = findKeyList(call);
      if (list === undefined || list.allowsAll) return;
      for (const member of members) {
        const key = call.input[member];
        if (typeof key === 'string') await authorizeKey(call, member, key, list);
        else if (!takesCiphertext)
          throw memberNotAllowed(`/${member}`, 'is required, because the caller may use only the keys in its key list');
      }
    },
    after: async ({ internal: { call }, response }) => {
      if (!takesCiphertext) return;
      const list = findKeyList(call);
      if (list === undefined || list.allowsAll) return;
      for (const member of members) {
        if (call.input[member] !== undefined) continue;
        const key = isObject(response) ? response[member] : undefined;
        if (typeof key !== 'string' || !(await allowsKey(call, key, list))) throw ciphertextNotAllowed();
      }
    },
    onError: async (request) => {
      const { call } = request.internal;
      if (!takesCiphertext || !dependsOnKey(request.error, call)) return;
      const list = findKeyList(call);
      if (list === undefined || members.every((member) => call.input[member] !== undefined)) return;
      const arn = readKeyArn(request.error);
      if (list.allowsAll || (arn !== undefined && (await allowsKey(call, arn, list)))) return;
      request.error = ciphertextNotAllowed();
    },
  };
}

type KeyListConfig = Pick<FunctionConfig, 'keysClaim' | 'directKeys'> & Location;

/**
 * Creates a function that returns the caller's key list, or `undefined` if the caller may use every key that the roles
 * allow.
 */
function createKeyListFinder(config: KeyListConfig) {
  const { keysClaim, directKeys } = config;
  const directList = directKeys === undefined ? undefined : parseKeyList(directKeys, config);
  return ({ caller }: Call): KeyList | undefined => {
    if (caller.kind === 'jwt' && keysClaim !== undefined) return parseKeyList(caller.claims?.[keysClaim], config);
    return caller.kind === 'direct' ? directList : undefined;
  };
}

async function authorizeKey(call: Call, member: string, key: string, list: KeyList): Promise<void> {
  if (allowsIdentifier(list, key, locateCall(call))) return;
  const namesAlias = schemaMetadata(memberSchema(call.operation, member))?.kind === 'alias';
  if (!namesAlias && needsLookup(list)) {
    const lookup = lookUpKeyArn(call, key);
    const arn = await (readAliasName(key) === undefined ? lookup : unlessDenied(lookup));
    if (arn !== undefined && (await allowsKey(call, arn, list))) {
      // Sends the checked key's ARN to KMS, because the alias may point to another key by the time KMS resolves it.
      call.input[member] = arn;
      return;
    }
  }
  throw memberNotAllowed(`/${member}`, 'identifies a key that the caller may not use');
}

async function allowsKey(call: Call, arn: string, list: KeyList): Promise<boolean> {
  if (allowsIdentifier(list, arn, locateCall(call))) return true;
  if (list.tags.length === 0) return false;
  return hasTags(call, arn, (tags) => list.tags.some(([key, value]) => tags.get(key) === value));
}
