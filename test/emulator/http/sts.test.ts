import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, type SeedInput, startEmulator } from '../../../emulator/index.ts';

const account = '111122223333';
const secretAccessKey = 'secret';
const principal = (AccessKeyId: string, Arn: string) => ({ AccessKeyId, Arn, SecretAccessKey: secretAccessKey });
const seed: SeedInput = {
  Version: 1,
  UndeclaredPrincipals: 'root',
  Keys: [],
  Principals: [
    principal('AKIAUSER', `arn:aws:iam::${account}:user/team/alice`),
    principal('AKIAROLE', `arn:aws:iam::${account}:role/team/payroll`),
    principal('AKIASESSION', `arn:aws:sts::${account}:assumed-role/payroll/batch`),
    principal('AKIAFEDERATED', `arn:aws:sts::${account}:federated-user/carol`),
    principal('AKIAROOT', `arn:aws:iam::${account}:root`),
    { ...principal('AKIASEEDED', `arn:aws:iam::${account}:user/dave`), ConditionKeys: { 'aws:userid': 'AIDADAVE' } },
  ],
};

/** Starts an emulator, and returns a function that sends a command to STS with an access key. */
function useSts(verifySignatures: boolean) {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ seed, verifySignatures });
  });
  afterAll(() => emulator.close());
  return {
    get endpoint() {
      return emulator.endpoint;
    },
    async call(accessKeyId: string, { secret = secretAccessKey, region = 'us-east-1' } = {}) {
      const credentials = { accessKeyId, secretAccessKey: secret };
      const client = new STSClient({ endpoint: emulator.endpoint, region, credentials, maxAttempts: 1 });
      const { $metadata, ...identity } = await client.send(new GetCallerIdentityCommand({}));
      expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
      return identity;
    },
  };
}

describe.each([false, true])('STS GetCallerIdentity with verifySignatures: %s', (verifySignatures) => {
  const sts = useSts(verifySignatures);

  test.each([
    ['a user', 'AKIAUSER', 'arn:aws:iam::111122223333:user/team/alice', /^AIDA[A-Z2-7]{17}$/],
    [
      'a role',
      'AKIAROLE',
      /^arn:aws:sts::111122223333:assumed-role\/payroll\/[\w+=,.@-]+$/,
      /^AROA[A-Z2-7]{17}:[\w-]+$/,
    ],
    [
      'a role session',
      'AKIASESSION',
      'arn:aws:sts::111122223333:assumed-role/payroll/batch',
      /^AROA[A-Z2-7]{17}:batch$/,
    ],
    ['a federated user', 'AKIAFEDERATED', 'arn:aws:sts::111122223333:federated-user/carol', /^111122223333:carol$/],
    ['an account root user', 'AKIAROOT', 'arn:aws:iam::111122223333:root', /^111122223333$/],
    ['a user with a seeded id', 'AKIASEEDED', 'arn:aws:iam::111122223333:user/dave', /^AIDADAVE$/],
  ] as const)('returns the identity of %s', async (_, accessKeyId, arn, userId) => {
    expect(await sts.call(accessKeyId)).toEqual({
      Account: account,
      Arn: typeof arn === 'string' ? arn : expect.stringMatching(arn),
      UserId: expect.stringMatching(userId),
    });
  });
});

describe('STS without signature verification', () => {
  const sts = useSts(false);

  test.each([
    ['000000000000', 'us-east-1', 'aws', 'anything'],
    ['222233334444', 'us-east-1', 'aws', '222233334444'],
    ['000000000000', 'cn-north-1', 'aws-cn', 'anything'],
  ])('returns the root user of account %s in %s for an access key that is not in the seed', async (...row) => {
    const [expected, region, partition, accessKeyId] = row;
    expect(await sts.call(accessKeyId, { region })).toEqual({
      Account: expected,
      Arn: `arn:${partition}:iam::${expected}:root`,
      UserId: expected,
    });
  });

  test('rejects other STS operations with InvalidAction', async () => {
    const client = new STSClient({
      endpoint: sts.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIAUSER', secretAccessKey },
    });
    const call = client.send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/x', RoleSessionName: 'x' }),
    );
    await expect(call).rejects.toMatchObject({
      name: 'InvalidAction',
      message: 'Could not find operation AssumeRole for version 2011-06-15',
      $metadata: { httpStatusCode: 400 },
    });
  });

  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const scope = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=AKIAUSER/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`,
  });

  test.each([
    ['without a signature', 403, 'MissingAuthenticationToken', {}],
    ['with a credential scope for KMS', 403, 'SignatureDoesNotMatch', scope('kms')],
  ])('rejects a request %s with status %i', async (_, status, code, headers) => {
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    const response = await fetch(sts.endpoint, { method: 'POST', headers: { ...form, ...headers }, body });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/xml']);
    expect(await response.text()).toContain(`<Code>${code}</Code>`);
  });

  test('escapes an operation name that contains markup', async () => {
    const headers = { ...form, ...scope('sts') };
    const response = await fetch(sts.endpoint, { method: 'POST', headers, body: 'Action=%3Ca%3E%26' });
    expect(await response.text()).toContain('Could not find operation &lt;a&gt;&amp; for');
  });
});

describe('STS with signature verification', () => {
  const sts = useSts(true);

  test.each([
    ['a wrong secret', 'AKIAUSER', 'SignatureDoesNotMatch'],
    ['an unknown access key', 'AKIAUNKNOWN', 'InvalidClientTokenId'],
  ])('rejects %s with status 403', async (_, accessKeyId, name) => {
    const call = sts.call(accessKeyId, { secret: 'wrong' });
    await expect(call).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
  });
});
