import { createHash, randomBytes } from 'node:crypto';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { describe, expect, test } from 'vitest';
import { encodeDer } from '../../../emulator/crypto/formats/der.ts';
import { parsedKey } from '../../../emulator/crypto/formats/parsed-key.ts';
import { publicKeyOf } from '../../../emulator/crypto/formats/public-key.ts';
import { checkImportedMaterial } from '../../../emulator/crypto/imported-material.ts';
import { expandedMlDsaKey } from '../../../emulator/crypto/key-generation.ts';
import { decapsulate, encapsulate } from '../../../emulator/crypto/primitives/kem.ts';
import { sign, verify } from '../../../emulator/crypto/primitives/signing.ts';
import { isSoak } from '../../support/operations.ts';
import accumulated from '../../vectors/lattice-accumulated.json' with { type: 'json' };
import { hex, materialOf } from './test-materials.ts';

/** NIST's arc for both families: 2.16.840.1.101.3.4 (RFC 9881, RFC 9935). */
const algorithm = (arc: 3 | 4, number: number) =>
  encodeDer(0x30, encodeDer(0x06, hex('60864801650304'), Buffer.of(arc, number)));

/** PKCS#8 with the seed alone. */
const seedForm = (identifier: Buffer, seed: Uint8Array) =>
  encodeDer(0x30, hex('020100'), identifier, encodeDer(0x04, encodeDer(0x80, seed)));

const mlDsa = [
  { keySpec: 'ML_DSA_44', noble: ml_dsa44, number: 17, publicKeyBytes: 1312 },
  { keySpec: 'ML_DSA_65', noble: ml_dsa65, number: 18, publicKeyBytes: 1952 },
  { keySpec: 'ML_DSA_87', noble: ml_dsa87, number: 19, publicKeyBytes: 2592 },
] as const;

const mlKem = [
  { keySpec: 'ML_KEM_512', noble: ml_kem512, number: 1, publicKeyBytes: 800, ciphertextBytes: 768 },
  { keySpec: 'ML_KEM_768', noble: ml_kem768, number: 2, publicKeyBytes: 1184, ciphertextBytes: 1088 },
  { keySpec: 'ML_KEM_1024', noble: ml_kem1024, number: 3, publicKeyBytes: 1568, ciphertextBytes: 1568 },
] as const;

const shake256 = (...parts: Uint8Array[]) =>
  createHash('shake256', { outputLength: 64 }).update(Buffer.concat(parts)).digest();

/** μ of FIPS 204 Algorithm 7 for a message without context. */
const muOf = (publicKey: Uint8Array, message: Uint8Array) => shake256(shake256(publicKey), Buffer.of(0, 0), message);

/** The stream SHAKE128(""), in pieces. */
function pseudorandom(totalBytes: number): (sizeBytes: number) => Buffer {
  const stream = createHash('shake128', { outputLength: totalBytes }).digest();
  let offset = 0;
  return (sizeBytes) => {
    offset += sizeBytes;
    return stream.subarray(offset - sizeBytes, offset);
  };
}

describe('ML-DSA', () => {
  test.for(mlDsa)(
    '$keySpec: 100 keys from seeds and their signatures are those that C2SP/CCTV published',
    { timeout: 30_000 },
    async (row) => {
      const { keySpec, noble, number, publicKeyBytes } = row;
      const { iterations, result } = accumulated[keySpec];
      const seeds = pseudorandom(iterations * 32);
      const answers = createHash('shake128', { outputLength: 32 });
      for (let index = 0; index < iterations; index++) {
        const material = seedForm(algorithm(3, number), seeds(32));
        const publicKey = publicKeyOf(material).subarray(-publicKeyBytes);
        answers.update(publicKey);
        // What signs over EXTERNAL_MU, but deterministic, with the key as we take it from the PKCS#8.
        const expanded = expandedMlDsaKey(parsedKey(material).privateKey);
        const mu = muOf(publicKey, new Uint8Array());
        const signature = noble.internal.sign(mu, expanded, { externalMu: true, extraEntropy: false });
        answers.update(signature);
        if (index < 3) {
          const request = { keySpec, algorithm: 'ML_DSA_SHAKE_256', material, signature } as const;
          expect(await verify({ ...request, messageType: 'EXTERNAL_MU', message: mu })).toBe(true);
          expect(await verify({ ...request, messageType: 'RAW', message: new Uint8Array() })).toBe(true);
        }
      }
      expect(answers.digest('hex')).toBe(result);
    },
  );

  test.for(mlDsa)('$keySpec: a signature over μ is one over the message, and the other way round', async (row) => {
    const { keySpec, publicKeyBytes } = row;
    const material = await materialOf(keySpec);
    const message = randomBytes(200);
    const common = { keySpec, algorithm: 'ML_DSA_SHAKE_256', material } as const;
    const raw = { ...common, messageType: 'RAW', message } as const;
    const mu = muOf(publicKeyOf(material).subarray(-publicKeyBytes), message);
    const external = { ...common, messageType: 'EXTERNAL_MU', message: mu } as const;
    expect(await verify({ ...raw, signature: await sign(external) })).toBe(true);
    expect(await verify({ ...external, signature: await sign(raw) })).toBe(true);
  });

  test('a key imported in expanded form, without its seed, signs over μ too', async () => {
    const material = await materialOf('ML_DSA_44');
    const expanded = expandedMlDsaKey(parsedKey(material).privateKey);
    const imported = await checkImportedMaterial(
      'ML_DSA_44',
      encodeDer(0x30, hex('020100'), algorithm(3, 17), encodeDer(0x04, encodeDer(0x04, expanded))),
    );
    const request = {
      keySpec: 'ML_DSA_44',
      algorithm: 'ML_DSA_SHAKE_256',
      messageType: 'EXTERNAL_MU',
      message: randomBytes(64),
    } as const;
    expect(await verify({ ...request, material, signature: await sign({ ...request, material: imported }) })).toBe(
      true,
    );
  });
});

