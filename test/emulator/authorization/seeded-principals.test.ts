import { ListKeysCommand } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../../emulator/index.ts';
import { parseSeed } from '../../../emulator/seed/read-seed.ts';
import { SeedError } from '../../../emulator/seed/seed-error.ts';
import { allow, policy, root, user } from '../../support/access.ts';
import { clientFor } from '../../support/emulator.ts';
import { useDirectory } from '../../support/project-copy.ts';

const alice = { AccessKeyId: 'AKIAALICE', Arn: user('alice') };
const start = (...Principals: object[]) =>
  startEmulator({ seed: parseSeed({ Version: 1, Keys: [], Principals }, 'the seed') });

test.for<[string, RegExp, object[]]>([
  [
    'an access key id that is used twice',
    /^the seed: \/Principals\/1 \(access key AKIAALICE\): AccessKeyId must be unique/,
    [alice, alice],
  ],
  [
    'a key ARN for a principal',
    /Arn must be the ARN of a user/,
    [{ ...alice, Arn: 'arn:aws:kms:us-east-1:000000000000:key/x' }],
  ],
  [
    'a group ARN for a principal',
    /Arn must be the ARN of a user/,
    [{ ...alice, Arn: 'arn:aws:iam::000000000000:group/x' }],
  ],
  ['an access key id with a slash', /Principals\/0\/AccessKeyId/, [{ ...alice, AccessKeyId: 'a/b' }]],
  ['an unknown member in a principal', /Principals\/0/, [{ ...alice, Password: 'x' }]],
  [
    'an empty policy',
    /\/Principals\/0 \(access key AKIAALICE\): Policies\/0 is invalid: Policy/,
    [{ ...alice, Policies: [{}] }],
  ],
  [
    'an identity-based policy that contains Principal',
    /must not contain Principal/,
    [{ ...alice, Policies: [policy({ ...allow('*'), Principal: '*' })] }],
  ],
  [
    'an unknown condition operator in a permissions boundary',
    /operator Is/,
    [{ ...alice, PermissionsBoundary: policy(allow('*', { Condition: { Is: { a: 'b' } } })) }],
  ],
  ['session policies for a user', /SessionPolicies is allowed only for/, [{ ...alice, SessionPolicies: [] }]],
  [
    'policies for an account root user',
    /must be absent for an account root user/,
    [{ ...alice, Arn: root(), Policies: [] }],
  ],
])('startEmulator rejects a seed with %s', async ([, message, principals]) => {
  const call = Promise.resolve().then(() => start(...principals));
  await expect(call).rejects.toThrow(SeedError);
  await expect(Promise.resolve().then(() => start(...principals))).rejects.toThrow(message);
});

test('startEmulator rejects a seeded key with an invalid policy', async () => {
  const seed = parseSeed(
    { Version: 1, Keys: [{ KeyId: '00000000-0000-4000-8000-000000000001', Policy: '{}' }] },
    'the seed',
  );
  await expect(startEmulator({ seed })).rejects.toThrow(/0001\): Policy is invalid: Policy contains/);
});

test("startEmulator accepts a principal's policy as a JSON string", async () => {
  const emulator = await start({ ...alice, Policies: [JSON.stringify(policy(allow('kms:ListKeys')))] });
  const client = clientFor(emulator.endpoint, { account: 'AKIAALICE' });
  expect((await client.send(new ListKeysCommand({}))).Keys).toEqual([]);
  client.destroy();
  await emulator.close();
});

/** Lists keys with an access key id. Returns `listed`, or the error with its HTTP status. */
async function listKeys({ endpoint }: Emulator, accessKeyId: string): Promise<unknown> {
  const client = clientFor(endpoint, { account: accessKeyId });
  try {
    await client.send(new ListKeysCommand({}));
    return 'listed';
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata: { httpStatusCode: number } };
    return [$metadata.httpStatusCode, name, message];
  } finally {
    client.destroy();
  }
}

async function identify({ endpoint }: Emulator, accessKeyId: string): Promise<unknown> {
  const credentials = { accessKeyId, secretAccessKey: 'any' };
  const client = new STSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata: { httpStatusCode: number } };
    return [$metadata.httpStatusCode, name, message];
  } finally {
    client.destroy();
  }
}

const listing = { ...alice, Policies: [policy(allow('kms:ListKeys'))] };
const invalidToken = 'The security token included in the request is invalid.';

describe('an access key id that no principal in the seed has', () => {
  const data = useDirectory();

  test('is rejected as AWS rejects an access key that does not exist, by KMS and STS', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const emulator = await start(listing);
    expect(await listKeys(emulator, 'AKIAALICE')).toBe('listed');
    expect(await listKeys(emulator, 'AKIAALCE')).toEqual([400, 'UnrecognizedClientException', invalidToken]);
    // https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
    expect(await identify(emulator, 'AKIAALCE')).toEqual([403, 'InvalidClientTokenId', invalidToken]);
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      "A request has the access key id AKIAALCE, which no principal in the seed has, so the emulator rejected it. Did you mean `AKIAALICE`? To act as an account's root user, use the account id as access key id.",
    ]);
    warn.mockRestore();
    await emulator.close();
  });

  test('is the root user of its account if it is an account id', async () => {
    const emulator = await start(listing);
    for (const id of ['000000000000', '111122223333']) {
      expect(await identify(emulator, id)).toBe(root(id));
      expect(await listKeys(emulator, id)).toBe('listed');
    }
    await emulator.close();
  });

  test.for([
    ['the seed contains UndeclaredPrincipals: root', { Principals: [listing], UndeclaredPrincipals: 'root' }],
    ['the seed contains no principals', {}],
    ['the list of principals is empty', { Principals: [] }],
  ])('is the root user of account 000000000000 if %s', async ([, seed]) => {
    const emulator = await startEmulator({ seed: parseSeed(seed, 'the seed') });
    expect(await identify(emulator, 'AKIAALCE')).toBe(root());
    await emulator.close();
  });

  test('is rejected by an emulator that opens the data directory of an earlier version, whose keys stay usable', async () => {
    const before = await startEmulator({ ...data, seed: 'none' });
    expect(await listKeys(before, 'AKIAALCE')).toBe('listed');
    await before.close();
    const after = await startEmulator({ ...data, seed: parseSeed({ Principals: [listing] }, 'the seed') });
    expect(await listKeys(after, 'AKIAALCE')).toEqual([400, 'UnrecognizedClientException', invalidToken]);
    expect(await listKeys(after, 'AKIAALICE')).toBe('listed');
    await after.close();
  });

  test('is rejected by explain, which suggests a similar id', async () => {
    const emulator = await start(listing);
    const explain = (principal: string) => emulator.explain({ operation: 'ListKeys', principal });
    await expect(explain('AKIAALCE')).rejects.toThrow(
      'No principal in the seed has the access key id AKIAALCE. Did you mean `AKIAALICE`?',
    );
    expect(await explain('AKIAALICE')).toMatchObject({ decision: 'allowed' });
    expect(await explain('111122223333')).toMatchObject({ decision: 'allowed' });
    await emulator.close();
  });
});

test('startEmulator rejects a seed in which UndeclaredPrincipals is not root', () => {
  expect(() => parseSeed({ UndeclaredPrincipals: 'allow' }, 'the seed')).toThrow(
    /\/UndeclaredPrincipals must be one of root/,
  );
});
