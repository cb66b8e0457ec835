import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generateDataKeyPair } from '../../../emulator/crypto/data-key-pair-generation.ts';
import { encodeDer, readSequence } from '../../../emulator/crypto/formats/der.ts';
import { exportPublicKey } from '../../../emulator/crypto/formats/public-key.ts';
import { validateKeyMaterial } from '../../../emulator/crypto/key-material-validation.ts';
import { type KeySpec, keySpecs, type SigningAlgorithm } from '../../../emulator/crypto/key-specs.ts';
import {
  requireWrappingSupport,
  unwrapKeyMaterial,
  type WrappingChoice,
  type WrappingKeySpec,
} from '../../../emulator/crypto/key-wrapping.ts';
import { unwrapAesPadded } from '../../../emulator/crypto/primitives/aes-key-wrap.ts';
import { decryptAsymmetric, encryptAsymmetric } from '../../../emulator/crypto/primitives/asymmetric-encryption.ts';
import { sign, verify } from '../../../emulator/crypto/primitives/signing.ts';
import { type DataKeyPairSpec, dataKeyPairSpecNames } from '../../../shared/declaration/key-specs.ts';
import vectors from '../../vectors/aes-kwp-rfc5649.json' with { type: 'json' };
import { fromHex, getMaterial } from './test-materials.ts';

const wrapAesPadded = (kek: Uint8Array, plaintext: Uint8Array) => {
  const cipher = createCipheriv(`id-aes${kek.length * 8}-wrap-pad`, kek, fromHex('a65959a6'));
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
};

/** Wraps material in the same way as a caller of ImportKeyMaterial. */
async function wrap(
  choice: WrappingChoice,
  wrappingMaterial: Uint8Array,
  material: Uint8Array,
  aesKeyBytes = 32,
): Promise<Buffer> {
  if (choice.wrappingAlgorithm === 'SM2PKE') {
    return encryptAsymmetric({ keySpec: 'SM2', algorithm: 'SM2PKE', material: wrappingMaterial, plaintext: material });
  }
  const key = {
    key: exportPublicKey(wrappingMaterial),
    format: 'der',
    type: 'spki',
    padding: constants.RSA_PKCS1_OAEP_PADDING,
  } as const;
  const oaepHash = choice.wrappingAlgorithm.endsWith('_1') ? 'sha1' : 'sha256';
  if (choice.wrappingAlgorithm.startsWith('RSAES')) return publicEncrypt({ ...key, oaepHash }, material);
  const aesKey = randomBytes(aesKeyBytes);
  return Buffer.concat([publicEncrypt({ ...key, oaepHash }, aesKey), wrapAesPadded(aesKey, material)]);
}

const isAllowed = (choice: WrappingChoice) => {
  try {
    requireWrappingSupport(choice);
    return true;
  } catch {
    return false;
  }
};

const wrappingKeySpecs: WrappingKeySpec[] = ['RSA_2048', 'RSA_3072', 'RSA_4096', 'SM2'];
const wrappingAlgorithms = [
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
  'SM2PKE',
];
const choices = (Object.keys(keySpecs) as KeySpec[]).flatMap((keySpec) =>
  wrappingKeySpecs.flatMap((wrappingKeySpec) =>
    wrappingAlgorithms.map((wrappingAlgorithm): WrappingChoice => ({ keySpec, wrappingKeySpec, wrappingAlgorithm })),
  ),
);

/** Generates material that is small enough for direct wrapping. For an ML-KEM key, returns only the seed. */
async function generateSmallMaterial(keySpec: KeySpec): Promise<Uint8Array> {
  if (keySpecs[keySpec].family === 'ML_KEM') return (await generateDataKeyPair(keySpec as DataKeyPairSpec)).privateKey;
  return getMaterial(keySpec);
}

