import { beforeEach, describe, expect, test } from 'vitest';
import * as all from '../../../functions/operations.ts';
import { authorizeKeys } from '../../../shared/authorization/authorize-keys.ts';
import { type Call, createCall } from '../../../shared/call/call.ts';
import type { Caller } from '../../../shared/call/caller.ts';
import type { ChainRequest } from '../../../shared/call/chain.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { buildDeployedConfig } from '../../support/deployed.ts';
import { kmsError, useFaultServer } from '../../support/fault-server.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';
import { respondWithKeys } from '../../support/tagged-keys.ts';

const kms = useFaultServer();
const prefix = 'arn:aws:kms:us-east-1:000000000000:key/';
/** The tags of a key are cached for a minute, so each key always has the same tags. */
const tagged = `${prefix}listed-keys-tagged`;
const untagged = `${prefix}listed-keys-untagged`;
const unnamed = `${prefix}listed-keys-unnamed`;
const elsewhere = tagged.replace('us-east-1', 'eu-west-1');
const respond = respondWithKeys({
  keys: { [tagged]: [[{ TagKey: 'a', TagValue: 'b' }], [{ TagKey: 'team', TagValue: 'x' }]], [untagged]: [[]] },
  aliases: { 'alias/tagged': tagged, 'alias/untagged': untagged },
});
beforeEach(() => {
  setLocalEnvironment(kms.endpoint);
  kms.respond = respond;
});

const bearer = (keys: string): Caller => ({ kind: 'jwt', isVerified: true, principal: 'x', claims: { keys } });
const iam: Caller = { kind: 'iam', isVerified: true, principal: 'x' };
const direct: Caller = { kind: 'direct', isVerified: false };

function callOf(operation: Operation, input: object, caller: Caller): Call {
  const config = { ...buildDeployedConfig({ auth: 'jwt', keysClaim: 'keys' }), regions: ['us-east-1', 'eu-west-1'] };
  const call = createCall(operation, config, 'id', 10_000);
  return Object.assign(call, { input: { ...input }, json: { ...input }, caller });
}

/** Runs one hook. Returns the message of the error that it throws, and the number of requests to KMS. */
async function run(call: Call, hook: 'before' | 'after', response?: unknown) {
  const start = kms.requests;
  const request = { internal: { call }, response } as unknown as ChainRequest;
  let message: string | undefined;
  try {
    await authorizeKeys(call.operation, call.config)[hook]?.(request);
  } catch (error) {
    message = (error as Error).message;
  }
  return { message, requests: kms.requests - start };
}

const rejected = (member = 'KeyId') => `/${member} identifies a key that the caller may not use.`;
const required = '/KeyId is required, because the caller may use only the keys in its key list.';
const hidden =
  'The ciphertext is not valid for this request, or the caller may not use its key. For a specific error, also specify the key.';

describe('the keys in a request', () => {
  test.for<readonly [operation: Operation, list: string, input: object, message: string | undefined, requests: number]>(
    [
      [all.disableKey, tagged, { KeyId: tagged }, undefined, 0],
      [all.disableKey, tagged, { KeyId: 'alias/tagged' }, undefined, 1],
      [all.disableKey, tagged, { KeyId: 'alias/untagged' }, rejected(), 1],
      [all.disableKey, 'alias/other', { KeyId: 'alias/tagged' }, rejected(), 0],
      [all.disableKey, 'alias/other', { KeyId: tagged }, rejected(), 0],
      [all.disableKey, 'tag:team=x', { KeyId: 'alias/untagged' }, rejected(), 2],
      [all.disableKey, 'tag:team=y', { KeyId: 'alias/tagged' }, rejected(), 3],
      [all.disableKey, '*', { KeyId: unnamed }, undefined, 0],
      [all.createAlias, `alias/new ${tagged}`, { AliasName: 'alias/new', TargetKeyId: tagged }, undefined, 0],
      [all.createAlias, tagged, { AliasName: 'alias/tagged', TargetKeyId: tagged }, rejected('AliasName'), 0],
      [all.createAlias, 'alias/new', { AliasName: 'alias/new', TargetKeyId: tagged }, rejected('TargetKeyId'), 0],
      [all.listAliases, tagged, {}, required, 0],
      [all.listAliases, '*', {}, undefined, 0],
      [all.decrypt, tagged, {}, undefined, 0],
      // KMS resolves all identifiers in the Region of the first ARN.
      [all.reEncrypt, elsewhere, { SourceKeyId: elsewhere, DestinationKeyId: 'listed-keys-tagged' }, undefined, 0],
      [all.reEncrypt, tagged, { SourceKeyId: tagged, DestinationKeyId: 'listed-keys-tagged' }, undefined, 0],
    ],
  )('the keys in a request are checked: $0.name for %s with %j', async (row) => {
    const [operation, list, input, message, requests] = row;
    expect(await run(callOf(operation, input, bearer(list)), 'before')).toEqual({ message, requests });
  });

  test('the keys in a request are not restricted for callers without a key list', async () => {
    for (const caller of [iam, direct])
      expect((await run(callOf(all.disableKey, { KeyId: tagged }, caller), 'before')).message).toBeUndefined();
  });

  test('the keys in a request are rejected if the token has no key list', async () => {
    for (const claims of [{}, undefined]) {
      const { claims: _, ...caller } = bearer('');
      const call = callOf(all.disableKey, { KeyId: tagged }, claims === undefined ? caller : { ...caller, claims });
      expect((await run(call, 'before')).message).toBe(rejected());
    }
  });

  test('an alias is rejected like any other key if the role may not use its key, but a key id is not', async () => {
    kms.respond = kmsError('AccessDeniedException', 'Not allowed.');
    expect((await run(callOf(all.disableKey, { KeyId: 'alias/x' }, bearer('tag:a=b')), 'before')).message).toBe(
      rejected(),
    );
    expect((await run(callOf(all.disableKey, { KeyId: unnamed }, bearer('tag:a=b')), 'before')).message).toBe(
      'Not allowed.',
    );
  });

  test('an alias is rejected if the response does not name its key, or lists no tags', async () => {
    kms.respond = (response) => response.end('{}');
    expect((await run(callOf(all.disableKey, { KeyId: 'alias/x' }, bearer('tag:a=b')), 'before')).message).toBe(
      rejected(),
    );
    kms.respond = (response, { headers }) =>
      response.end(
        String(headers['x-amz-target']).endsWith('DescribeKey')
          ? `{"KeyMetadata":{"KeyId":"x","Arn":"${unnamed}"}}`
          : '{}',
      );
    expect((await run(callOf(all.disableKey, { KeyId: 'alias/x' }, bearer('tag:a=b')), 'before')).message).toBe(
      rejected(),
    );
  });

  test('the tags of several keys are cached', async () => {
    const keys = [1, 2].map((key) => `${prefix}listed-keys-cached-${key}`);
    kms.respond = respondWithKeys({
      keys: Object.fromEntries(keys.map((key) => [key, [[{ TagKey: 'team', TagValue: 'x' }]]])),
      aliases: Object.fromEntries(keys.map((key) => [key, key])),
    });
    const check = (KeyId?: string) => run(callOf(all.disableKey, { KeyId }, bearer('tag:team=x')), 'before');
    expect([await check(keys[0]), await check(keys[1])].map(({ requests }) => requests)).toEqual([2, 2]);
    // DescribeKey is not cached.
    expect([await check(keys[0]), await check(keys[1])].map(({ requests }) => requests)).toEqual([1, 1]);
  });
});

