import { randomBytes } from 'node:crypto';

/** Builds the attestation document of a Nitro enclave, with a random signature. */
export function buildAttestationDocument(publicKey: Uint8Array, changes: Record<string, unknown> = {}): Buffer {
  return encodeCbor([
    encodeCbor(new Map([[1, -35]])),
    new Map(),
    buildAttestationPayload(publicKey, changes),
    randomBytes(96),
  ]);
}

export function buildAttestationPayload(publicKey: Uint8Array, changes: Record<string, unknown> = {}): Buffer {
  const members = {
    module_id: 'i-0123456789abcdef0-enc0123456789abcdef',
    digest: 'SHA384',
    timestamp: 1_700_000_000_000,
    pcrs: new Map([0, 1, 2, 3, 4, 8].map((index) => [index, Buffer.alloc(48)])),
    certificate: randomBytes(600),
    cabundle: [randomBytes(500), randomBytes(700)],
    public_key: Buffer.from(publicKey),
    user_data: null,
    nonce: null,
    ...changes,
  };
  return encodeCbor(new Map(Object.entries(members)));
}

/** Encodes CBOR (RFC 8949): integers, strings, byte strings, arrays, maps, booleans and null. */
export function encodeCbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? encodeHead(1, -1 - value) : encodeHead(0, value);
  if (typeof value === 'string') return Buffer.concat([encodeHead(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([encodeHead(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([encodeHead(4, value.length), ...value.map(encodeCbor)]);
  if (value instanceof Map) return Buffer.concat([encodeHead(5, value.size), ...[...value].flat(1).map(encodeCbor)]);
  return Buffer.of(value === null ? 0xf6 : value ? 0xf5 : 0xf4);
}

function encodeHead(majorType: number, argument: number): Buffer {
  const size = [24, 2 ** 8, 2 ** 16, 2 ** 32].findIndex((limit) => argument < limit);
  if (size === 0) return Buffer.of((majorType << 5) | argument);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(argument));
  const count = size < 0 ? 8 : 2 ** (size - 1);
  return Buffer.concat([Buffer.of((majorType << 5) | (24 + Math.log2(count))), bytes.subarray(8 - count)]);
}
