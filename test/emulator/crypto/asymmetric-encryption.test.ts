import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EncryptionAlgorithm, KeySpec } from '../../../emulator/crypto/key-specs.ts';
import {
  decryptAsymmetric,
  encryptAsymmetric,
  maxPlaintextBytes,
} from '../../../emulator/crypto/primitives/asymmetric-encryption.ts';
import rsaVectors from '../../vectors/rsa-wycheproof.json' with { type: 'json' };
import sm2Vectors from '../../vectors/sm2-gbt32918.json' with { type: 'json' };
import { sm2Material } from './sm2-material.ts';
import { fromHex, getMaterial, pkcs8FromJwk } from './test-materials.ts';

/** The maximum plaintext sizes listed in https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html. */
const rows: [KeySpec, EncryptionAlgorithm, number][] = [
  ['RSA_2048', 'RSAES_OAEP_SHA_1', 214],
  ['RSA_2048', 'RSAES_OAEP_SHA_256', 190],
  ['RSA_3072', 'RSAES_OAEP_SHA_1', 342],
  ['RSA_3072', 'RSAES_OAEP_SHA_256', 318],
  ['RSA_4096', 'RSAES_OAEP_SHA_1', 470],
  ['RSA_4096', 'RSAES_OAEP_SHA_256', 446],
  ['SM2', 'SM2PKE', 1024],
];

describe('asymmetric encryption', () => {
  test.for(rows)(
    'encryption with %s and %s accepts plaintexts of up to %i bytes and rejects longer plaintexts',
    { timeout: 30_000 },
    async ([keySpec, algorithm, limit]) => {
      const request = { keySpec, algorithm, material: await getMaterial(keySpec) };
      expect(maxPlaintextBytes(keySpec, algorithm)).toBe(limit);
      for (const length of [1, limit]) {
        const plaintext = randomBytes(length);
        const ciphertext = await encryptAsymmetric({ ...request, plaintext });
        expect(await decryptAsymmetric({ ...request, ciphertext })).toEqual(plaintext);
      }
      await expect(encryptAsymmetric({ ...request, plaintext: randomBytes(limit + 1) })).rejects.toMatchObject({
        code: 'ValidationException',
        message: `Algorithm ${algorithm} and key spec ${keySpec} cannot encrypt data larger than ${limit} bytes.`,
      });
    },
  );

  test.for<[KeySpec, EncryptionAlgorithm]>([
    ['RSA_2048', 'RSAES_OAEP_SHA_256'],
    ['SM2', 'SM2PKE'],
  ])(
    'decryption with %s and %s throws InvalidCiphertextException without a message for every invalid ciphertext',
    async ([keySpec, algorithm]) => {
      const request = { keySpec, algorithm, material: await getMaterial(keySpec) };
      const good = await encryptAsymmetric({ ...request, plaintext: randomBytes(20) });
      const altered = Buffer.from(good);
      altered[good.length - 1]! ^= 1;
      const arbitrary = fc.oneof(
        fc.constantFrom<Uint8Array>(altered, good.subarray(1), Buffer.concat([good, good])),
        fc.uint8Array(),
      );
      await fc.assert(
        fc.asyncProperty(arbitrary, async (ciphertext) => {
          await expect(decryptAsymmetric({ ...request, ciphertext })).rejects.toMatchObject({
            code: 'InvalidCiphertextException',
            message: '',
          });
        }),
        { numRuns: 50 },
      );
    },
  );

  test('encryption with SM2PKE never leaves a one-byte plaintext unencrypted', async () => {
    const request = { keySpec: 'SM2', algorithm: 'SM2PKE', material: await getMaterial('SM2') } as const;
    for (let run = 0; run < 100; run++) {
      expect((await encryptAsymmetric({ ...request, plaintext: Buffer.of(run) })).at(-1)).not.toBe(run);
    }
  });

  test.for(rsaVectors.RSAES_OAEP_SHA_256)(
    'decryption returns the plaintext of Wycheproof vector $tcId for RSAES_OAEP_SHA_256',
    async ({ plaintext, ciphertext }) => {
      const request = {
        keySpec: 'RSA_2048',
        algorithm: 'RSAES_OAEP_SHA_256',
        material: pkcs8FromJwk(rsaVectors.jwk),
      } as const;
      expect((await decryptAsymmetric({ ...request, ciphertext: fromHex(ciphertext) })).toString('hex')).toBe(
        plaintext,
      );
    },
  );

  test('decryption returns the plaintext of the SM2 example in GB/T 32918.5 annex C', async () => {
    const { message, ciphertext } = sm2Vectors.encryption;
    const request = {
      keySpec: 'SM2',
      algorithm: 'SM2PKE',
      material: sm2Material,
      ciphertext: fromHex(ciphertext),
    } as const;
    expect((await decryptAsymmetric(request)).toString()).toBe(message);
  });
});
