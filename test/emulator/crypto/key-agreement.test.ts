import { describe, expect, test } from 'vitest';
import { exportPublicKey } from '../../../emulator/crypto/formats/public-key.ts';
import { type KeySpec, keySpecs } from '../../../emulator/crypto/key-specs.ts';
import { deriveSharedSecret } from '../../../emulator/crypto/primitives/key-agreement.ts';
import { getMaterial } from './test-materials.ts';

const rows: [KeySpec, number, KeySpec][] = [
  ['ECC_NIST_P256', 32, 'ECC_NIST_P384'],
  ['ECC_NIST_P384', 48, 'ECC_NIST_P521'],
  ['ECC_NIST_P521', 66, 'SM2'],
  ['SM2', 32, 'ECC_NIST_P256'],
];

describe('DeriveSharedSecret', () => {
  test.for(rows)('DeriveSharedSecret with %s returns the same %i bytes to both parties', async ([keySpec, bytes]) => {
    const ours = await getMaterial(keySpec);
    const theirs = await keySpecs[keySpec].generateMaterial();
    const request = { keySpec, algorithm: 'ECDH' } as const;
    const secret = await deriveSharedSecret({ ...request, material: ours, publicKey: exportPublicKey(theirs) });
    expect(secret).toHaveLength(bytes);
    expect(await deriveSharedSecret({ ...request, material: theirs, publicKey: exportPublicKey(ours) })).toEqual(
      secret,
    );
  });

  test.for(rows)(
    'DeriveSharedSecret with %s rejects a public key that is malformed, on a different curve or off the curve',
    async ([keySpec, , otherSpec]) => {
      const material = await getMaterial(keySpec);
      const good = exportPublicKey(await keySpecs[keySpec].generateMaterial());
      const offTheCurve = Buffer.from(good);
      offTheCurve[good.length - 1]! ^= 1;
      const otherAlgorithm = Buffer.from(good);
      otherAlgorithm[12]! ^= 1;
      for (const publicKey of [
        Buffer.alloc(0),
        good.subarray(1),
        offTheCurve,
        otherAlgorithm,
        Buffer.concat([good, Buffer.of(0)]),
        exportPublicKey(await getMaterial(otherSpec)),
      ]) {
        await expect(deriveSharedSecret({ keySpec, algorithm: 'ECDH', material, publicKey })).rejects.toMatchObject({
          code: 'ValidationException',
          message: '',
        });
      }
    },
  );

  test('DeriveSharedSecret rejects secp256k1 and Edwards keys', async () => {
    for (const keySpec of ['ECC_SECG_P256K1', 'ECC_NIST_EDWARDS25519'] as const) {
      const material = await getMaterial(keySpec);
      const request = { keySpec, algorithm: 'ECDH', material, publicKey: exportPublicKey(material) } as const;
      await expect(deriveSharedSecret(request)).rejects.toMatchObject({ code: 'InvalidKeyUsageException' });
    }
  });
});