describe('unwrapKeyMaterial', () => {
  const fits = ({ keySpec, wrappingAlgorithm }: WrappingChoice) =>
    keySpecs[keySpec].family !== 'ML_DSA' || wrappingAlgorithm.startsWith('RSA_AES');

  test.for(choices.filter((choice) => isAllowed(choice) && fits(choice)))(
    'unwrapKeyMaterial unwraps $keySpec material that is wrapped with $wrappingAlgorithm under $wrappingKeySpec',
    { timeout: 30_000 },
    async (choice) => {
      const wrappingMaterial = await getMaterial(choice.wrappingKeySpec);
      const material = await generateSmallMaterial(choice.keySpec);
      const request = { ...choice, wrappingPrivateKey: wrappingMaterial };
      const unwrapped = await unwrapKeyMaterial({
        ...request,
        encryptedKeyMaterial: await wrap(choice, wrappingMaterial, material),
      });
      expect(unwrapped).toEqual(Buffer.from(material));
      const imported = await validateKeyMaterial(choice.keySpec, unwrapped);
      if (keySpecs[choice.keySpec].isAsymmetric) expect(exportPublicKey(imported)).toEqual(exportPublicKey(material));
    },
  );

  /** https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-get-public-key-and-token.html */
  test.for<[KeySpec, WrappingKeySpec, string]>([
    ['SYMMETRIC_DEFAULT', 'RSA_2048', 'RSAES_OAEP_SHA_1'],
    ['SYMMETRIC_DEFAULT', 'SM2', 'SM2PKE'],
    ['HMAC_512', 'RSA_3072', 'RSAES_OAEP_SHA_256'],
    ['RSA_2048', 'RSA_4096', 'RSA_AES_KEY_WRAP_SHA_1'],
    ['ECC_NIST_P256', 'RSA_2048', 'RSAES_OAEP_SHA_256'],
    ['ECC_NIST_P521', 'RSA_3072', 'RSAES_OAEP_SHA_1'],
    ['ECC_NIST_P521', 'RSA_2048', 'RSA_AES_KEY_WRAP_SHA_256'],
    ['ECC_NIST_EDWARDS25519', 'RSA_2048', 'RSA_AES_KEY_WRAP_SHA_256'],
    ['SM2', 'SM2', 'SM2PKE'],
    ['ML_DSA_44', 'RSA_4096', 'RSA_AES_KEY_WRAP_SHA_256'],
    ['ML_KEM_768', 'RSA_4096', 'RSA_AES_KEY_WRAP_SHA_256'],
  ])(
    'unwrapKeyMaterial supports $0 material that is wrapped with $2 under $1',
    ([keySpec, wrappingKeySpec, wrappingAlgorithm]) => {
      expect(isAllowed({ keySpec, wrappingKeySpec, wrappingAlgorithm })).toBe(true);
    },
  );

  test.for<[KeySpec, WrappingKeySpec, string]>([
    ['ECC_NIST_EDWARDS25519', 'RSA_2048', 'RSAES_OAEP_SHA_256'],
    ['RSA_2048', 'RSA_4096', 'RSAES_OAEP_SHA_256'],
    ['ECC_NIST_P521', 'RSA_2048', 'RSAES_OAEP_SHA_1'],
    ['SYMMETRIC_DEFAULT', 'RSA_4096', 'RSA_AES_KEY_WRAP_SHA_256'],
    ['HMAC_256', 'RSA_4096', 'RSA_AES_KEY_WRAP_SHA_1'],
    ['SYMMETRIC_DEFAULT', 'RSA_2048', 'SM2PKE'],
    ['SYMMETRIC_DEFAULT', 'SM2', 'RSAES_OAEP_SHA_256'],
    ['SYMMETRIC_DEFAULT', 'RSA_2048', 'RSAES_PKCS1_V1_5'],
  ])(
    'unwrapKeyMaterial rejects $0 material that is wrapped with $2 under $1',
    ([keySpec, wrappingKeySpec, wrappingAlgorithm]) => {
      expect(() => requireWrappingSupport({ keySpec, wrappingKeySpec, wrappingAlgorithm })).toThrow(
        expect.objectContaining({ code: 'ValidationException' }),
      );
    },
  );

  test.for(wrappingAlgorithms)(
    'unwrapKeyMaterial throws InvalidCiphertextException for invalid bytes (%s)',
    async (wrappingAlgorithm) => {
      const wrappingKeySpec = wrappingAlgorithm === 'SM2PKE' ? 'SM2' : 'RSA_2048';
      const choice = { keySpec: 'ECC_NIST_P256', wrappingKeySpec, wrappingAlgorithm } as const;
      const wrappingPrivateKey = await getMaterial(wrappingKeySpec);
      const good = await wrap(choice, wrappingPrivateKey, await getMaterial('ECC_NIST_P256'));
      const altered = Buffer.from(good);
      altered[good.length - 1]! ^= 1;
      for (const encryptedKeyMaterial of [
        altered,
        good.subarray(1),
        good.subarray(0, -1),
        Buffer.alloc(0),
        randomBytes(600),
      ]) {
        const unwrapping = unwrapKeyMaterial({ ...choice, wrappingPrivateKey, encryptedKeyMaterial });
        await expect(unwrapping).rejects.toMatchObject({ code: 'InvalidCiphertextException' });
      }
    },
  );

  test('unwrapKeyMaterial rejects an AES key that is not 256 bits long in RSA_AES_KEY_WRAP', async () => {
    const choice = {
      keySpec: 'ECC_NIST_P256',
      wrappingKeySpec: 'RSA_2048',
      wrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256',
    } as const;
    const wrappingPrivateKey = await getMaterial('RSA_2048');
    const encryptedKeyMaterial = await wrap(choice, wrappingPrivateKey, await getMaterial('ECC_NIST_P256'), 16);
    await expect(unwrapKeyMaterial({ ...choice, wrappingPrivateKey, encryptedKeyMaterial })).rejects.toMatchObject({
      code: 'InvalidCiphertextException',
    });
  });

  test.for(vectors)(
    'unwrapAesPadded unwraps the example in RFC 5649 §6 with plaintext $plaintext',
    ({ kek, plaintext, wrapped }) => {
      expect(unwrapAesPadded(fromHex(kek), fromHex(wrapped))?.toString('hex')).toBe(plaintext);
      expect(unwrapAesPadded(fromHex(kek), fromHex(wrapped).reverse())).toBeUndefined();
    },
  );
});

