import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  type KMSClient,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decrypt } from '../../../functions/crypto/decrypt/operation.ts';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { reEncrypt } from '../../../functions/crypto/re-encrypt/operation.ts';
import { createKey } from '../../../functions/keys/create-key/operation.ts';
import { putKeyPolicy } from '../../../functions/policies/put-key-policy/operation.ts';
import { replicateKey } from '../../../functions/replicas/replicate-key/operation.ts';
import { tagResource } from '../../../functions/tags/tag-resource/operation.ts';
import { untagResource } from '../../../functions/tags/untag-resource/operation.ts';
import { type FunctionConfig, readFunctionConfig } from '../../../shared/config/function-config.ts';
import { type JsonObject, keyMembers, type Operation } from '../../../shared/declaration/operation.ts';
import { toPathKey } from '../../../shared/http/path-key.ts';
import { clientFor, useEmulator } from '../../support/emulator.ts';
import { kmsError, useFaultServer } from '../../support/fault-server.ts';
import { loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { operations } from '../../support/operations.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';
import { countOutgoing } from '../../support/outgoing.ts';

const serviceTag = { TagKey: 'kms-functions:service', TagValue: 'kms-functions-dev' };
const requestTag = { TagKey: 'kms-functions:request-id', TagValue: expect.stringMatching(/^[0-9a-f-]{36}$/) };
const used = useEmulator();
const outgoing = countOutgoing();

/** Returns the configuration of a deployment with `keyScope=service` and the emulator as KMS, as in stage `local`. */
const scoped = (overrides: Partial<FunctionConfig> = {}): FunctionConfig => ({
  ...readFunctionConfig(),
  serviceTag: serviceTag.TagValue,
  keyScope: 'service',
  ...overrides,
});
beforeAll(() => setLocalEnvironment(used.emulator.endpoint));
beforeEach(() => used.emulator.restoreSeed());

async function call(operation: Operation, input: JsonObject): Promise<Outcome> {
  return invoke(await loadHandler(operation, scoped()), input);
}

async function tagsOf(KeyId: string, client: KMSClient = used.client): Promise<unknown> {
  return (await client.send(new ListResourceTagsCommand({ KeyId }))).Tags;
}

describe('the tags of the service', () => {
  test("the service tag and the request tag are added to the key that CreateKey creates, after the caller's tags", async () => {
    const created = await call(createKey, { Tags: [{ TagKey: 'team', TagValue: 'payments' }] });
    const { KeyId } = (created as { body: { KeyMetadata: { KeyId: string } } }).body.KeyMetadata;
    expect(await tagsOf(KeyId)).toEqual([requestTag, serviceTag, { TagKey: 'team', TagValue: 'payments' }]);
  });

  test('the service tag and the request tag are added to the replica that ReplicateKey creates', async () => {
    expect(await call(replicateKey, replicateKey.example.input)).toMatchObject({ ok: true });
    const otherRegion = clientFor(used.emulator.endpoint, { region: 'eu-west-1' });
    expect(await tagsOf(String(replicateKey.example.input.KeyId), otherRegion)).toEqual([requestTag, serviceTag]);
    otherRegion.destroy();
  });

  const forged = { TagKey: 'KMS-functions:Service', TagValue: 'kms-functions-prod' };
  const idempotencyTag = { TagKey: 'kms-functions:Idempotency', TagValue: 'another' };
  const forgedRequest = { TagKey: 'kms-functions:Request-Id', TagValue: 'another' };
  test.for<readonly [string, Operation, JsonObject, string]>([
    ['CreateKey', createKey, { Tags: [{ TagKey: 'a', TagValue: 'b' }, serviceTag] }, '/Tags/1/TagKey'],
    ['CreateKey with the tag key in different case', createKey, { Tags: [forged] }, '/Tags/0/TagKey'],
    ['ReplicateKey', replicateKey, { Tags: [forged] }, '/Tags/0/TagKey'],
    ['TagResource', tagResource, { Tags: [forged] }, '/Tags/0/TagKey'],
    ['UntagResource', untagResource, { TagKeys: ['team', serviceTag.TagKey] }, '/TagKeys/1'],
    ['the request tag in CreateKey', createKey, { Tags: [forgedRequest] }, '/Tags/0/TagKey'],
    ['the request tag in ReplicateKey', replicateKey, { Tags: [forgedRequest] }, '/Tags/0/TagKey'],
    ['the request tag in TagResource', tagResource, { Tags: [forgedRequest] }, '/Tags/0/TagKey'],
    ['the request tag in UntagResource', untagResource, { TagKeys: [requestTag.TagKey] }, '/TagKeys/0'],
    ['the idempotency tag in CreateKey', createKey, { Tags: [idempotencyTag] }, '/Tags/0/TagKey'],
    ['the idempotency tag in ReplicateKey', replicateKey, { Tags: [idempotencyTag] }, '/Tags/0/TagKey'],
    ['the idempotency tag in TagResource', tagResource, { Tags: [idempotencyTag] }, '/Tags/0/TagKey'],
    ['the idempotency tag in UntagResource', untagResource, { TagKeys: [idempotencyTag.TagKey] }, '/TagKeys/0'],
  ])('callers cannot add, change or remove a tag of the service: %s', async ([, operation, input, pointer]) => {
    const before = outgoing.requests;
    const outcome = await call(operation, { ...operation.example.input, ...input });
    expect(outcome).toMatchObject({ ok: false, code: 'ValidationException' });
    expect(JSON.stringify(outcome)).toMatch(new RegExp(`${pointer} must not be the (service|request|idempotency) tag`));
    expect(outgoing.requests).toBe(before);
  });
});

test('stage local adds the request tag only', async () => {
  const created = await invoke(await loadHandler(createKey), {});
  const { KeyId } = (created as { body: { KeyMetadata: { KeyId: string } } }).body.KeyMetadata;
  expect(await tagsOf(KeyId)).toEqual([requestTag]);
  const forged = { ...tagResource.example.input, Tags: [{ TagKey: requestTag.TagKey, TagValue: 'another' }] };
  expect(await invoke(await loadHandler(tagResource), forged)).toMatchObject({ code: 'ValidationException' });
});

test.for([createKey, putKeyPolicy, replicateKey] as Operation[])(
  'a caller cannot skip the policy lockout safety check: $name',
  async (operation) => {
    const before = outgoing.requests;
    const outcome = await call(operation, { ...operation.example.input, BypassPolicyLockoutSafetyCheck: true });
    expect(outcome).toMatchObject({ ok: false, code: 'ValidationException' });
    expect(outgoing.requests).toBe(before);
    expect(await call(operation, { ...operation.example.input, BypassPolicyLockoutSafetyCheck: false })).toMatchObject({
      ok: true,
    });
  },
);

describe('a key in another account that allows this account to use it', () => {
  let foreignClient: KMSClient;
  let foreignArn: string;

  beforeAll(async () => {
    foreignClient = clientFor(used.emulator.endpoint, { account: '222222222222' });
    const everyone = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [everyone] });
    const { KeyMetadata } = await foreignClient.send(new CreateKeyCommand({ Policy }));
    foreignArn = KeyMetadata?.Arn ?? '';
    expect(foreignArn).toContain(':222222222222:');
    const bytes = Buffer.from('of another account');
    const encrypted = await used.client.send(new EncryptCommand({ KeyId: foreignArn, Plaintext: bytes }));
    const { Plaintext } = await used.client.send(new DecryptCommand({ CiphertextBlob: encrypted.CiphertextBlob }));
    expect(Buffer.from(Plaintext ?? [])).toEqual(bytes);
  });
  afterAll(() => foreignClient.destroy());

  const rows = operations.flatMap((operation) =>
    keyMembers(operation).map((member) => ({ name: `${operation.name} ${member}`, operation, member })),
  );

  test.for(rows)('a key in another account is rejected before KMS is called: $name', async ({ operation, member }) => {
    const handler = await loadHandler(operation, scoped());
    const { AliasName } = operation.example.input;
    const aliasArn = foreignArn.replace(/key\/.*/, String(AliasName ?? 'alias/example'));
    const before = outgoing.requests;
    for (const value of [foreignArn, aliasArn]) {
      const input = { ...operation.example.input, [member]: value };
      expect(await invoke(handler, input)).toMatchObject({ ok: false, code: 'ValidationException' });
      for (const route of operation.routes) {
        const event = buildHttpEvent(operation, route, input);
        expect(event.rawPath + event.rawQueryString + event.body).toContain(
          route.path.includes(`{${member}}`) ? encodeURIComponent(toPathKey(value)) : '222222222222',
        );
        expect(await invoke(handler, event)).toMatchObject({ ok: false, code: 'ValidationException' });
      }
    }
    expect(outgoing.requests).toBe(before);
  });

  async function foreignCiphertext(): Promise<string> {
    const { CiphertextBlob } = await foreignClient.send(
      new EncryptCommand({ KeyId: foreignArn, Plaintext: Buffer.from('theirs') }),
    );
    return Buffer.from(CiphertextBlob ?? []).toString('base64');
  }

  test.for([decrypt, reEncrypt] as Operation[])(
    'a key in another account is rejected if only the ciphertext identifies the key: $name',
    async (operation) => {
      const own = operation === reEncrypt ? { DestinationKeyId: 'alias/example' } : {};
      const outcome = await call(operation, { ...own, CiphertextBlob: await foreignCiphertext() });
      expect(outcome).toMatchObject({ ok: false, code: 'AccessDeniedException' });
      expect(JSON.stringify(outcome)).not.toMatch(/dGhlaXJz|CiphertextBlob|Plaintext/);
    },
  );

  test('a key in another account cannot be the destination of ReEncrypt', async () => {
    const { body } = (await call(encrypt, { KeyId: 'alias/example', Plaintext: 'aGVsbG8=' })) as unknown as {
      body: { CiphertextBlob: string };
    };
    const outcome = await call(reEncrypt, { CiphertextBlob: body.CiphertextBlob, DestinationKeyId: foreignArn });
    expect(outcome).toMatchObject({ ok: false, code: 'ValidationException' });
  });
});

