import { randomBytes, webcrypto } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeUnsigned, encodeDer, encodeUnsigned, readSequence } from '../../../emulator/crypto/formats/der.ts';
import { exportPublicKey } from '../../../emulator/crypto/formats/public-key.ts';
import type { KeySpec, SigningAlgorithm } from '../../../emulator/crypto/key-specs.ts';
import { decryptAsymmetric } from '../../../emulator/crypto/primitives/asymmetric-encryption.ts';
import { deriveSharedSecret } from '../../../emulator/crypto/primitives/key-agreement.ts';
import { generateMac } from '../../../emulator/crypto/primitives/mac.ts';
import { sign, verify } from '../../../emulator/crypto/primitives/signing.ts';
import { getMaterial } from './test-materials.ts';

/** The WebCrypto API, which web pages use with responses from GetPublicKey, Sign, Encrypt and other operations. */
const { subtle } = webcrypto;

type Row = [
  KeySpec,
  SigningAlgorithm,
  webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams | webcrypto.Algorithm,
  object,
];

const rows: Row[] = [
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, {}],
  ['RSA_2048', 'RSASSA_PSS_SHA_512', { name: 'RSA-PSS', hash: 'SHA-512' }, { saltLength: 64 }],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', { name: 'ECDSA', namedCurve: 'P-256' }, { hash: 'SHA-256' }],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', { name: 'ECDSA', namedCurve: 'P-384' }, { hash: 'SHA-384' }],
  ['ECC_NIST_P521', 'ECDSA_SHA_512', { name: 'ECDSA', namedCurve: 'P-521' }, { hash: 'SHA-512' }],
  ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', { name: 'Ed25519' }, {}],
];

const coordinateBytes: Partial<Record<KeySpec, number>> = { ECC_NIST_P256: 32, ECC_NIST_P384: 48, ECC_NIST_P521: 66 };

/** Converts a signature from DER, which KMS returns, to r ‖ s, which WebCrypto requires. */
function toWeb(keySpec: KeySpec, signature: Uint8Array): Uint8Array {
  const size = coordinateBytes[keySpec];
  if (size === undefined) return signature;
  return Buffer.concat(readSequence(signature, 0x02, 0x02).map((number) => decodeUnsigned(number, size)));
}

function fromWeb(keySpec: KeySpec, signature: Uint8Array): Uint8Array {
  const size = coordinateBytes[keySpec];
  if (size === undefined) return signature;
  return encodeDer(0x30, encodeUnsigned(signature.subarray(0, size)), encodeUnsigned(signature.subarray(size)));
}

describe('interoperability with WebCrypto', () => {
  test.for(rows)(
    "the emulator and WebCrypto verify each other's signatures (%s, %s)",
    { timeout: 30_000 },
    async ([keySpec, algorithm, web, parameters]) => {
      const material = await getMaterial(keySpec);
      const message = randomBytes(500);
      const request = { keySpec, algorithm, messageType: 'RAW', message, material } as const;
      const signing = { name: web.name, ...parameters };

      const publicKey = await subtle.importKey('spki', exportPublicKey(material), web, false, ['verify']);
      expect(
        await subtle.verify(
          signing,
          publicKey,
          toWeb(keySpec, await sign(request)) as Uint8Array<ArrayBuffer>,
          message,
        ),
      ).toBe(true);

      const privateKey = await subtle.importKey('pkcs8', Buffer.from(material), web, false, ['sign']);
      const theirs = Buffer.from(await subtle.sign(signing, privateKey, message));
      expect(await verify({ ...request, signature: fromWeb(keySpec, theirs) })).toBe(true);
    },
  );

  test('the emulator decrypts a ciphertext from WebCrypto (RSAES_OAEP_SHA_256)', async () => {
    const material = await getMaterial('RSA_2048');
    const web = { name: 'RSA-OAEP', hash: 'SHA-256' };
    const publicKey = await subtle.importKey('spki', exportPublicKey(material), web, false, ['encrypt']);
    const plaintext = randomBytes(190);
    const ciphertext = Buffer.from(await subtle.encrypt(web, publicKey, plaintext));
    expect(
      await decryptAsymmetric({ keySpec: 'RSA_2048', algorithm: 'RSAES_OAEP_SHA_256', material, ciphertext }),
    ).toEqual(plaintext);
  });

  test('the emulator and WebCrypto derive the same secret (ECDH)', async () => {
    const web = { name: 'ECDH', namedCurve: 'P-521' };
    const material = await getMaterial('ECC_NIST_P521');
    const theirs = await subtle.generateKey(web, true, ['deriveBits']);
    const ours = await subtle.importKey('spki', exportPublicKey(material), web, false, []);
    const publicKey = Buffer.from(await subtle.exportKey('spki', theirs.publicKey));
    const secret = await deriveSharedSecret({ keySpec: 'ECC_NIST_P521', algorithm: 'ECDH', material, publicKey });
    expect(secret).toEqual(
      Buffer.from(await subtle.deriveBits({ name: 'ECDH', public: ours }, theirs.privateKey, 528)),
    );
  });

  test('the emulator and WebCrypto return the same tag (HMAC_SHA_512)', async () => {
    const material = await getMaterial('HMAC_512');
    const message = randomBytes(4096);
    const key = await subtle.importKey('raw', Buffer.from(material), { name: 'HMAC', hash: 'SHA-512' }, false, [
      'sign',
    ]);
    const mac = generateMac({ keySpec: 'HMAC_512', algorithm: 'HMAC_SHA_512', message, material });
    expect(mac).toEqual(Buffer.from(await subtle.sign('HMAC', key, message)));
  });
});
