import * as kms from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { exportPublicKey } from '../../../emulator/crypto/formats/public-key.ts';
import { validateKeyMaterial } from '../../../emulator/crypto/key-material-validation.ts';
import { type KeySpec, type KeyUsage, keySpecs, listAlgorithms } from '../../../emulator/crypto/key-specs.ts';
import { dataKeyPairSpecNames } from '../../../shared/declaration/key-specs.ts';
import { getMaterial } from './test-materials.ts';

const rows = Object.values(keySpecs);

describe('key specs', () => {
  test('the key specs are the same as in the SDK', () => {
    expect(Object.keys(keySpecs).sort()).toEqual(Object.keys(kms.KeySpec).sort());
  });

  test('the key specs have the same usages and algorithms as in the SDK', () => {
    const used = (usage: KeyUsage) => new Set(rows.flatMap((row) => row.algorithms[usage] ?? []));
    expect(new Set(rows.flatMap((row) => Object.keys(row.algorithms)))).toEqual(new Set(Object.keys(kms.KeyUsageType)));
    expect(used('ENCRYPT_DECRYPT')).toEqual(new Set(Object.keys(kms.EncryptionAlgorithmSpec)));
    expect(used('SIGN_VERIFY')).toEqual(new Set(Object.keys(kms.SigningAlgorithmSpec)));
    expect(used('GENERATE_VERIFY_MAC')).toEqual(new Set(Object.keys(kms.MacAlgorithmSpec)));
    expect(used('KEY_AGREEMENT')).toEqual(new Set(Object.keys(kms.KeyAgreementAlgorithmSpec)));
    expect(used('ENCAPSULATE_DECAPSULATE')).toEqual(new Set(Object.keys(kms.EncapsulationAlgorithmSpec)));
  });

  /** https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html */
  const rsa = {
    ENCRYPT_DECRYPT: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    SIGN_VERIFY: [
      ...['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_384', 'RSASSA_PKCS1_V1_5_SHA_512'],
      ...['RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_384', 'RSASSA_PSS_SHA_512'],
    ],
  };
  const nist = (hash: number) => ({ SIGN_VERIFY: [`ECDSA_SHA_${hash}`], KEY_AGREEMENT: ['ECDH'] });
  const mlDsa = { SIGN_VERIFY: ['ML_DSA_SHAKE_256'] };
  const mlKem = { ENCAPSULATE_DECAPSULATE: ['ML_KEM'] };
  const documented: Readonly<Record<KeySpec, object>> = {
    SYMMETRIC_DEFAULT: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] },
    HMAC_224: { GENERATE_VERIFY_MAC: ['HMAC_SHA_224'] },
    HMAC_256: { GENERATE_VERIFY_MAC: ['HMAC_SHA_256'] },
    HMAC_384: { GENERATE_VERIFY_MAC: ['HMAC_SHA_384'] },
    HMAC_512: { GENERATE_VERIFY_MAC: ['HMAC_SHA_512'] },
    RSA_2048: rsa,
    RSA_3072: rsa,
    RSA_4096: rsa,
    ECC_NIST_P256: nist(256),
    ECC_NIST_P384: nist(384),
    ECC_NIST_P521: nist(512),
    ECC_NIST_EDWARDS25519: { SIGN_VERIFY: ['ED25519_PH_SHA_512', 'ED25519_SHA_512'] },
    ECC_SECG_P256K1: { SIGN_VERIFY: ['ECDSA_SHA_256'] },
    SM2: { ENCRYPT_DECRYPT: ['SM2PKE'], SIGN_VERIFY: ['SM2DSA'], KEY_AGREEMENT: ['ECDH'] },
    ML_DSA_44: mlDsa,
    ML_DSA_65: mlDsa,
    ML_DSA_87: mlDsa,
    ML_KEM_512: mlKem,
    ML_KEM_768: mlKem,
    ML_KEM_1024: mlKem,
  };
  test.for(rows)('the key spec $keySpec has the documented algorithms for each usage', ({ keySpec, algorithms }) => {
    expect(algorithms).toEqual(documented[keySpec]);
  });

  test('the key specs include all data key pair specs in the SDK', () => {
    expect(dataKeyPairSpecNames().sort()).toEqual(Object.keys(kms.DataKeyPairSpec).sort());
  });

  test('each key spec lists its algorithms in the KeyMetadata member for the key usage', () => {
    expect(listAlgorithms(keySpecs.ECC_NIST_P521, 'SIGN_VERIFY')).toEqual({ SigningAlgorithms: ['ECDSA_SHA_512'] });
    expect(listAlgorithms(keySpecs.ML_KEM_768, 'ENCAPSULATE_DECAPSULATE')).toEqual({
      EncapsulationAlgorithms: ['ML_KEM'],
    });
    expect(listAlgorithms(keySpecs.HMAC_224, 'SIGN_VERIFY')).toEqual({});
  });

  /** The length of the public key (SPKI) in bytes. */
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
    'key spec $keySpec generates importable material with a public key of the right size',
    { timeout: 30_000 },
    async (row) => {
      const material = await getMaterial(row.keySpec);
      expect(row.isAsymmetric).toBe(row.keySpec in spkiBytes);
      if (row.isAsymmetric) expect(exportPublicKey(material)).toHaveLength(spkiBytes[row.keySpec]!);
      else expect(material).toHaveLength(row.rawBytes!);
      expect(await validateKeyMaterial(row.keySpec, material)).toEqual(Buffer.from(material));
    },
  );
});