describe('validateKeyMaterial', () => {
  const incorrect = { name: 'KeyMaterialError' };

  test.for(Object.keys(keySpecs) as KeySpec[])(
    'validateKeyMaterial rejects invalid bytes and material of a different key spec (%s)',
    { timeout: 30_000 },
    async (keySpec) => {
      const row = keySpecs[keySpec];
      const others: KeySpec[] = [
        'ECC_NIST_P256',
        'ECC_SECG_P256K1',
        'SM2',
        'ECC_NIST_EDWARDS25519',
        'RSA_3072',
        'ML_DSA_65',
        'ML_KEM_768',
      ];
      const materials: Uint8Array[] = [
        Buffer.alloc(0),
        randomBytes(16),
        randomBytes(row.maxRawBytes === undefined ? 33 : 27),
        randomBytes(129),
        Buffer.concat([exportPublicKey(await getMaterial('SM2')), Buffer.alloc(64)]),
      ];
      for (const other of row.isAsymmetric ? others : [])
        if (other !== keySpec) materials.push(Buffer.from(await getMaterial(other)));
      if (row.isAsymmetric) materials.push((await getMaterial(keySpec)).subarray(1));
      for (const material of materials)
        await expect(validateKeyMaterial(keySpec, material)).rejects.toMatchObject(incorrect);
    },
  );

  test.for<[KeySpec, number, string]>([
    ['SYMMETRIC_DEFAULT', 31, 'Key material of key spec SYMMETRIC_DEFAULT must be 32 bytes long.'],
    ['SYMMETRIC_DEFAULT', 33, 'Key material of key spec SYMMETRIC_DEFAULT must be 32 bytes long.'],
    ['HMAC_256', 31, 'Key material of key spec HMAC_256 must be 32 to 128 bytes long.'],
    ['HMAC_256', 129, 'Key material of key spec HMAC_256 must be 32 to 128 bytes long.'],
    ['ECC_NIST_P256', 32, 'Key material must be a PKCS#8 private key in DER.'],
  ])('validateKeyMaterial explains why it rejects material for %s with %i bytes', async ([keySpec, bytes, message]) => {
    await expect(validateKeyMaterial(keySpec, randomBytes(bytes))).rejects.toMatchObject({ ...incorrect, message });
  });

  test.for([32, 128])('validateKeyMaterial accepts material of %i bytes for HMAC_256', async (bytes) => {
    const material = randomBytes(bytes);
    expect(await validateKeyMaterial('HMAC_256', material)).toEqual(material);
  });

  test.for<KeySpec>(['ECC_NIST_P256', 'SM2'])(
    'validateKeyMaterial rejects a public key that does not match the private key (%s)',
    async (keySpec) => {
      const ours = Buffer.from(await getMaterial(keySpec));
      const theirs = await keySpecs[keySpec].generateMaterial();
      theirs.copy(ours, ours.length - 64, theirs.length - 64);
      await expect(validateKeyMaterial(keySpec, ours)).rejects.toMatchObject(incorrect);
    },
  );

  test.for<[KeySpec, SigningAlgorithm]>([
    ['ECC_NIST_P256', 'ECDSA_SHA_256'],
    ['SM2', 'SM2DSA'],
  ])('validateKeyMaterial accepts a PKCS#8 private key without a public key (%s)', async ([keySpec, algorithm]) => {
    const material = await getMaterial(keySpec);
    const [version, identifier, key] = readSequence(material, 0x02, 0x30, 0x04);
    const [one, scalar] = readSequence(key!, 0x02, 0x04, 0xa1);
    const bare = encodeDer(0x30, encodeDer(0x02, one!), encodeDer(0x04, scalar!));
    const pkcs8 = encodeDer(0x30, encodeDer(0x02, version!), encodeDer(0x30, identifier!), encodeDer(0x04, bare));
    const imported = await validateKeyMaterial(keySpec, pkcs8);
    expect(exportPublicKey(imported)).toEqual(exportPublicKey(material));
    const request = { keySpec, algorithm, messageType: 'RAW', message: Buffer.from('message') } as const;
    expect(await verify({ ...request, material, signature: await sign({ ...request, material: imported }) })).toBe(
      true,
    );
  });
});

describe('generateDataKeyPair', () => {
  test.for(dataKeyPairSpecNames().filter((name) => keySpecs[name].family !== 'RSA'))(
    'generateDataKeyPair returns a matching pair for key pair spec %s',
    async (keyPairSpec) => {
      const { publicKey, privateKey } = await generateDataKeyPair(keyPairSpec);
      expect(exportPublicKey(privateKey)).toEqual(publicKey);
      if (keySpecs[keyPairSpec].family === 'ML_KEM') expect(privateKey).toHaveLength(86);
    },
  );

  test('generateDataKeyPair returns an RSA_2048 private key that decrypts ciphertexts under the public key', async () => {
    const { publicKey, privateKey } = await generateDataKeyPair('RSA_2048');
    const key = {
      key: publicKey,
      format: 'der',
      type: 'spki',
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
    } as const;
    const ciphertext = publicEncrypt(key, Buffer.from('plaintext'));
    const request = { keySpec: 'RSA_2048', algorithm: 'RSAES_OAEP_SHA_256', material: privateKey, ciphertext } as const;
    expect((await decryptAsymmetric(request)).toString()).toBe('plaintext');
  });
});