describe('ML-KEM', () => {
  const request = ({ keySpec }: (typeof mlKem)[number], material: Uint8Array) => ({
    keySpec,
    algorithm: 'ML_KEM',
    material,
  });

  test('ML_KEM_768: the answers to 100 seeds are those of Go', () => {
    const row = mlKem[1];
    const { iterations, result } = accumulated.ML_KEM_768;
    const input = pseudorandom(iterations * (64 + 32 + row.ciphertextBytes));
    const answers = createHash('shake128', { outputLength: 32 });
    for (let index = 0; index < iterations; index++) {
      const material = seedForm(algorithm(4, row.number), input(64));
      const publicKey = publicKeyOf(material).subarray(-row.publicKeyBytes);
      const { cipherText, sharedSecret } = row.noble.encapsulate(publicKey, input(32));
      const ours = decapsulate({ ...request(row, material), ciphertext: cipherText });
      expect(ours).toEqual(Buffer.from(sharedSecret));
      const rejected = decapsulate({ ...request(row, material), ciphertext: input(row.ciphertextBytes) });
      for (const part of [publicKey, cipherText, ours, rejected]) answers.update(part);
    }
    expect(answers.digest('hex')).toBe(result);
  });

  test.for(mlKem)('$keySpec: the answers to consecutive seeds are those published', { timeout: 300_000 }, (row) => {
    const iterations = isSoak ? 10_000 : 100;
    const result = accumulated.ML_KEM_with_private_keys[row.keySpec][iterations];
    const input = pseudorandom(iterations * (96 + row.ciphertextBytes));
    const answers = createHash('shake128', { outputLength: 32 });
    for (let index = 0; index < iterations; index++) {
      const seed = input(64);
      const material = seedForm(algorithm(4, row.number), seed);
      const publicKey = publicKeyOf(material).subarray(-row.publicKeyBytes);
      const { cipherText, sharedSecret } = row.noble.encapsulate(publicKey, input(32));
      const ours = decapsulate({ ...request(row, material), ciphertext: cipherText });
      expect(ours.equals(sharedSecret)).toBe(true);
      const rejected = decapsulate({ ...request(row, material), ciphertext: input(row.ciphertextBytes) });
      const { secretKey } = row.noble.keygen(seed);
      for (const part of [publicKey, secretKey, cipherText, ours, rejected]) answers.update(part);
    }
    expect(answers.digest('hex')).toBe(result);
  });

  test.for(mlKem)('$keySpec: agrees with @noble/post-quantum both ways', async (row) => {
    const material = await materialOf(row.keySpec);
    const seedOnly = seedForm(algorithm(4, row.number), Buffer.from(randomBytes(64)));
    for (const key of [material, seedOnly]) {
      const { sharedSecret, ciphertext } = encapsulate(request(row, key));
      expect(sharedSecret).toHaveLength(32);
      expect(ciphertext).toHaveLength(row.ciphertextBytes);
      expect(decapsulate({ ...request(row, key), ciphertext })).toEqual(sharedSecret);
      const theirs = row.noble.encapsulate(publicKeyOf(key).subarray(-row.publicKeyBytes));
      expect(decapsulate({ ...request(row, key), ciphertext: theirs.cipherText })).toEqual(
        Buffer.from(theirs.sharedSecret),
      );
    }
  });

  test.for(mlKem)('$keySpec: another ciphertext gives another secret, one of another length an error', async (row) => {
    const material = await materialOf(row.keySpec);
    const { sharedSecret, ciphertext } = encapsulate(request(row, material));
    const altered = Buffer.from(ciphertext);
    altered[0]! ^= 1;
    const rejected = decapsulate({ ...request(row, material), ciphertext: altered });
    expect(rejected).not.toEqual(sharedSecret);
    expect(decapsulate({ ...request(row, material), ciphertext: altered })).toEqual(rejected);
    for (const wrong of [ciphertext.subarray(1), Buffer.concat([ciphertext, Buffer.of(0)]), Buffer.alloc(0)]) {
      expect(() => decapsulate({ ...request(row, material), ciphertext: wrong })).toThrow(
        expect.objectContaining({ code: 'InvalidCiphertextException', message: '' }),
      );
    }
  });
});
