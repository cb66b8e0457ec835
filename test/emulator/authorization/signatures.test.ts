import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { allow, keyId, policy, readVerdict, useAccess, user } from '../../support/access.ts';
import { rawCall } from '../../support/call.ts';

const used = useAccess(
  {
    Keys: [{ KeyId: keyId(1) }],
    Principals: [
      {
        AccessKeyId: 'AKIAALICE',
        Arn: user('alice'),
        Policies: [policy(allow('kms:Encrypt'))],
        SecretAccessKey: 'right',
      },
      { AccessKeyId: 'AKIABOB', Arn: user('bob') },
    ],
  },
  { verifySignatures: true },
);
const command = () => new EncryptCommand({ KeyId: keyId(1), Plaintext: Buffer.from('ä') });
const createClient = (accessKeyId: string, secretAccessKey: string, systemClockOffset = 0) =>
  new KMSClient({
    endpoint: used.emulator.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken: 'session' },
    systemClockOffset,
    maxAttempts: 1,
  });

async function call(...args: Parameters<typeof createClient>): Promise<string> {
  const client = createClient(...args);
  const verdict = await readVerdict(client.send(command()));
  client.destroy();
  return verdict;
}

interface SignedRequest {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Returns a request that the SDK signed but did not send. */
async function sign(): Promise<SignedRequest> {
  const client = createClient('AKIAALICE', 'right');
  let sent: SignedRequest | undefined;
  client.middlewareStack.add(
    () => (args) => {
      const request = args.request as SignedRequest;
      const { host: _, 'content-length': __, ...headers } = request.headers;
      sent = { headers, body: new TextDecoder().decode(request.body as unknown as Uint8Array) };
      throw new Error('The test does not send the request.');
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(command()).catch(() => undefined);
  client.destroy();
  if (sent === undefined) throw new Error('The SDK did not sign a request.');
  return sent;
}

const send = async ({ headers, body }: SignedRequest) => {
  const { json } = await rawCall(used.emulator.endpoint, undefined, body, { headers });
  return json.__type === undefined ? 'allowed' : `${json.__type}: ${json.message ?? json.Message}`;
};

describe('an emulator with verifySignatures', () => {
  test('an emulator with verifySignatures accepts a request that the SDK signed with the correct secret', async () => {
    expect(await call('AKIAALICE', 'right')).toBe('allowed');
    expect(await send(await sign())).toBe('allowed');
  });

  test('an emulator with verifySignatures returns InvalidSignatureException for a wrong secret', async () => {
    expect(await call('AKIAALICE', 'wrong')).toMatch(
      /^InvalidSignatureException: The request signature we calculated does not match/,
    );
  });

  test.for([
    ['an access key id that is not in the seed', 'AKIANOBODY'],
    ['a principal without a secret', 'AKIABOB'],
    ['an account root user', '111122223333'],
  ] as const)(
    'an emulator with verifySignatures returns UnrecognizedClientException for %s',
    async ([, accessKeyId]) => {
      expect(await call(accessKeyId, 'right')).toBe(
        'UnrecognizedClientException: The security token included in the request is invalid.',
      );
    },
  );

  test.for([
    [
      'the body',
      ({ headers, body }: SignedRequest): SignedRequest => ({ headers, body: body.replace('Plaintext', 'plaintext') }),
    ],
    [
      'the target',
      ({ headers, body }: SignedRequest): SignedRequest => ({
        headers: { ...headers, 'x-amz-target': 'TrentService.Decrypt' },
        body,
      }),
    ],
    [
      'the Region',
      ({ headers, body }: SignedRequest): SignedRequest => ({
        headers: { ...headers, authorization: String(headers.authorization).replace('us-east-1', 'eu-west-1') },
        body,
      }),
    ],
  ] as const)(
    'an emulator with verifySignatures rejects a request if %s was changed after signing',
    async ([, change]) => {
      expect(await send(change(await sign()))).toMatch(
        /^InvalidSignatureException: The request signature we calculated/,
      );
    },
  );

  test('an emulator with verifySignatures accepts a signature only within five minutes of its time', async () => {
    expect(await call('AKIAALICE', 'right', -4 * 60_000)).toBe('allowed');
    expect(await call('AKIAALICE', 'right', -6 * 60_000)).toMatch(/^InvalidSignatureException: Signature expired: /);
    expect(await call('AKIAALICE', 'right', 6 * 60_000)).toMatch(
      /^InvalidSignatureException: Signature not yet current: /,
    );
  });

  test.for([
    ['Signature', /requires 'Signature' parameter/],
    ['SignedHeaders', /requires 'SignedHeaders' parameter/],
  ] as const)(
    'an emulator with verifySignatures returns IncompleteSignatureException for an Authorization header without %s',
    async ([name, message]) => {
      const { headers, body } = await sign();
      const authorization = String(headers.authorization).replace(new RegExp(`, ${name}=[^,]+`), '');
      const outcome = await send({ headers: { ...headers, authorization }, body });
      expect(outcome).toMatch(/^IncompleteSignatureException/);
      expect(outcome).toMatch(message);
    },
  );

  test.for([
    ['characters after the signature', (header: string) => `${header}zz`],
    ['characters before the signature', (header: string) => header.replace('Signature=', 'Signature=0x')],
    ['an uppercase digit', (header: string) => header.replace(/[a-f](?=[0-9a-f]*$)/, (digit) => digit.toUpperCase())],
    ['half a signature', (header: string) => header.slice(0, -32)],
    ['an empty signature', (header: string) => header.replace(/Signature=.*/, 'Signature=')],
    ['a word after the signature', (header: string) => `${header} x`],
    ['another parameter', (header: string) => `${header}, Other=x`],
    ['another algorithm', (header: string) => header.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')],
    ['no algorithm', (header: string) => header.replace('AWS4-HMAC-SHA256 ', '')],
    ['a word before the algorithm', (header: string) => `x ${header}`],
    ['the algorithm in another place', (header: string) => header.replace(/(AWS4-HMAC-SHA256 )(.*, )(Sig)/, '$2$1$3')],
    ['a second signature', (header: string) => `${header}, Signature=00`],
    [
      'a second credential',
      (header: string) =>
        header.replace('Credential=', 'Credential=AKIABOB/20260101/us-east-1/kms/aws4_request, Credential='),
    ],
  ] as const)('an emulator with verifySignatures rejects an Authorization header with %s', async ([, change]) => {
    const { headers, body } = await sign();
    const authorization = change(String(headers.authorization));
    expect(await send({ headers: { ...headers, authorization }, body })).toMatch(
      /^(InvalidSignature|IncompleteSignature)Exception: /,
    );
  });

  test('an emulator with verifySignatures rejects a request if the signature does not cover the target or the date is missing', async () => {
    const { headers, body } = await sign();
    const authorization = String(headers.authorization).replace(';x-amz-target', '');
    expect(await send({ headers: { ...headers, authorization }, body })).toBe(
      "InvalidSignatureException: 'x-amz-target' must be a signed header.",
    );
    const other = `${headers.authorization}, Other=x`;
    expect(await send({ headers: { ...headers, authorization: other }, body })).toBe(
      "IncompleteSignatureException: Authorization header requires each of 'Credential', 'SignedHeaders', 'Signature' once and no other parameter.",
    );
    const { 'x-amz-date': _, ...undated } = headers;
    expect(await send({ headers: undated, body })).toMatch(/^IncompleteSignatureException: .*X-Amz-Date/);
  });
});
