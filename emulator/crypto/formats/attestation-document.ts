import { createPublicKey, type KeyObject } from 'node:crypto';
import { KmsError } from '../../core/kms-error.ts';
import { type CborValue, readCbor } from './cbor.ts';

/**
 * The attestation document of a Nitro enclave or NitroTPM: COSE_Sign1 (RFC 9052 §4.2), its payload a CBOR map.
 * https://github.com/aws/aws-nitro-enclaves-nsm-api/blob/main/docs/attestation_process.md#22-attestation-document-specification
 *
 * Its form is checked, its signature is not: a laptop has no Nitro hypervisor, and a made-up document is what tests have.
 */
export type AttestationDocument = {
  readonly moduleId: string;
  /** Platform configuration registers by index; 32, 48 or 64 bytes each. */
  readonly pcrs: ReadonlyMap<number, Buffer>;
  /** RSA. */
  readonly publicKey: KeyObject;
};

export function readAttestationDocument(document: Uint8Array): AttestationDocument {
  const payload = payloadOf(document);
  const moduleId = payload.get('module_id');
  if (typeof moduleId !== 'string' || moduleId === '') throw malformed('it has no module_id');
  if (payload.get('digest') !== 'SHA384') throw malformed('its digest is not SHA384');
  if (typeof payload.get('timestamp') !== 'number') throw malformed('it has no timestamp');
  if (!isBytes(payload.get('certificate'))) throw malformed('it has no certificate');
  if (!Array.isArray(payload.get('cabundle'))) throw malformed('it has no cabundle');
  return { moduleId, pcrs: pcrsOf(payload.get('pcrs')), publicKey: rsaKeyOf(payload.get('public_key')) };
}

/** [protected bstr, unprotected map, payload bstr, signature bstr] */
function payloadOf(document: Uint8Array): Map<number | string, CborValue> {
  const cose = cborOf(document);
  if (!Array.isArray(cose) || cose.length !== 4) throw malformed('it is not a COSE_Sign1 structure');
  const [protectedHeader, unprotectedHeader, payload, signature] = cose;
  if (!isBytes(protectedHeader) || !(unprotectedHeader instanceof Map) || !isBytes(payload) || !isBytes(signature)) {
    throw malformed('it is not a COSE_Sign1 structure');
  }
  const map = cborOf(payload);
  if (!(map instanceof Map)) throw malformed('its payload is not a map');
  return map;
}

function pcrsOf(value: CborValue | undefined): ReadonlyMap<number, Buffer> {
  if (!(value instanceof Map)) throw malformed('it has no pcrs');
  const pcrs = new Map<number, Buffer>();
  for (const [index, register] of value) {
    if (typeof index !== 'number' || !isBytes(register) || ![32, 48, 64].includes(register.length)) {
      throw malformed('its pcrs are not registers of 32, 48 or 64 bytes');
    }
    pcrs.set(index, register);
  }
  return pcrs;
}

function rsaKeyOf(value: CborValue | undefined): KeyObject {
  if (!isBytes(value)) throw malformed('it has no public_key');
  let key: KeyObject;
  try {
    key = createPublicKey({ key: value, format: 'der', type: 'spki' });
  } catch {
    throw malformed('its public_key is not a DER-encoded public key');
  }
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw malformed('its public_key is not an RSA key of 2048 bits or more');
  }
  return key;
}

function cborOf(bytes: Uint8Array): CborValue {
  try {
    return readCbor(bytes);
  } catch {
    throw malformed('it is not CBOR');
  }
}

function isBytes(value: CborValue | undefined): value is Buffer {
  return value instanceof Uint8Array;
}

function malformed(reason: string): KmsError {
  return new KmsError('ValidationException', `AttestationDocument is not a valid attestation document: ${reason}.`);
}
