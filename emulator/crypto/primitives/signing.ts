import { KmsError } from '../../core/kms-error.ts';
import { requireAlgorithmSupport } from '../algorithm-support.ts';
import { parseKey } from '../formats/parsed-key.ts';
import type { KeySpec, SigningAlgorithm } from '../key-specs.ts';
import { ecdsaOverDigest } from './ecdsa-signature.ts';
import { ed25519phOverDigest } from './ed25519ph-signature.ts';
import { mlDsaOverMu } from './ml-dsa-signature.ts';
import { opensslSignature } from './openssl-signature.ts';
import { rsaPkcs1, rsaPkcs1OverDigest, rsaPss, rsaPssOverDigest } from './rsa-signature.ts';
import type { SignaturePrimitive } from './signature-primitive.ts';
import { sm2OverDigest, sm2OverMessage } from './sm2.ts';

/**
 * Implements Sign and Verify. A table contains the signing algorithms and the MessageTypes that each algorithm
 * supports. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */

export type MessageType = 'RAW' | 'DIGEST' | 'EXTERNAL_MU';

export interface SignRequest {
  readonly keySpec: KeySpec;
  readonly algorithm: SigningAlgorithm;
  readonly messageType: MessageType;
  /**
   * For RAW, the caller validates the length of 1 to 4096 bytes. For DIGEST, the message is as long as the algorithm's
   * hash. For EXTERNAL_MU, the message is 64 bytes long.
   */
  readonly message: Uint8Array;
  readonly material: Uint8Array;
}

const signingAlgorithms: Readonly<
  Record<SigningAlgorithm, Readonly<Partial<Record<MessageType, SignaturePrimitive>>>>
> = {
  RSASSA_PKCS1_V1_5_SHA_256: { RAW: rsaPkcs1('sha256'), DIGEST: rsaPkcs1OverDigest('sha256') },
  RSASSA_PKCS1_V1_5_SHA_384: { RAW: rsaPkcs1('sha384'), DIGEST: rsaPkcs1OverDigest('sha384') },
  RSASSA_PKCS1_V1_5_SHA_512: { RAW: rsaPkcs1('sha512'), DIGEST: rsaPkcs1OverDigest('sha512') },
  RSASSA_PSS_SHA_256: { RAW: rsaPss('sha256'), DIGEST: rsaPssOverDigest('sha256') },
  RSASSA_PSS_SHA_384: { RAW: rsaPss('sha384'), DIGEST: rsaPssOverDigest('sha384') },
  RSASSA_PSS_SHA_512: { RAW: rsaPss('sha512'), DIGEST: rsaPssOverDigest('sha512') },
  ECDSA_SHA_256: { RAW: opensslSignature('sha256'), DIGEST: ecdsaOverDigest(32) },
  ECDSA_SHA_384: { RAW: opensslSignature('sha384'), DIGEST: ecdsaOverDigest(48) },
  ECDSA_SHA_512: { RAW: opensslSignature('sha512'), DIGEST: ecdsaOverDigest(64) },
  ED25519_SHA_512: { RAW: opensslSignature(null) },
  ED25519_PH_SHA_512: { DIGEST: ed25519phOverDigest },
  SM2DSA: { RAW: sm2OverMessage, DIGEST: sm2OverDigest },
  ML_DSA_SHAKE_256: { RAW: opensslSignature(null, { usesThreadPool: true }), EXTERNAL_MU: mlDsaOverMu },
};

/**
 * Signs a message. RSA signatures are as long as the modulus. ECDSA and SM2 signatures are DER. Ed25519 signatures are
 * 64 bytes long. ML-DSA signatures are 2420, 3309 or 4627 bytes long.
 */
export async function sign(request: SignRequest): Promise<Buffer> {
  return Buffer.from(await findPrimitive(request).sign(parseKey(request.material), request.message));
}

/**
 * Returns whether the signature is valid. Returns false for a malformed signature. Throws KmsError only for requests
 * that `sign` also rejects.
 */
export async function verify(request: SignRequest & { readonly signature: Uint8Array }): Promise<boolean> {
  return findPrimitive(request).verify(parseKey(request.material), request.message, request.signature);
}

/** Throws KmsError if the key spec does not support the algorithm or message type, or if the digest length is wrong. */
export function validateSignRequest(request: Omit<SignRequest, 'material'>): void {
  findPrimitive(request);
}

function findPrimitive({
  keySpec,
  algorithm,
  messageType,
  message,
}: Omit<SignRequest, 'material'>): SignaturePrimitive {
  const { algorithms } = requireAlgorithmSupport(keySpec, 'SIGN_VERIFY', algorithm);
  const primitive = signingAlgorithms[algorithm][messageType];
  if (primitive === undefined) {
    // If none of the key spec's algorithms supports the message type, AWS's message contains the key spec. Otherwise,
    // the message contains the algorithm.
    const isSupportedBySpec = algorithms.SIGN_VERIFY?.some((other) => signingAlgorithms[other][messageType]);
    const culprit = isSupportedBySpec ? `algorithm ${algorithm}` : `key spec ${keySpec}`;
    throw new KmsError('ValidationException', `Message type ${messageType} is incompatible with ${culprit}.`);
  }
  if (primitive.messageBytes !== undefined && message.length !== primitive.messageBytes) {
    const noun = messageType === 'EXTERNAL_MU' ? 'External Mu' : 'Digest';
    throw new KmsError('ValidationException', `${noun} is invalid length for algorithm ${algorithm}.`);
  }
  return primitive;
}
