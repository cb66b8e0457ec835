import {
  constants,
  createPrivateKey,
  createPublicKey,
  hash,
  sign as opensslSign,
  verify as opensslVerify,
  randomBytes,
} from 'node:crypto';
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeDer, encodeUnsigned } from '../../../emulator/crypto/formats/der.ts';
import { exportPublicKey } from '../../../emulator/crypto/formats/public-key.ts';
import { type KeySpec, keySpecs, type SigningAlgorithm } from '../../../emulator/crypto/key-specs.ts';
import { type MessageType, sign, verify } from '../../../emulator/crypto/primitives/signing.ts';
import ecdsaVectors from '../../vectors/ecdsa-rfc6979.json' with { type: 'json' };
import edVectors from '../../vectors/ed25519-rfc8032.json' with { type: 'json' };
import rsaVectors from '../../vectors/rsa-wycheproof.json' with { type: 'json' };
import sm2Vectors from '../../vectors/sm2-gbt32918.json' with { type: 'json' };
import { fromHex, getMaterial, hexToBase64url, pkcs8FromJwk } from './test-materials.ts';

interface Row {
  readonly keySpec: KeySpec;
  readonly algorithm: SigningAlgorithm;
  readonly messageType: MessageType;
  readonly messageBytes: number;
}

const digestBytes = (algorithm: string) => (algorithm === 'SM2DSA' ? 32 : Number(algorithm.slice(-3)) / 8);

/** Every combination of key spec, algorithm and MessageType that KMS supports. */
const rows: Row[] = Object.values(keySpecs).flatMap(({ keySpec, algorithms }) =>
  (algorithms.SIGN_VERIFY ?? []).flatMap((algorithm): Row[] => {
    const row = (messageType: MessageType, messageBytes: number) => ({ keySpec, algorithm, messageType, messageBytes });
    if (algorithm === 'ED25519_SHA_512') return [row('RAW', 100)];
    if (algorithm === 'ED25519_PH_SHA_512') return [row('DIGEST', 64)];
    if (algorithm === 'ML_DSA_SHAKE_256') return [row('RAW', 4096), row('EXTERNAL_MU', 64)];
    return [row('RAW', 4096), row('DIGEST', digestBytes(algorithm))];
  }),
);
const digestRows = rows.filter(({ messageType }) => messageType !== 'RAW');

