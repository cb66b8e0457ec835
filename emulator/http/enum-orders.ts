import { keySpecNames } from '../../shared/declaration/key-specs.ts';

/** The enumerations whose order in AWS messages differs from the model (recorded from AWS). */
const recordedOrders: readonly (readonly string[])[] = [
  ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE', 'SYMMETRIC_DEFAULT'],
  ['HMAC_SHA_384', 'HMAC_SHA_256', 'HMAC_SHA_224', 'HMAC_SHA_512'],
  [
    'RSASSA_PSS_SHA_256',
    'RSASSA_PSS_SHA_384',
    'RSASSA_PSS_SHA_512',
    'RSASSA_PKCS1_V1_5_SHA_256',
    'RSASSA_PKCS1_V1_5_SHA_384',
    'RSASSA_PKCS1_V1_5_SHA_512',
    'ECDSA_SHA_256',
    'ECDSA_SHA_384',
    'ECDSA_SHA_512',
    'ED25519_SHA_512',
    'ED25519_PH_SHA_512',
    'SM2DSA',
    'ML_DSA_SHAKE_256',
  ],
  ['KEY_MATERIAL_DOES_NOT_EXPIRE', 'KEY_MATERIAL_EXPIRES'],
];

/**
 * Returns the key specs in the order of AWS messages. The order is the same as in the model, except that Ed25519
 * follows the other elliptic curves.
 */
function sortKeySpecs(): readonly string[] {
  const ed25519 = 'ECC_NIST_EDWARDS25519';
  const others: string[] = keySpecNames().filter((name) => name !== ed25519);
  return others.toSpliced(others.indexOf('ECC_SECG_P256K1') + 1, 0, ed25519);
}

const toSetName = (values: readonly string[]) => [...values].sort().join();
const keySpecs = sortKeySpecs();
const orders = new Map([...recordedOrders, keySpecs].map((values) => [toSetName(values), values]));
// GenerateDataKey accepts different key specs from CreateKey, but its AWS message lists the CreateKey specs.
orders.set(toSetName(['AES_128', 'AES_256']), keySpecs);

/** Returns enumeration values in the order of AWS messages. */
export function sortAsInMessages(values: readonly string[]): readonly string[] {
  return orders.get(toSetName(values)) ?? values;
}
