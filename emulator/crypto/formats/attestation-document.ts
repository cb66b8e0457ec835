import { createPublicKey, type KeyObject } from 'node:crypto';
import { KmsError } from '../../core/kms-error.ts';
import { type CborValue, readCbor } from './cbor.ts';

/**
 * The attestation document of a Nitro enclave or NitroTPM. It is a COSE_Sign1 structure (RFC 9052 §4.2) whose payload
 * is a CBOR map.
 * https://github.com/aws/aws-nitro-enclaves-nsm-api/blob/main/docs/attestation_process.md#22-attestation-document-specification
 *
 * The emulator validates the structure but not the signature. Development machines have no Nitro hypervisor, so tests
 * create their own documents.
 */
export interface AttestationDocument {
  readonly moduleId: string;
  /** The platform configuration registers by index. Each register is 32, 48 or 64 bytes long. */
  readonly pcrs: ReadonlyMap<number, Buffer>;
  /** The RSA key that encrypts the plaintext for the attested environment. */
  readonly publicKey: KeyObject;
}

/** Parses an attestation document. Throws ValidationException with the reason if the document is malformed. */
export function readAttestationDocument(document: Uint8Array): AttestationDocument {
  const payload = readPayload(document);
  const moduleId = payload.get('module_id');
  if (typeof moduleId !== 'string' || moduleId === '') throw malformed('module_id must be text');
  if (payload.get('digest') !== 'SHA384') throw malformed('digest must be SHA384');
  if (typeof payload.get('timestamp') !== 'number') throw malformed('timestamp must be an integer');
  if (!isBytes(payload.get('certificate'))) throw malformed('certificate must be a byte string');
  if (!Array.isArray(payload.get('cabundle'))) throw malformed('cabundle must be an array');
  return { moduleId, pcrs: readPcrs(payload.get('pcrs')), publicKey: readRsaKey(payload.get('public_key')) };
}

/** Reads the payload of a COSE_Sign1 structure: [protected bstr, unprotected map, payload bstr, signature bstr]. */
function readPayload(document: Uint8Array): Map<number | string, CborValue> {
  const cose = parseCbor(document);
  if (!Array.isArray(cose) || cose.length !== 4) throw malformed('it must be a COSE_Sign1 structure');
  const [protectedHeader, unprotectedHeader, payload, signature] = cose;
  if (!isBytes(protectedHeader) || !(unprotectedHeader instanceof Map) || !isBytes(payload) || !isBytes(signature)) {
    throw malformed('it must be a COSE_Sign1 structure');
  }
  const map = parseCbor(payload);
  if (!(map instanceof Map)) throw malformed('its payload must be a map');
  return map;
}

function readPcrs(value: CborValue | undefined): ReadonlyMap<number, Buffer> {
  if (!(value instanceof Map)) throw malformed('pcrs must be a map');
  const pcrs = new Map<number, Buffer>();
  for (const [index, register] of value) {
    if (typeof index !== 'number' || !isBytes(register) || ![32, 48, 64].includes(register.length)) {
      throw malformed('pcrs must contain registers of 32, 48 or 64 bytes');
    }
    pcrs.set(index, register);
  }
  return pcrs;
}

function readRsaKey(value: CborValue | undefined): KeyObject {
  if (!isBytes(value)) throw malformed('public_key must be a byte string');
  let key: KeyObject;
  try {
    key = createPublicKey({ key: value, format: 'der', type: 'spki' });
  } catch {
    throw malformed('public_key must be a DER-encoded public key');
  }
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw malformed('public_key must be an RSA key of at least 2048 bits');
  }
  return key;
}

function parseCbor(bytes: Uint8Array): CborValue {
  try {
    return readCbor(bytes);
  } catch {
    throw malformed('it must be CBOR');
  }
}

function isBytes(value: CborValue | undefined): value is Buffer {
  return value instanceof Uint8Array;
}

function malformed(reason: string): KmsError {
  return new KmsError('ValidationException', `AttestationDocument is not a valid attestation document: ${reason}.`);
}
