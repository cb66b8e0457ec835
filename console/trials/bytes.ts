/** A text form of bytes. */
export type BytesFormat = 'text' | 'hex' | 'base64';

export const bytesFormats = { text: 'Text (UTF-8)', hex: 'Hex', base64: 'Base64' } as const;

/** Decodes bytes from a text form. Throws TypeError if the text is not valid. */
export function decodeBytes(text: string, format: BytesFormat): Uint8Array {
  return decoders[format](text);
}

const decoders: Readonly<Record<BytesFormat, (text: string) => Uint8Array>> = {
  text: (text) => new TextEncoder().encode(text),
  hex: (text) => {
    const digits = text.replaceAll(/[\s:]|^0x/g, '');
    if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new TypeError('Hex must be pairs of the digits 0-9 and a-f.');
    return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  },
  base64: (text) => {
    try {
      const standard = text.replaceAll(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/');
      return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
    } catch {
      throw new TypeError('This is not base64.');
    }
  },
};

/** Encodes bytes as text. Bytes that are not valid UTF-8 become `undefined` in the format `text`. */
export function encodeBytes(bytes: Uint8Array, format: 'hex' | 'base64'): string;
export function encodeBytes(bytes: Uint8Array, format: BytesFormat): string | undefined;
export function encodeBytes(bytes: Uint8Array, format: BytesFormat): string | undefined {
  return encoders[format](bytes);
}

const encoders: Readonly<Record<BytesFormat, (bytes: Uint8Array) => string | undefined>> = {
  text: (bytes) => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return undefined;
    }
  },
  hex: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  base64: (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
};
