import { KmsError } from '../core/kms-error.ts';
import { toMlKemSeedForm } from './formats/lattice-private-key.ts';
import { exportPublicKey } from './formats/public-key.ts';
import { type KeySpec, keySpecs } from './key-specs.ts';

/** `publicKey` is a SubjectPublicKeyInfo, `privateKey` a PrivateKeyInfo (PKCS#8). Both are DER. */
export interface DataKeyPair {
  readonly publicKey: Buffer;
  readonly privateKey: Buffer;
}

/**
 * Generates a key pair for use outside KMS: RSA, ECC, SM2 or ML-KEM. An ML-KEM private key contains only its seed.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html
 */
export async function generateDataKeyPair(keyPairSpec: KeySpec): Promise<DataKeyPair> {
  const row = keySpecs[keyPairSpec];
  if (!row.isDataKeyPairSpec) throw new KmsError('ValidationException', `${keyPairSpec} is not a data key pair spec.`);
  const privateKey = await row.generateMaterial();
  const publicKey = exportPublicKey(privateKey);
  return { publicKey, privateKey: row.family === 'ML_KEM' ? toMlKemSeedForm(privateKey) : privateKey };
}
