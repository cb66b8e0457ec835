import { createHash, randomBytes } from 'node:crypto';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { describe, expect, test } from 'vitest';
import { encodeDer } from '../../../emulator/crypto/formats/der.ts';
import { readExpandedMlDsaKey } from '../../../emulator/crypto/formats/lattice-private-key.ts';
import { parseKey } from '../../../emulator/crypto/formats/parsed-key.ts';
import { exportPublicKey } from '../../../emulator/crypto/formats/public-key.ts';
import { validateKeyMaterial } from '../../../emulator/crypto/key-material-validation.ts';
import { decapsulate, encapsulate } from '../../../emulator/crypto/primitives/kem.ts';
import { sign, verify } from '../../../emulator/crypto/primitives/signing.ts';
import { isSoak } from '../../support/operations.ts';
import accumulated from '../../vectors/lattice-accumulated.json' with { type: 'json' };
import { fromHex, getMaterial } from './test-materials.ts';

/** Encodes an algorithm identifier. NIST's arc for both families is 2.16.840.1.101.3.4 (RFC 9881, RFC 9935). */
const encodeAlgorithm = (arc: 3 | 4, number: number) =>
  encodeDer(0x30, encodeDer(0x06, fromHex('60864801650304'), Buffer.of(arc, number)));

/** Encodes a private key as PKCS#8 that contains only the seed. */
const encodeSeedForm = (identifier: Buffer, seed: Uint8Array) =>
  encodeDer(0x30, fromHex('020100'), identifier, encodeDer(0x04, encodeDer(0x80, seed)));

const mlDsa = [
  { keySpec: 'ML_DSA_44', noble: ml_dsa44, number: 17, publicKeyBytes: 1312 },
  { keySpec: 'ML_DSA_65', noble: ml_dsa65, number: 18, publicKeyBytes: 1952 },
  { keySpec: 'ML_DSA_87', noble: ml_dsa87, number: 19, publicKeyBytes: 2592 },
] as const;

/** The digests after 10 keys. They come from a run that also returned the published digests. */
const digestsAfterTen = {
  ML_DSA_44: 'd19584e024776014f52a5b4c9ee30693567885bee04c686216f663de1bd993cf',
  ML_DSA_65: '398351aef50dce93182a9f9e17eec3924581136dd1ce988a483cba48f9b2d116',
  ML_DSA_87: '648f7336b336480f77cd5694fe6a3eac73a12dc6f83d7e819af0a83f9c11886f',
} as const;

const mlKem = [
  { keySpec: 'ML_KEM_512', noble: ml_kem512, number: 1, publicKeyBytes: 800, ciphertextBytes: 768 },
  { keySpec: 'ML_KEM_768', noble: ml_kem768, number: 2, publicKeyBytes: 1184, ciphertextBytes: 1088 },
  { keySpec: 'ML_KEM_1024', noble: ml_kem1024, number: 3, publicKeyBytes: 1568, ciphertextBytes: 1568 },
] as const;

const shake256 = (...parts: Uint8Array[]) =>
  createHash('shake256', { outputLength: 64 }).update(Buffer.concat(parts)).digest();

/** Computes μ (FIPS 204, Algorithm 7) for a message without a context. */
const computeMu = (publicKey: Uint8Array, message: Uint8Array) =>
  shake256(shake256(publicKey), Buffer.of(0, 0), message);

/** Returns a function that reads the stream SHAKE128("") in pieces. */
function readShake128(totalBytes: number): (sizeBytes: number) => Buffer {
  const stream = createHash('shake128', { outputLength: totalBytes }).digest();
  let offset = 0;
  return (sizeBytes) => {
    offset += sizeBytes;
    return stream.subarray(offset - sizeBytes, offset);
  };
}