describe('the key of a ciphertext', () => {
  const { decrypt, reEncrypt, disableKey } = all;
  const tags = 'tag:team=x';
  const to = { DestinationKeyId: tagged };

  test.for<readonly [operation: Operation, caller: Caller, input: object, response: unknown, message?: string]>([
    [decrypt, bearer(tagged), {}, { KeyId: tagged }],
    [decrypt, bearer(tags), {}, { KeyId: tagged }],
    [decrypt, bearer(tags), {}, { KeyId: untagged }, hidden],
    [decrypt, bearer(tagged), {}, { KeyId: untagged }, hidden],
    [decrypt, bearer(tagged), {}, {}, hidden],
    [decrypt, bearer(tagged), {}, undefined, hidden],
    [decrypt, bearer(tagged), { KeyId: tagged }, { KeyId: untagged }],
    [decrypt, bearer('*'), {}, { KeyId: untagged }],
    [decrypt, iam, {}, { KeyId: untagged }],
    [reEncrypt, bearer(tagged), to, { SourceKeyId: tagged, KeyId: tagged }],
    [reEncrypt, bearer(tagged), to, { SourceKeyId: untagged, KeyId: tagged }, hidden],
    [disableKey, bearer(tagged), {}, {}],
    [disableKey, bearer(tagged), {}, undefined],
  ])('the key of a ciphertext is checked in the response: $0.name with %j', async (row) => {
    const [operation, caller, input, response, message] = row;
    expect((await run(callOf(operation, input, caller), 'after', response)).message).toBe(message);
  });

  const failure = (text: string, name = 'DisabledException') =>
    Object.assign(new Error(text), { name, $metadata: { httpStatusCode: 400 } });
  test.for<readonly [operation: Operation, caller: Caller, input: object, error: Error, isHidden: boolean]>([
    [decrypt, bearer(tagged), {}, failure(`${tagged} is disabled.`), false],
    [decrypt, bearer(tags), {}, failure(`${tagged} is disabled.`), false],
    [decrypt, bearer(tags), {}, failure(`${untagged} is disabled.`), true],
    [decrypt, bearer(tagged), {}, failure(`${untagged} is disabled.`), true],
    [decrypt, bearer(tagged), {}, failure('The ciphertext is not valid.'), true],
    [decrypt, bearer(tagged), {}, failure('x', 'ThrottlingException'), false],
    [decrypt, bearer(tagged), { KeyId: tagged }, failure('The ciphertext is not valid.'), false],
    [decrypt, bearer('*'), {}, failure('The ciphertext is not valid.'), false],
    [decrypt, iam, {}, failure('The ciphertext is not valid.'), false],
    [reEncrypt, bearer(tagged), to, failure('The ciphertext is not valid.'), true],
    [reEncrypt, bearer(tagged), { ...to, SourceKeyId: tagged }, failure('The ciphertext is not valid.'), false],
    [disableKey, bearer(tagged), {}, failure('x'), false],
  ])('an error about the key of a ciphertext is hidden: $0.name for %j with %j: %s', async (row) => {
    const [operation, caller, input, error, isHidden] = row;
    const call = callOf(operation, input, caller);
    const request = { internal: { call }, error } as unknown as ChainRequest;
    await authorizeKeys(operation, call.config).onError?.(request);
    if (isHidden) expect(request.error).toMatchObject({ code: 'CallerNotAllowedError', message: hidden });
    else expect(request.error).toBe(error);
  });
});
