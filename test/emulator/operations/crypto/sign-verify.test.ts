import { constants, createPublicKey, hash, verify as verifyWithNode } from 'node:crypto';
import {
  CreateKeyCommand,
  GetPublicKeyCommand,
  type MessageType,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { type KeySpec, keySpecs } from '../../../../emulator/crypto/key-specs.ts';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { formatAlias, seedInAllStates } from '../../../support/states.ts';

// RSA_3072 and RSA_4096 differ from RSA_2048 only in size, and are slow.
const specs = (Object.keys(keySpecs) as KeySpec[]).filter(
  (spec) => keySpecs[spec].algorithms.SIGN_VERIFY && !['SM2', 'RSA_3072', 'RSA_4096'].includes(spec),
);
const KeyUsage = 'SIGN_VERIFY';
const aliasFor = (KeySpec: string) => formatAlias({ KeySpec, KeyUsage });
const used = useEmulator({ seed: seedInAllStates(specs.map((KeySpec) => ({ KeySpec, KeyUsage }))) });

const message = Buffer.from('A message that is signed.');
const getHashName = (algorithm: string) => `sha${/(256|384|512)$/.exec(algorithm)?.[1]}`;

/** Returns the message to sign with an algorithm, or `undefined` if the algorithm does not support the message type. */
function createMessage(algorithm: string, type: MessageType): Buffer | undefined {
  if (type === 'EXTERNAL_MU') return algorithm.startsWith('ML_DSA') ? Buffer.alloc(64, 7) : undefined;
  if (type === 'RAW') return algorithm === 'ED25519_PH_SHA_512' ? undefined : message;
  if (algorithm.startsWith('ML_DSA') || algorithm === 'ED25519_SHA_512') return undefined;
  return hash(getHashName(algorithm), message, 'buffer');
}

const rows = specs.flatMap((spec) =>
  (keySpecs[spec].algorithms.SIGN_VERIFY as SigningAlgorithmSpec[]).flatMap((algorithm) =>
    (['RAW', 'DIGEST', 'EXTERNAL_MU'] as const).map((type) => [spec, algorithm, type] as const),
  ),
);

/** Returns whether node:crypto accepts the signature of `message`, or `undefined` if it does not support the algorithm. */
async function isValidForNode(spec: string, algorithm: string, type: MessageType, signature: Uint8Array) {
  if (type === 'EXTERNAL_MU' || algorithm === 'ED25519_PH_SHA_512') return undefined;
  const { PublicKey = new Uint8Array() } = await used.client.send(new GetPublicKeyCommand({ KeyId: aliasFor(spec) }));
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  const digest = /^(ED25519|ML_DSA)/.test(algorithm) ? null : getHashName(algorithm);
  const padding = algorithm.startsWith('RSASSA_PSS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  return verifyWithNode(digest, message, { key, ...padding }, signature);
}

test.for(rows.filter(([, algorithm, type]) => createMessage(algorithm, type) !== undefined))(
  'Verify and node:crypto accept only the signature that Sign returns (%s, %s, %s)',
  async ([spec, SigningAlgorithm, MessageType]) => {
    const request = {
      KeyId: aliasFor(spec),
      SigningAlgorithm,
      MessageType,
      Message: createMessage(SigningAlgorithm, MessageType) ?? message,
    };
    const signed = await used.client.send(new SignCommand(request));
    const Signature = signed.Signature ?? new Uint8Array();
    expect(signed).toMatchObject({ SigningAlgorithm, KeyId: expect.stringMatching(/^arn:/) });
    expect(await isValidForNode(spec, SigningAlgorithm, MessageType, Signature)).not.toBe(false);
    const verified = await used.client.send(new VerifyCommand({ ...request, Signature }));
    expect(verified).toMatchObject({ SignatureValid: true, SigningAlgorithm, KeyId: signed.KeyId });

    const invalid = { name: 'KMSInvalidSignatureException', message: expect.stringMatching(/^(UnknownError)?$/) };
    const other = Buffer.from(request.Message);
    other[0] = (other[0] ?? 0) ^ 1;
    for (const changed of [{ Message: other }, { Signature: Signature.subarray(1) }, { Signature: Buffer.of(1) }]) {
      expect(await catchError(used.client.send(new VerifyCommand({ ...request, Signature, ...changed })))).toEqual(
        invalid,
      );
    }
  },
);

test.for(rows.filter(([, algorithm, type]) => createMessage(algorithm, type) === undefined))(
  'Sign and Verify reject message type $2 with $0 and $1',
  async ([spec, SigningAlgorithm, MessageType]) => {
    const request = { KeyId: aliasFor(spec), SigningAlgorithm, MessageType, Message: Buffer.alloc(64) };
    // The Ed25519 algorithms differ in their message type, so the error contains the algorithm instead of the key spec.
    const namesAlgorithm = spec === 'ECC_NIST_EDWARDS25519' && MessageType !== 'EXTERNAL_MU';
    const what = namesAlgorithm ? `algorithm ${SigningAlgorithm}` : `key spec ${spec}`;
    const error = { name: 'ValidationException', message: `Message type ${MessageType} is incompatible with ${what}.` };
    expect(await catchError(used.client.send(new SignCommand(request)))).toEqual(error);
    expect(await catchError(used.client.send(new VerifyCommand({ ...request, Signature: Buffer.of(1) })))).toEqual(
      error,
    );
  },
);

test.for(rows.filter(([, algorithm, type]) => type !== 'RAW' && createMessage(algorithm, type) !== undefined))(
  'Sign rejects a digest of the wrong length (%s, %s, %s)',
  async ([spec, SigningAlgorithm, MessageType]) => {
    const request = { KeyId: aliasFor(spec), SigningAlgorithm, MessageType, Message: Buffer.alloc(31), DryRun: true };
    expect(await catchError(used.client.send(new SignCommand(request)))).toEqual({
      name: 'ValidationException',
      message: expect.stringMatching(`^(Digest|External Mu) is invalid length for algorithm ${SigningAlgorithm}\\.$`),
    });
  },
);

test('Sign throws InvalidKeyUsageException for an algorithm that does not match the key spec', async () => {
  const request = { KeyId: aliasFor('ECC_NIST_P256'), SigningAlgorithm: 'ECDSA_SHA_384', Message: message } as const;
  expect(await catchError(used.client.send(new SignCommand(request)))).toEqual({
    name: 'InvalidKeyUsageException',
    message: 'Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.',
  });
});

test('Sign reports every violated constraint, but the error does not contain the message to sign', async () => {
  const request = { KeyId: '', SigningAlgorithm: 'none' as 'SM2DSA', Message: Buffer.alloc(4097) };
  const { name, message: text } = await catchError(used.client.send(new SignCommand(request)));
  expect(name).toBe('ValidationException');
  expect(text).toContain(
    "Value at 'message' failed to satisfy constraint: Member must have length less than or equal to 4096",
  );
  // AWS returns the algorithms in a different order from the order in the model.
  expect(text).toMatch(/satisfy enum value set: \[RSASSA_PSS_SHA_256, .*, ED25519_SHA_512, .*, ML_DSA_SHAKE_256\]$/);
});

test('Sign throws NotFoundException for a key in another account', async () => {
  const client = clientFor(used.emulator.endpoint, { account: '111122223333' });
  const request = { KeyId: aliasFor('ECC_NIST_P256'), SigningAlgorithm: 'ECDSA_SHA_256', Message: message } as const;
  expect(await catchError(client.send(new SignCommand(request)))).toMatchObject({ name: 'NotFoundException' });
  client.destroy();
});

test('Sign and Verify support SM2DSA in Regions in China, for messages and for 32-byte digests', async () => {
  const client = clientFor(used.emulator.endpoint, { region: 'cn-north-1' });
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }));
  for (const MessageType of ['RAW', 'DIGEST'] as const) {
    const KeyId = KeyMetadata?.Arn;
    const request = { KeyId, SigningAlgorithm: 'SM2DSA', MessageType, Message: Buffer.alloc(32, 1) } as const;
    const { Signature } = await client.send(new SignCommand(request));
    expect(await client.send(new VerifyCommand({ ...request, Signature }))).toMatchObject({ SignatureValid: true });
  }
  client.destroy();
});
