import { DecryptCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, test } from 'vitest';
import { decrypt, encrypt, reEncrypt, seal } from '../../../functions/operations.ts';
import { checkScope } from '../../../shared/authorization/index.ts';
import { type Call, createCall } from '../../../shared/call/call.ts';
import type { Caller } from '../../../shared/call/caller.ts';
import type { ChainRequest } from '../../../shared/call/chain.ts';
import type { FunctionConfig } from '../../../shared/config/function-config.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { createAuthorization } from '../../../shared/handler/create-authorization.ts';
import { createStep } from '../../../shared/handler/create-step.ts';
import { buildDeployedConfig, claimTenancy } from '../../support/deployed.ts';
import { kmsError, useFaultServer } from '../../support/fault-server.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';
import { respondWithKeys } from '../../support/tagged-keys.ts';

const kms = useFaultServer();
const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/step-rules';
const foreignArn = keyArn.replace('000000000000', '999999999999');
let requestIds: string[];
let bodies: Record<string, unknown>[];
beforeEach(() => {
  setLocalEnvironment(kms.endpoint);
  requestIds = [];
  bodies = [];
  respondWith({ KeyId: keyArn, CiphertextBlob: 'eA==' });
});

/** Responds to each request with this body, and the ids in `requestIds`. */
function respondWith(body: object) {
  kms.respond = (response, request) => {
    bodies.push(JSON.parse(request.body));
    response.writeHead(200, { 'x-amzn-requestid': requestIds.shift() ?? 'request' });
    response.end(JSON.stringify(body));
  };
}

const encryptStep = createStep(encrypt, EncryptCommand);
const decryptStep = createStep(decrypt, DecryptCommand);
const bearer = (claims: Record<string, string> = {}): Caller => ({
  kind: 'jwt',
  isVerified: true,
  principal: 'someone',
  claims: { sub: 'someone', ...claims },
});
const createParent = (overrides: Partial<FunctionConfig> = {}, caller = bearer()): Call =>
  Object.assign(createCall(seal, buildDeployedConfig({ auth: 'jwt', ...overrides }), 'id', 10_000), { caller });
const Plaintext = Buffer.from('x');
const CiphertextBlob = Buffer.from('x');

describe('a step', () => {
  test('a step is authorized without a request, and its input does not change the given one', async () => {
    const parent = createParent({ callerContextKey: 'caller' });
    const input = { KeyId: keyArn, Plaintext, EncryptionContext: { a: 'b' } };
    const requests = kms.requests;
    const { call } = await encryptStep.authorize(parent, input);
    expect(kms.requests).toBe(requests);
    expect(call).toMatchObject({
      operation: encrypt,
      input: { ...input, EncryptionContext: { a: 'b', caller: 'someone' } },
      json: input,
    });
    expect(input.EncryptionContext).toEqual({ a: 'b' });
    expect(parent).toMatchObject({ kms: { attempts: 0, lookups: 0, ms: 0 }, usedKeys: [], kmsRequestIds: [] });
    expect('kmsRequestId' in parent || 'unsafeRetry' in parent).toBe(false);
  });

  test('a step sends its input with further members, and its requests are recorded in the call', async () => {
    const parent = createParent();
    requestIds = ['first', 'second', 'second'];
    const step = await encryptStep.authorize(parent, { KeyId: keyArn, Plaintext: undefined });
    expect(await step.send({ Plaintext })).toMatchObject({ KeyId: keyArn, CiphertextBlob: new Uint8Array([120]) });
    expect(bodies).toEqual([{ KeyId: keyArn, Plaintext: 'eA==' }]);
    expect(parent).toMatchObject({
      kms: { attempts: 1, lookups: 0 },
      usedKeys: [keyArn],
      kmsRequestId: 'first',
      kmsRequestIds: ['first'],
    });
    expect(parent.kms.ms).toBeGreaterThan(0);
    expect(parent.kms.ms).toBe(step.call.kms.ms);
    respondWith({ KeyId: `${keyArn}-2` });
    await step.send();
    await step.send();
    expect(parent).toMatchObject({
      kms: { attempts: 3 },
      usedKeys: [keyArn, `${keyArn}-2`],
      kmsRequestId: 'second',
      kmsRequestIds: ['first', 'second'],
    });
    expect(parent.kms.ms).toBe(step.call.kms.ms);
    await encryptStep.authorize(parent, { KeyId: keyArn, Plaintext });
    expect(parent.kmsRequestIds).toEqual(['first', 'second']);
  });

  test('a step ends by the deadline of the call, or after its own limit', async () => {
    const parent = createParent();
    const input = { KeyId: keyArn, Plaintext };
    expect((await encryptStep.authorize(parent, input)).call.deadline.leftMs).toBeGreaterThan(8_000);
    expect((await encryptStep.authorize(parent, input, { limitMs: 500 })).call.deadline.leftMs).toBeLessThanOrEqual(
      500,
    );
  });

  test('a step that may not be repeated marks the call', async () => {
    const unsafe = { check: 'Look.' };
    const parent = createParent();
    const step = await createStep({ ...encrypt, retrySafety: unsafe }, EncryptCommand).authorize(parent, {
      KeyId: keyArn,
      Plaintext,
    });
    expect(parent.unsafeRetry).toBeUndefined();
    await step.send();
    expect(parent.unsafeRetry).toBe(unsafe);
  });
});