describe('signing primitives', () => {
  test.for(rows.filter(({ keySpec, algorithm }) => keySpec === 'RSA_2048' && algorithm.endsWith('_256')))(
    'verify rejects an RSA signature without its leading zero byte ($algorithm, $messageType)',
    async (row) => {
      const material = await getMaterial(row.keySpec);
      // One of 256 signatures begins with a zero byte.
      for (let count = 0; ; count += 1) {
        const message = Buffer.alloc(row.messageBytes);
        message.writeUInt32BE(count);
        const request = { ...row, message, material };
        const signature = await sign(request);
        if (signature[0] !== 0) continue;
        expect(await verify({ ...request, signature })).toBe(true);
        expect(await verify({ ...request, signature: signature.subarray(1) })).toBe(false);
        return;
      }
    },
  );

  test.for(rows)(
    'verify accepts a signature only for its message ($keySpec, $algorithm, $messageType)',
    { timeout: 30_000 },
    async (row) => {
      const request = { ...row, message: randomBytes(row.messageBytes), material: await getMaterial(row.keySpec) };
      const signature = await sign(request);
      expect(await verify({ ...request, signature })).toBe(true);

      const otherMessage = Buffer.from(request.message);
      otherMessage[0]! ^= 1;
      expect(await verify({ ...request, message: otherMessage, signature })).toBe(false);
      const otherSignature = Buffer.from(signature);
      otherSignature[signature.length - 1]! ^= 1;
      expect(await verify({ ...request, signature: otherSignature })).toBe(false);
    },
  );

  test.for(rows)(
    'verify rejects malformed signatures ($keySpec, $algorithm, $messageType)',
    { timeout: 30_000 },
    async (row) => {
      const request = { ...row, message: Buffer.alloc(row.messageBytes, 1), material: await getMaterial(row.keySpec) };
      const length = (await sign(request)).length;
      const malformed: Uint8Array[] = [1, length - 1, length, length + 1].flatMap((size) => [
        Buffer.alloc(size),
        Buffer.alloc(size, 0xff),
      ]);
      malformed.push(
        fromHex('3006020100020100'),
        fromHex('3006020101020101'),
        fromHex('30060201ff020101'),
        fromHex('300a02050000000001020101'),
      );
      for (const signature of malformed) expect(await verify({ ...request, signature })).toBe(false);
    },
  );

  test.for(digestRows)(
    'sign and verify throw ValidationException for a digest of the wrong length ($keySpec, $algorithm, $messageType)',
    async (row) => {
      const material = await getMaterial(row.keySpec);
      for (const length of [row.messageBytes - 1, row.messageBytes + 1, 20]) {
        const request = { ...row, message: randomBytes(length), material };
        const error = {
          code: 'ValidationException',
          message: `${row.messageType === 'EXTERNAL_MU' ? 'External Mu' : 'Digest'} is invalid length for algorithm ${row.algorithm}.`,
        };
        await expect(sign(request)).rejects.toMatchObject(error);
        await expect(verify({ ...request, signature: randomBytes(64) })).rejects.toMatchObject(error);
      }
    },
  );

  test.for<[KeySpec, SigningAlgorithm, MessageType, string]>([
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', 'DIGEST', 'algorithm ED25519_SHA_512'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_PH_SHA_512', 'RAW', 'algorithm ED25519_PH_SHA_512'],
    ['ML_DSA_44', 'ML_DSA_SHAKE_256', 'DIGEST', 'key spec ML_DSA_44'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256', 'EXTERNAL_MU', 'key spec ECC_NIST_P256'],
  ])('sign rejects message type $2 with $0 and $1', async ([keySpec, algorithm, messageType, culprit]) => {
    const request = { keySpec, algorithm, messageType, message: randomBytes(64), material: await getMaterial(keySpec) };
    await expect(sign(request)).rejects.toMatchObject({
      code: 'ValidationException',
      message: `Message type ${messageType} is incompatible with ${culprit}.`,
    });
  });

  test.for<[KeySpec, string]>([
    ['RSA_2048', 'ECDSA_SHA_256'],
    ['ECC_NIST_P384', 'ECDSA_SHA_256'],
    ['HMAC_256', 'HMAC_SHA_256'],
    ['ML_KEM_512', 'constructor'],
  ])('sign rejects algorithm $1 with key spec $0', async ([keySpec, algorithm]) => {
    const request = {
      keySpec,
      algorithm: algorithm as SigningAlgorithm,
      messageType: 'RAW',
      message: randomBytes(8),
      material: await getMaterial(keySpec),
    } as const;
    await expect(sign(request)).rejects.toMatchObject({
      code: 'InvalidKeyUsageException',
      message: `Algorithm ${algorithm} is incompatible with key spec ${keySpec}.`,
    });
  });

  test('a signature is valid for both the message and its digest', async () => {
    const material = await getMaterial('ECC_NIST_P256');
    const common = { keySpec: 'ECC_NIST_P256', algorithm: 'ECDSA_SHA_256', material } as const;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 4096 }), async (message) => {
        const raw = { ...common, messageType: 'RAW', message } as const;
        const digest = { ...common, messageType: 'DIGEST', message: hash('sha256', message, 'buffer') } as const;
        expect(await verify({ ...digest, signature: await sign(raw) })).toBe(true);
        expect(await verify({ ...raw, signature: await sign(digest) })).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

/** The algorithms whose signatures depend only on the key and the message. */
const isDeterministic = ({ algorithm }: Row) => /PKCS1|ED25519/.test(algorithm);

test.for(rows.filter((row) => !row.keySpec.startsWith('RSA') || row.keySpec === 'RSA_2048'))(
  'sign uses a new random value for each signature, unless the algorithm has none ($keySpec, $algorithm, $messageType)',
  async (row) => {
    const request = { ...row, message: Buffer.alloc(row.messageBytes, 1), material: await getMaterial(row.keySpec) };
    const signatures = [await sign(request), await sign(request), await sign(request)];
    expect(new Set(signatures.map((each) => each.toString('hex'))).size).toBe(isDeterministic(row) ? 1 : 3);
  },
);

describe('signatures of digests', () => {
  const hashed = digestRows.filter(({ algorithm }) => /^(RSA|ECDSA)/.test(algorithm));

  test.for(hashed)(
    'a signature of a digest is valid both in OpenSSL and in the emulator ($keySpec, $algorithm)',
    { timeout: 30_000 },
    async ({ keySpec, algorithm }) => {
      const material = await getMaterial(keySpec);
      const hashName = `sha${algorithm.slice(-3)}`;
      const message = randomBytes(300);
      const digest = hash(hashName, message, 'buffer');
      const pss = algorithm.includes('PSS') && {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      };
      const publicKey = createPublicKey({ key: exportPublicKey(material), format: 'der', type: 'spki' });
      const privateKey = createPrivateKey({ key: Buffer.from(material), format: 'der', type: 'pkcs8' });
      const request = { keySpec, algorithm, messageType: 'DIGEST', message: digest, material } as const;

      expect(opensslVerify(hashName, message, { key: publicKey, ...pss }, await sign(request))).toBe(true);
      const signature = opensslSign(hashName, message, { key: privateKey, ...pss });
      expect(await verify({ ...request, signature })).toBe(true);
    },
  );

  test('a signature of a digest supports PSS with a modulus whose bit length is not a multiple of 8', async () => {
    const { encodePss, verifyPss } = await import('../../../emulator/crypto/primitives/pss.ts');
    const digest = randomBytes(32);
    for (let emBits = 1017; emBits <= 1032; emBits++) {
      const encoded = encodePss(digest, emBits, 'sha256');
      expect(encoded).toHaveLength(Math.ceil(emBits / 8));
      expect(BigInt(`0x${encoded.toString('hex')}`) >> BigInt(emBits)).toBe(0n);
      expect(verifyPss(encoded, digest, emBits, 'sha256')).toBe(true);
      encoded[5]! ^= 1;
      expect(verifyPss(encoded, digest, emBits, 'sha256')).toBe(false);
    }
  });

  test('a signature of a digest is rejected if any bit of its PSS encoding was changed, including the unused bits', async () => {
    const { encodePss, verifyPss } = await import('../../../emulator/crypto/primitives/pss.ts');
    const digest = randomBytes(32);
    for (const emBits of [1017, 1020, 1023, 1024]) {
      const encoded = encodePss(digest, emBits, 'sha256');
      for (let bit = 0; bit < 8 * encoded.length; bit += 1) {
        const changed = Buffer.from(encoded);
        changed[bit >> 3]! ^= 0x80 >> (bit & 7);
        expect(verifyPss(changed, digest, emBits, 'sha256'), `bit ${bit} of ${emBits}`).toBe(false);
      }
      for (const wrong of [encoded.subarray(1), Buffer.concat([Buffer.of(0), encoded])]) {
        expect(verifyPss(wrong, digest, emBits, 'sha256')).toBe(false);
      }
    }
  });
});

describe('published test vectors', () => {
  const ecJwk = ({ curve, d, x, y }: (typeof ecdsaVectors)[number]) => ({
    kty: 'EC',
    crv: curve,
    d: hexToBase64url(d),
    x: hexToBase64url(x),
    y: hexToBase64url(y),
  });

  test.for(ecdsaVectors)('verify accepts the RFC 6979 signature for $curve', async (vector) => {
    const { keySpec, algorithm } = vector as { keySpec: KeySpec; algorithm: SigningAlgorithm };
    const material = pkcs8FromJwk(ecJwk(vector));
    const signature = encodeDer(0x30, encodeUnsigned(fromHex(vector.r)), encodeUnsigned(fromHex(vector.s)));
    const message = Buffer.from(vector.message);
    const digest = hash(`sha${algorithm.slice(-3)}`, message, 'buffer');
    expect(await verify({ keySpec, algorithm, messageType: 'RAW', message, material, signature })).toBe(true);
    expect(await verify({ keySpec, algorithm, messageType: 'DIGEST', message: digest, material, signature })).toBe(
      true,
    );
  });

  const edMaterial = ({ seed, publicKey }: { seed: string; publicKey: string }) =>
    pkcs8FromJwk({ kty: 'OKP', crv: 'Ed25519', d: hexToBase64url(seed), x: hexToBase64url(publicKey) });
  const edwards = { keySpec: 'ECC_NIST_EDWARDS25519' } as const;

  test.for(edVectors.pure)('sign returns the signature in RFC 8032 §7.1 for message 0x$message', async (vector) => {
    const material = edMaterial(vector);
    expect(exportPublicKey(material).subarray(12).toString('hex')).toBe(vector.publicKey);
    const request = {
      ...edwards,
      algorithm: 'ED25519_SHA_512',
      messageType: 'RAW',
      message: fromHex(vector.message),
      material,
    } as const;
    expect((await sign(request)).toString('hex')).toBe(vector.signature);
    expect(await verify({ ...request, signature: fromHex(vector.signature) })).toBe(true);
  });

  test.for(edVectors.prehashed)('ed25519phOverDigest returns the signature in RFC 8032 §7.3', async (vector) => {
    const { ed25519phOverDigest } = await import('../../../emulator/crypto/primitives/ed25519ph-signature.ts');
    const { parseKey } = await import('../../../emulator/crypto/formats/parsed-key.ts');
    // KMS accepts only 64 bytes, but the primitive itself signs any message.
    const key = parseKey(edMaterial(vector));
    expect(Buffer.from(await ed25519phOverDigest.sign(key, fromHex(vector.message))).toString('hex')).toBe(
      vector.signature,
    );
    expect(await ed25519phOverDigest.verify(key, fromHex(vector.message), fromHex(vector.signature))).toBe(true);
  });

  const rsaMaterial = pkcs8FromJwk(rsaVectors.jwk);
  const rsaRows = (['RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256'] as const).flatMap((algorithm) =>
    rsaVectors[algorithm].map((vector) => ({ algorithm, ...vector })),
  );

  test.for(rsaRows)(
    'verify returns the expected result for Wycheproof vector $tcId with $algorithm',
    async ({ algorithm, message, signature, valid }) => {
      const common = { keySpec: 'RSA_2048', algorithm, material: rsaMaterial, signature: fromHex(signature) } as const;
      const digest = hash('sha256', fromHex(message), 'buffer');
      expect(await verify({ ...common, messageType: 'RAW', message: fromHex(message) })).toBe(valid);
      expect(await verify({ ...common, messageType: 'DIGEST', message: digest })).toBe(valid);
    },
  );

  test('verify accepts the signature in GB/T 32918.5 annex A with the AWS distinguishing id', async () => {
    const { sm2Material } = await import('./sm2-material.ts');
    const { message, e, r, s } = sm2Vectors.signature;
    const signature = encodeDer(0x30, encodeUnsigned(fromHex(r)), encodeUnsigned(fromHex(s)));
    const common = { keySpec: 'SM2', algorithm: 'SM2DSA', material: sm2Material, signature } as const;
    expect(await verify({ ...common, messageType: 'RAW', message: Buffer.from(message) })).toBe(true);
    expect(await verify({ ...common, messageType: 'DIGEST', message: fromHex(e) })).toBe(true);
  });
});

test('verify rejects an SM2 signature whose r is zero, even if it solves the equation of the verification', async () => {
  // The parameters of the curve (GB/T 32918.5 §2).
  const curve = weierstrass({
    p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
    n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
    h: 1n,
    a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
    b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
    Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
    Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
  });
  const material = await getMaterial('SM2');
  const publicKey = curve.fromBytes(exportPublicKey(material).subarray(-65));
  // With r = 0 and s = 1, verification computes e + x for the point G + P, and compares it with r.
  const { x } = curve.BASE.add(publicKey).toAffine();
  const { ORDER } = curve.Fn;
  const message = fromHex((ORDER - (x % ORDER)).toString(16).padStart(64, '0'));
  const common = { keySpec: 'SM2', algorithm: 'SM2DSA', messageType: 'DIGEST', material } as const;
  const signature = fromHex('3006020100020101');
  expect(await verify({ ...common, message, signature })).toBe(false);
});
