/** Calls the emulator with the AWS SDK for JavaScript v3. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  DisabledException,
  InvalidCiphertextException,
  KMS,
  type KMSClientConfig,
  KMSServiceException,
  NotFoundException,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import { STS } from '@aws-sdk/client-sts';

const kms = new KMS({});
const EncryptionContext = { tenant: 'acme' };
const hello = Buffer.from('hello');

const packageFile = new URL('../package.json', import.meta.resolve('@aws-sdk/client-kms'));
console.log(`version: ${JSON.parse(readFileSync(packageFile, 'utf8')).version}`);

const { Arn, Account } = await new STS({}).getCallerIdentity({});
check('GetCallerIdentity', Arn === `arn:aws:iam::${Account}:root`);

const KeyId = await createKey();
check('CreateKey, DescribeKey', (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState === 'Enabled');

const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: hello, EncryptionContext });
const decrypted = await kms.decrypt({ CiphertextBlob, EncryptionContext });
check('Encrypt, Decrypt with context', hello.equals(decrypted.Plaintext!));

const dataKey = await kms.generateDataKey({ KeyId, KeySpec: 'AES_256' });
const unwrapped = await kms.decrypt({ CiphertextBlob: dataKey.CiphertextBlob });
check('GenerateDataKey', Buffer.from(dataKey.Plaintext!).equals(unwrapped.Plaintext!));

const signing = { KeyId: await createKey('ECC_NIST_P256', 'SIGN_VERIFY'), SigningAlgorithm: 'ECDSA_SHA_256' } as const;
const digest = createHash('sha256').update(hello).digest();
const { Signature } = await kms.sign({ ...signing, Message: digest, MessageType: 'DIGEST' });
const verified = await kms.verify({ ...signing, Message: hello, Signature });
const { PublicKey } = await kms.getPublicKey({ KeyId: signing.KeyId });
check('Sign, Verify, GetPublicKey', verified.SignatureValid === true && PublicKey !== undefined);

const mac = { KeyId: await createKey('HMAC_256', 'GENERATE_VERIFY_MAC'), MacAlgorithm: 'HMAC_SHA_256' } as const;
const { Mac } = await kms.generateMac({ ...mac, Message: hello });
check('GenerateMac, VerifyMac', (await kms.verifyMac({ ...mac, Message: hello, Mac })).MacValid === true);

const GranteePrincipal = 'arn:aws:iam::000000000000:role/reader';
const Constraints = { EncryptionContextSubset: EncryptionContext };
const { GrantId } = await kms.createGrant({ KeyId, GranteePrincipal, Operations: ['Decrypt'], Constraints });
const { Grants } = await kms.listGrants({ KeyId });
await kms.revokeGrant({ KeyId, GrantId });
check('CreateGrant, ListGrants, RevokeGrant', Grants?.[0]?.CreationDate instanceof Date);

await kms.tagResource({ KeyId, Tags: [{ TagKey: 'team', TagValue: 'billing' }] });
const { Tags } = await kms.listResourceTags({ KeyId });
await kms.untagResource({ KeyId, TagKeys: ['team'] });
check('TagResource, ListResourceTags, UntagResource', Tags?.[0]?.TagValue === 'billing');

const AliasName = 'alias/javascript-sdk';
await kms.createAlias({ AliasName, TargetKeyId: KeyId });
const described = await kms.describeKey({ KeyId: AliasName });
await kms.deleteAlias({ AliasName });
check('CreateAlias, DeleteAlias', described.KeyMetadata?.KeyId === KeyId);

await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 180 });
const status = await kms.getKeyRotationStatus({ KeyId });
check('EnableKeyRotation, GetKeyRotationStatus', status.RotationPeriodInDays === 180);
check('RotateKeyOnDemand', (await kms.rotateKeyOnDemand({ KeyId })).KeyId?.endsWith(KeyId) === true);

const pages = [];
for await (const page of paginateListKeys({ client: kms, pageSize: 2 }, {})) pages.push(page);
check('ListKeys in pages', pages.length >= 2 && pages.flatMap(({ Keys = [] }) => Keys).length >= 3);

check(
  'NotFoundException',
  (await catchError(kms.describeKey({ KeyId: 'alias/missing' }))) instanceof NotFoundException,
);
check(
  'InvalidCiphertextException',
  (await catchError(kms.decrypt({ CiphertextBlob }))) instanceof InvalidCiphertextException,
);
await kms.disableKey({ KeyId });
check('DisabledException', (await catchError(kms.encrypt({ KeyId, Plaintext: hello }))) instanceof DisabledException);
const credentials = { accessKeyId: process.env.READER_ACCESS_KEY_ID ?? '', secretAccessKey: 'local' };
const denied = await catchError(new KMS({ credentials } satisfies KMSClientConfig).createKey({}));
check('AccessDeniedException', denied instanceof KMSServiceException && denied.name === 'AccessDeniedException');

const deletion = await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
check('ScheduleKeyDeletion', deletion.KeyState === 'PendingDeletion');

async function createKey(KeySpec?: 'ECC_NIST_P256' | 'HMAC_256', KeyUsage?: 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC') {
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  return KeyMetadata!.KeyId!;
}

async function catchError(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Prints the result of a step. */
function check(step: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`${step}: unexpected response`);
  console.log(`ok: ${step}`);
}
