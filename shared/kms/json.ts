import { encodeBase64 } from '../declaration/base64.ts';

/**
 * Converts an SDK response to JSON. Bytes become base64, and times become ISO 8601 in UTC. Omits the SDK's metadata and
 * `undefined` members.
 */
export function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null) {
    const json: Record<string, unknown> = {};
    for (const [name, inner] of Object.entries(value)) {
      if (inner !== undefined && name !== '$metadata') json[name] = toJson(inner);
    }
    return json;
  }
  return value;
}
