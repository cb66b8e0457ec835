/** The id of a call, which appears in its request at every stage: in `Plaintext` of Encrypt, or `Description` of CreateKey. */
export type CallId = number;

export function encodePlaintext(id: CallId): Uint8Array {
  return new TextEncoder().encode(`call ${id}`);
}

export function encodeDescription(id: CallId): string {
  return `call ${id}`;
}

/** Finds the call's id in a request body. Returns -1 for requests that no call caused directly, such as look-ups. */
export function findCallId(body: string): CallId {
  const [, plaintext, description = ''] = /"(?:Plaintext":"([^"]+)|Description":"([^"]+))"/.exec(body) ?? [];
  const text = plaintext === undefined ? description : Buffer.from(plaintext, 'base64').toString();
  return text.startsWith('call ') ? Number(text.slice('call '.length)) : -1;
}
