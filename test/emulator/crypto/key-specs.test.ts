import * as kms from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { publicKeyOf } from '../../../emulator/crypto/formats/public-key.ts';
import { checkImportedMaterial } from '../../../emulator/crypto/imported-material.ts';
import {
  isKeySpec,
  type KeySpec,
  type KeyUsage,
  keySpecs,
  listedAlgorithms,
} from '../../../emulator/crypto/key-specs.ts';
import { materialOf } from './test-materials.ts';

const rows = Object.values(keySpecs);

describe('the table of key specs', () => {
  test('has the key specs of the SDK, and no prototype', () => {
    expect(Object.keys(keySpecs).sort()).toEqual(Object.keys(kms.KeySpec).sort());
    expect(isKeySpec('constructor')).toBe(false);
    expect(isKeySpec('RSA_2048')).toBe(true);
  });

  test('has every usage and algorithm of the SDK, and no other', () => {
    const used = (usage: KeyUsage) => new Set(rows.flatMap((row) => row.algorithms[usage] ?? []));
    expect(new Set(rows.flatMap((row) => Object.keys(row.algorithms)))).toEqual(new Set(Object.keys(kms.KeyUsageType)));
    expect(used('ENCRYPT_DECRYPT')).toEqual(new Set(Object.keys(kms.EncryptionAlgorithmSpec)));
    expect(used('SIGN_VERIFY')).toEqual(new Set(Object.keys(kms.SigningAlgorithmSpec)));
    expect(used('GENERATE_VERIFY_MAC')).toEqual(new Set(Object.keys(kms.MacAlgorithmSpec)));
    expect(used('KEY_AGREEMENT')).toEqual(new Set(Object.keys(kms.KeyAgreementAlgorithmSpec)));
    expect(used('ENCAPSULATE_DECAPSULATE')).toEqual(new Set(Object.keys(kms.EncapsulationAlgorithmSpec)));
  });

  test('has the data key pair specs of the SDK', () => {
    const pairs = rows.filter((row) => row.dataKeyPair).map((row) => row.keySpec as string);
    expect(pairs.sort()).toEqual(Object.keys(kms.DataKeyPairSpec).sort());
  });

  test('lists algorithms as KeyMetadata does', () => {
    expect(listedAlgorithms(keySpecs.ECC_NIST_P521, 'SIGN_VERIFY')).toEqual({ SigningAlgorithms: ['ECDSA_SHA_512'] });
    expect(listedAlgorithms(keySpecs.ML_KEM_768, 'ENCAPSULATE_DECAPSULATE')).toEqual({
      EncapsulationAlgorithms: ['ML_KEM'],
    });
    expect(listedAlgorithms(keySpecs.HMAC_224, 'SIGN_VERIFY')).toEqual({});
  });

  /** Length of the SPKI in bytes. */
  const spkiBytes: Partial<Record<KeySpec, number>> = {
    RSA_2048: 294,
    RSA_3072: 422,
    RSA_4096: 550,
    ECC_NIST_P256: 91,
    ECC_NIST_P384: 120,
    ECC_NIST_P521: 158,
    ECC_NIST_EDWARDS25519: 44,
    ECC_SECG_P256K1: 88,
    SM2: 91,
    ML_DSA_44: 1334,
    ML_DSA_65: 1974,
    ML_DSA_87: 2614,
    ML_KEM_512: 822,
    ML_KEM_768: 1206,
    ML_KEM_1024: 1590,
  };

  test.for(rows)(
    '$keySpec makes material that it would import, with the public key of its size',
    { timeout: 30_000 },
    async (row) => {
      const material = await materialOf(row.keySpec);
      expect(row.asymmetric).toBe(row.keySpec in spkiBytes);
      if (row.asymmetric) expect(publicKeyOf(material)).toHaveLength(spkiBytes[row.keySpec]!);
      else expect(material).toHaveLength(row.rawBytes!);
      expect(await checkImportedMaterial(row.keySpec, material)).toEqual(Buffer.from(material));
    },
  );
});
