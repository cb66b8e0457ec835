import { keySpecNames } from '../../shared/declaration/key-specs.ts';

/**
 * AWS prints the values of an enumeration in an order of its own (measured on AWS), so that whoever compares
 * messages finds the same. Every other enumeration is printed as the model has it.
 */
const printed: readonly (readonly string[])[] = [
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

/** AWS prints key specs as the model lists them, except for Ed25519, which follows the other elliptic curves. */
function printedKeySpecs(): readonly string[] {
  const ed25519 = 'ECC_NIST_EDWARDS25519';
  const others: string[] = keySpecNames().filter((name) => name !== ed25519);
  return others.toSpliced(others.indexOf('ECC_SECG_P256K1') + 1, 0, ed25519);
}

const setOf = (values: readonly string[]) => [...values].sort().join();
const keySpecs = printedKeySpecs();
const orders = new Map([...printed, keySpecs].map((values) => [setOf(values), values]));
// GenerateDataKey has a KeySpec of its own, and AWS prints that of CreateKey all the same.
orders.set(setOf(['AES_128', 'AES_256']), keySpecs);

export function asPrinted(values: readonly string[]): readonly string[] {
  return orders.get(setOf(values)) ?? values;
}