describe('the errors of a step', () => {
  const farArn = keyArn.replace('us-east-1', 'eu-west-1');
  const outOfScope = 'must be in a Region that this service allows (us-east-1)';

  test('the errors of a step are at the location of its members in the input of the call', async () => {
    const input = { KeyId: farArn, Plaintext };
    await expect(encryptStep.authorize(createParent(), input)).rejects.toMatchObject({
      code: 'ValidationException',
      message: `/KeyId ${outOfScope}.`,
    });
    const pointers = { '/KeyId': '/AdditionalKeyIds/0' };
    await expect(encryptStep.authorize(createParent(), input, { pointers })).rejects.toMatchObject({
      message: `/AdditionalKeyIds/0 ${outOfScope}.`,
      errors: [{ pointer: '/AdditionalKeyIds/0', detail: outOfScope }],
    });
  });

  test('the errors of KMS are converted as for a call, and the request is recorded', async () => {
    const parent = createParent();
    const step = await encryptStep.authorize(parent, {
      KeyId: keyArn,
      Plaintext,
      EncryptionContext: { a: 'secret-value' },
    });
    kms.respond = kmsError('DisabledException', 'It is secret-value.');
    await expect(step.send()).rejects.toMatchObject({ code: 'DisabledException', message: 'It is ….' });
    expect(parent).toMatchObject({ kms: { attempts: 1 }, kmsRequestId: 'kms-request', kmsRequestIds: ['kms-request'] });
    const service = createParent({ keyScope: 'service' });
    kms.respond = kmsError('AccessDeniedException', 'because no identity-based policy allows kms:Encrypt');
    const denied = await encryptStep.authorize(service, { KeyId: keyArn, Plaintext });
    await expect(denied.send()).rejects.toMatchObject({ code: 'TagNotBoundError' });
  });

  test('the errors of KMS about a key outside the list of the caller are hidden', async () => {
    const parent = createParent({ keysClaim: 'keys' }, bearer({ keys: keyArn }));
    const step = await decryptStep.authorize(parent, { CiphertextBlob });
    kms.respond = kmsError('DisabledException', `${keyArn}-2 is disabled.`);
    await expect(step.send()).rejects.toMatchObject({ code: 'CallerNotAllowedError' });
    kms.respond = kmsError('DisabledException', `${keyArn} is disabled.`);
    await expect(step.send()).rejects.toMatchObject({ code: 'DisabledException' });
  });

  test('the errors of the configuration of another call do not apply', async () => {
    const input = { KeyId: farArn, Plaintext };
    await expect(encryptStep.authorize(createParent(), input)).rejects.toThrow(outOfScope);
    expect(
      (await encryptStep.authorize(createParent({ regions: ['us-east-1', 'eu-west-1'] }), input)).call.errors,
    ).toEqual([]);
  });
});

