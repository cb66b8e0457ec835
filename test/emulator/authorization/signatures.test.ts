import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { allow, keyId, policy, useAccess, user, verdictOf } from '../../support/access.ts';
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
const clientOf = (accessKeyId: string, secretAccessKey: string, systemClockOffset = 0) =>
  new KMSClient({
    endpoint: used.emulator.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken: 'session' },
    systemClockOffset,
    maxAttempts: 1,
  });

async function call(...of: Parameters<typeof clientOf>): Promise<string> {
  const client = clientOf(...of);
  const verdict = await verdictOf(client.send(command()));
  client.destroy();
  return verdict;
}

interface Sent {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A request of the SDK, signed and not sent. */
async function signed(): Promise<Sent> {
  const client = clientOf('AKIAALICE', 'right');
  let sent: Sent | undefined;
  client.middlewareStack.add(
    () => (args) => {
      const request = args.request as Sent;
      const { host: _, 'content-length': __, ...headers } = request.headers;
      sent = { headers, body: new TextDecoder().decode(request.body as unknown as Uint8Array) };
      throw new Error('not sent');
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(command()).catch(() => undefined);
  client.destroy();
  if (sent === undefined) throw new Error('nothing was signed');
  return sent;
}

const send = async ({ headers, body }: Sent) => {
  const { json } = await rawCall(used.emulator.endpoint, undefined, body, { headers });
  return json.__type === undefined ? 'allowed' : `${json.__type}: ${json.message ?? json.Message}`;
};

describe('where signatures are verified', () => {
  test('the SDK with the right secret is let in, and what it may do is decided', async () => {
    expect(await call('AKIAALICE', 'right')).toBe('allowed');
    expect(await send(await signed())).toBe('allowed');
  });

  test('a wrong secret is an InvalidSignatureException', async () => {
    expect(await call('AKIAALICE', 'wrong')).toMatch(
      /^InvalidSignatureException: The request signature we calculated does not match/,
    );
  });

  test.for([
    ['an access key id that nobody declared', 'AKIANOBODY'],
    ['a principal without a secret', 'AKIABOB'],
    ['the administrator of an account', '111122223333'],
  ] as const)('%s is an UnrecognizedClientException', async ([, accessKeyId]) => {
    expect(await call(accessKeyId, 'right')).toBe(
      'UnrecognizedClientException: The security token included in the request is invalid.',
    );
  });

  test.for([
    ['the body', ({ headers, body }: Sent): Sent => ({ headers, body: body.replace('Plaintext', 'plaintext') })],
    [
      'the target',
      ({ headers, body }: Sent): Sent => ({ headers: { ...headers, 'x-amz-target': 'TrentService.Decrypt' }, body }),
    ],
    [
      'the Region',
      ({ headers, body }: Sent): Sent => ({
        headers: { ...headers, authorization: String(headers.authorization).replace('us-east-1', 'eu-west-1') },
        body,
      }),
    ],
  ] as const)('%s cannot be changed', async ([, change]) => {
    expect(await send(change(await signed()))).toMatch(
      /^InvalidSignatureException: The request signature we calculated/,
    );
  });

  test('a signature is good for five minutes, before and after', async () => {
    expect(await call('AKIAALICE', 'right', -4 * 60_000)).toBe('allowed');
    expect(await call('AKIAALICE', 'right', -6 * 60_000)).toMatch(/^InvalidSignatureException: Signature expired: /);
    expect(await call('AKIAALICE', 'right', 6 * 60_000)).toMatch(
      /^InvalidSignatureException: Signature not yet current: /,
    );
  });

  test.for([
    ['Signature', /requires 'Signature' parameter/],
    ['SignedHeaders', /requires 'SignedHeaders' parameter/],
  ] as const)('without %s it is an IncompleteSignatureException', async ([name, message]) => {
    const { headers, body } = await signed();
    const authorization = String(headers.authorization).replace(new RegExp(`, ${name}=[^,]+`), '');
    const answer = await send({ headers: { ...headers, authorization }, body });
    expect(answer).toMatch(/^IncompleteSignatureException/);
    expect(answer).toMatch(message);
  });

  test('a signature that leaves out the target, or the date, does not count', async () => {
    const { headers, body } = await signed();
    const authorization = String(headers.authorization).replace(';x-amz-target', '');
    expect(await send({ headers: { ...headers, authorization }, body })).toMatch(/^InvalidSignatureException/);
    const { 'x-amz-date': _, ...undated } = headers;
    expect(await send({ headers: undated, body })).toMatch(/^IncompleteSignatureException: .*X-Amz-Date/);
  });
});