describe("an access denial for the function's role", () => {
  const faults = useFaultServer();
  const user =
    'User: arn:aws:sts::111111111111:assumed-role/EncryptRole/encrypt is not authorized to perform: kms:Encrypt';
  const input = { KeyId: '1234', Plaintext: 'aGVsbG8=' };

  test.for([
    [
      'is retryable if the service tag is missing, or KMS does not apply it yet',
      'no identity-based policy allows the kms:Encrypt action',
      'TagNotBoundError',
    ],
    ['is final if a policy denies explicitly', 'an explicit deny in an identity-based policy', undefined],
    [
      'is final if the key policy does not allow the call',
      'no resource-based policy allows the kms:Encrypt action',
      undefined,
    ],
  ] as const)("an access denial for the function's role %s", async ([, because, retried]) => {
    faults.respond = kmsError(
      'AccessDeniedException',
      `${user} on resource: arn:aws:kms:us-east-1:000000000000:key/1234 because ${because}`,
    );
    const [route] = encrypt.routes;
    const outcome = await invoke(
      await loadHandler(encrypt, scoped({ endpoint: faults.endpoint })),
      buildHttpEvent(encrypt, route, input),
    );
    const code = retried ?? 'AccessDeniedException';
    expect(outcome).toMatchObject({ ok: false, code, problem: { status: 403, retryable: retried !== undefined } });
    // The KMS message contains the function's role and the key.
    expect(outcome.text).not.toMatch(/arn:|EncryptRole|\d{12}/);
    if (retried === undefined)
      expect(outcome.text).toContain(`not authorized to perform: kms:Encrypt on resource: … because ${because}`);
  });
});
