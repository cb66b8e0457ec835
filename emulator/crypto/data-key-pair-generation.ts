import type { DataKeyPairSpec } from '../../shared/declaration/key-specs.ts';
import { toMlKemSeedForm } from './formats/lattice-private-key.ts';
import { exportPublicKey } from './formats/public-key.ts';
import { keySpecs } from './key-specs.ts';

/**
 * A generated key pair in DER. `publicKey` is a SubjectPublicKeyInfo, and `privateKey` is a PrivateKeyInfo (PKCS#8).
 */
export interface DataKeyPair {
  readonly publicKey: Buffer;
  readonly privateKey: Buffer;
}

/**
 * Generates a key pair for use outside KMS: RSA, ECC, SM2 or ML-KEM. An ML-KEM private key contains only its seed.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html
 */
export async function generateDataKeyPair(keyPairSpec: DataKeyPairSpec): Promise<DataKeyPair> {
  const row = keySpecs[keyPairSpec];
  const privateKey = await row.generateMaterial();
  const publicKey = exportPublicKey(privateKey);
  return { publicKey, privateKey: row.family === 'ML_KEM' ? toMlKemSeedForm(privateKey) : privateKey };
}
