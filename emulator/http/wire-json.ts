import { encodeBase64 } from '../../shared/declaration/base64.ts';

/**
 * Converts an output to AWS JSON 1.1. Bytes become base64, times become seconds since 1970, and absent members are
 * omitted.
 */
export function toWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value === 'object' && value !== null) {
    const json: Record<string, unknown> = {};
    for (const name in value) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner !== undefined && inner !== null) json[name] = toWire(inner);
    }
    return json;
  }
  return value;
}