test('the keys of an operation that consists of steps may be in several Regions', async () => {
  const regions = ['us-east-1', 'eu-west-1'];
  const findErrors = async (operation: Operation, json: Record<string, unknown>) => {
    const call = Object.assign(createParent({ regions }), { json });
    await checkScope(operation, call.config).before?.({ internal: { call } } as unknown as ChainRequest);
    return call.errors;
  };
  const [here, there] = regions.map((region) => keyArn.replace('us-east-1', region));
  expect(await findErrors(seal, { KeyId: here, AdditionalKeyIds: [there] })).toEqual([]);
  expect(await findErrors(reEncrypt, { SourceKeyId: here, DestinationKeyId: there })).toEqual([
    { pointer: '/DestinationKeyId', detail: 'must be in the same Region as the other key' },
  ]);
});

describe('the response of a step', () => {
  test('the response of a step is rejected if KMS used a key in another account, whether it is sent or reused', async () => {
    const parent = createParent();
    const step = await encryptStep.authorize(parent, { KeyId: keyArn, Plaintext });
    respondWith({ KeyId: foreignArn });
    await expect(step.send()).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(parent.usedKeys).toEqual([foreignArn]);
    const requests = kms.requests;
    await expect(step.reuse({ KeyId: foreignArn } as never)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(await step.reuse({ KeyId: keyArn } as never)).toEqual({ KeyId: keyArn });
    expect(kms.requests).toBe(requests);
    expect(parent.usedKeys).toEqual([foreignArn, keyArn]);
  });

  test('the response of a step is rejected if the list of the caller does not contain the key', async () => {
    const parent = createParent({ keysClaim: 'keys' }, bearer({ keys: keyArn }));
    const step = await decryptStep.authorize(parent, { CiphertextBlob });
    respondWith({ KeyId: `${keyArn}-2`, Plaintext: 'eA==' });
    await expect(step.send()).rejects.toMatchObject({ code: 'CallerNotAllowedError' });
    await expect(step.reuse({ KeyId: `${keyArn}-2` } as never)).rejects.toMatchObject({
      code: 'CallerNotAllowedError',
    });
    await expect(step.reuse({ KeyId: foreignArn } as never)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(await step.reuse({ KeyId: keyArn } as never)).toEqual({ KeyId: keyArn });
  });
});

describe('the tenant of a step', () => {
  test('the tenant of a step is added to the encryption context, and the tags of a key are looked up once', async () => {
    const arn = `${keyArn}-tenant`;
    kms.respond = respondWithKeys({ keys: { [arn]: [[{ TagKey: claimTenancy.tag, TagValue: 'acme' }]] } });
    const parent = createParent({ tenancy: claimTenancy }, bearer({ tenant_id: 'acme' }));
    for (let count = 0; count < 2; count += 1) {
      const { call } = await encryptStep.authorize(parent, { KeyId: arn, Plaintext });
      expect(call.input.EncryptionContext).toEqual({ [claimTenancy.contextKey]: 'acme' });
      expect(parent.kms.lookups).toBe(1);
    }
  });

  test('the tenant is the only authorization of an operation that consists of steps', async () => {
    const config = buildDeployedConfig({ auth: 'jwt', tenancy: claimTenancy });
    const chain = createAuthorization(seal, [], config);
    expect(chain.map((middleware) => Object.keys(middleware))).toEqual([['before']]);
    const call = createParent({ tenancy: claimTenancy }, bearer({ tenant_id: 'acme' }));
    call.input = { KeyId: `${keyArn}-of-another-tenant` };
    const requests = kms.requests;
    await chain[0]?.before?.({ internal: { call } } as unknown as ChainRequest);
    expect(call.tenant).toBe('acme');
    expect(kms.requests).toBe(requests);
    const stranger = createParent({ tenancy: claimTenancy });
    const rejected = async () => chain[0]?.before?.({ internal: { call: stranger } } as unknown as ChainRequest);
    await expect(rejected()).rejects.toMatchObject({ code: 'CallerNotAllowedError' });
  });

  test('all rules apply to each other operation, in their order', () => {
    const hooks = createAuthorization(encrypt, [], buildDeployedConfig({ tenancy: claimTenancy }));
    expect(hooks.map((middleware) => Object.keys(middleware).sort())).toEqual([
      ['after', 'before', 'onError'],
      ['after', 'before', 'onError'],
      ['before'],
      ['before'],
      ['after'],
    ]);
  });
});