describe('ML-DSA', () => {
  // The published digest covers 100 keys. The computation takes seconds, so it runs only in `npm run soak`.
  test.for(mlDsa)(
    'ML-DSA public keys and signatures match the C2SP/CCTV vectors ($keySpec)',
    { timeout: 30_000 },
    async (row) => {
      const { keySpec, noble, number, publicKeyBytes } = row;
      const iterations = isSoak ? accumulated[keySpec].iterations : 10;
      const seeds = readShake128(iterations * 32);
      const digest = createHash('shake128', { outputLength: 32 });
      for (let index = 0; index < iterations; index++) {
        const material = encodeSeedForm(encodeAlgorithm(3, number), seeds(32));
        const publicKey = exportPublicKey(material).subarray(-publicKeyBytes);
        digest.update(publicKey);
        // The key in PKCS#8 encoding signs in the same way as for EXTERNAL_MU, but deterministically.
        const expanded = readExpandedMlDsaKey(parseKey(material).privateKey);
        const mu = computeMu(publicKey, new Uint8Array());
        const signature = noble.internal.sign(mu, expanded, { externalMu: true, extraEntropy: false });
        digest.update(signature);
        if (index === 9) expect(digest.copy({ outputLength: 32 }).digest('hex')).toBe(digestsAfterTen[keySpec]);
        if (index < 3) {
          const request = { keySpec, algorithm: 'ML_DSA_SHAKE_256', material, signature } as const;
          expect(await verify({ ...request, messageType: 'EXTERNAL_MU', message: mu })).toBe(true);
          expect(await verify({ ...request, messageType: 'RAW', message: new Uint8Array() })).toBe(true);
        }
      }
      if (isSoak) expect(digest.digest('hex')).toBe(accumulated[keySpec].result);
    },
  );

  test.for(mlDsa)('an ML-DSA signature is valid for both μ and its message ($keySpec)', async (row) => {
    const { keySpec, publicKeyBytes } = row;
    const material = await getMaterial(keySpec);
    const message = randomBytes(200);
    const common = { keySpec, algorithm: 'ML_DSA_SHAKE_256', material } as const;
    const raw = { ...common, messageType: 'RAW', message } as const;
    const mu = computeMu(exportPublicKey(material).subarray(-publicKeyBytes), message);
    const external = { ...common, messageType: 'EXTERNAL_MU', message: mu } as const;
    expect(await verify({ ...raw, signature: await sign(external) })).toBe(true);
    expect(await verify({ ...external, signature: await sign(raw) })).toBe(true);
  });

  test('an ML-DSA key that was imported in expanded form, without its seed, signs μ', async () => {
    const material = await getMaterial('ML_DSA_44');
    const expanded = readExpandedMlDsaKey(parseKey(material).privateKey);
    const imported = await validateKeyMaterial(
      'ML_DSA_44',
      encodeDer(0x30, fromHex('020100'), encodeAlgorithm(3, 17), encodeDer(0x04, encodeDer(0x04, expanded))),
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
  const toRequest = ({ keySpec }: (typeof mlKem)[number], material: Uint8Array) => ({
    keySpec,
    algorithm: 'ML_KEM' as const,
    material,
  });

  test('ML_KEM_768 results for 100 seeds match the results from Go', () => {
    const row = mlKem[1];
    const { iterations, result } = accumulated.ML_KEM_768;
    const input = readShake128(iterations * (64 + 32 + row.ciphertextBytes));
    const digest = createHash('shake128', { outputLength: 32 });
    for (let index = 0; index < iterations; index++) {
      const material = encodeSeedForm(encodeAlgorithm(4, row.number), input(64));
      const publicKey = exportPublicKey(material).subarray(-row.publicKeyBytes);
      const { cipherText, sharedSecret } = row.noble.encapsulate(publicKey, input(32));
      const ours = decapsulate({ ...toRequest(row, material), ciphertext: cipherText });
      expect(ours).toEqual(Buffer.from(sharedSecret));
      const rejected = decapsulate({ ...toRequest(row, material), ciphertext: input(row.ciphertextBytes) });
      for (const part of [publicKey, cipherText, ours, rejected]) digest.update(part);
    }
    expect(digest.digest('hex')).toBe(result);
  });

  // `npm test` omits ML-KEM-768, because the comparison with Go covers it.
  const rows = isSoak ? mlKem : mlKem.filter(({ keySpec }) => keySpec !== 'ML_KEM_768');
  test.for(rows)(
    'ML-KEM results for consecutive seeds match the published digest ($keySpec)',
    { timeout: 300_000 },
    (row) => {
      const iterations = isSoak ? 10_000 : 100;
      const result = accumulated.ML_KEM_with_private_keys[row.keySpec][iterations];
      const input = readShake128(iterations * (96 + row.ciphertextBytes));
      const digest = createHash('shake128', { outputLength: 32 });
      for (let index = 0; index < iterations; index++) {
        const seed = input(64);
        const material = encodeSeedForm(encodeAlgorithm(4, row.number), seed);
        const publicKey = exportPublicKey(material).subarray(-row.publicKeyBytes);
        const { cipherText, sharedSecret } = row.noble.encapsulate(publicKey, input(32));
        const ours = decapsulate({ ...toRequest(row, material), ciphertext: cipherText });
        expect(ours.equals(sharedSecret)).toBe(true);
        const rejected = decapsulate({ ...toRequest(row, material), ciphertext: input(row.ciphertextBytes) });
        const { secretKey } = row.noble.keygen(seed);
        for (const part of [publicKey, secretKey, cipherText, ours, rejected]) digest.update(part);
      }
      expect(digest.digest('hex')).toBe(result);
    },
  );

  test.for(mlKem)('encapsulate and decapsulate interoperate with @noble/post-quantum ($keySpec)', async (row) => {
    const material = await getMaterial(row.keySpec);
    const seedOnly = encodeSeedForm(encodeAlgorithm(4, row.number), Buffer.from(randomBytes(64)));
    for (const key of [material, seedOnly]) {
      const { sharedSecret, ciphertext } = encapsulate(toRequest(row, key));
      expect(sharedSecret).toHaveLength(32);
      expect(ciphertext).toHaveLength(row.ciphertextBytes);
      expect(decapsulate({ ...toRequest(row, key), ciphertext })).toEqual(sharedSecret);
      const theirs = row.noble.encapsulate(exportPublicKey(key).subarray(-row.publicKeyBytes));
      expect(decapsulate({ ...toRequest(row, key), ciphertext: theirs.cipherText })).toEqual(
        Buffer.from(theirs.sharedSecret),
      );
    }
  });

  test.for(mlKem)(
    'decapsulate returns a different secret for a changed ciphertext, and rejects a ciphertext of the wrong length ($keySpec)',
    async (row) => {
      const material = await getMaterial(row.keySpec);
      const { sharedSecret, ciphertext } = encapsulate(toRequest(row, material));
      const altered = Buffer.from(ciphertext);
      altered[0]! ^= 1;
      const rejected = decapsulate({ ...toRequest(row, material), ciphertext: altered });
      expect(rejected).not.toEqual(sharedSecret);
      expect(decapsulate({ ...toRequest(row, material), ciphertext: altered })).toEqual(rejected);
      for (const wrong of [ciphertext.subarray(1), Buffer.concat([ciphertext, Buffer.of(0)]), Buffer.alloc(0)]) {
        expect(() => decapsulate({ ...toRequest(row, material), ciphertext: wrong })).toThrow(
          expect.objectContaining({ code: 'InvalidCiphertextException', message: '' }),
        );
      }
    },
  );
});
