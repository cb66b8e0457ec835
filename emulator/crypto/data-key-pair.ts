import { KmsError } from '../core/kms-error.ts';
import { publicKeyOf } from './formats/public-key.ts';
import { mlKemSeedForm } from './key-generation.ts';
import { isKeySpec, keySpecs } from './key-specs.ts';

/** `publicKey`: SubjectPublicKeyInfo; `privateKey`: PrivateKeyInfo (PKCS#8). Both DER. */
export type DataKeyPair = { readonly publicKey: Buffer; readonly privateKey: Buffer };

/**
 * A key pair for use outside of KMS: RSA, ECC, SM2, or ML-KEM, whose private key is the seed alone.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html
 */
export async function generateDataKeyPair(keyPairSpec: string): Promise<DataKeyPair> {
  const row = isKeySpec(keyPairSpec) ? keySpecs[keyPairSpec] : undefined;
  if (!row?.dataKeyPair) throw new KmsError('ValidationException', `${keyPairSpec} is not a data key pair spec.`);
  const privateKey = await row.generateMaterial();
  const publicKey = publicKeyOf(privateKey);
  return { publicKey, privateKey: row.family === 'ML_KEM' ? mlKemSeedForm(privateKey) : privateKey };
}
