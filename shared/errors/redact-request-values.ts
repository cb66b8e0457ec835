import { parseArn } from '../declaration/arn.ts';

/** Shorter values are not redacted: they also occur in ordinary words. */
const minRedactedLength = 4;

/**
 * Removes the values of a request from a message of KMS. KMS quotes its input, and a secret in the wrong member must reach
 * neither a response nor a log.
 */
export function redactRequestValues(message: string, json: unknown): string {
  const values = new Set<string>();
  collectValues(json, values);
  let redacted = message.replaceAll(/Value '[^']*' at/g, 'Value at');
  for (const value of [...values].sort((a, b) => b.length - a.length)) redacted = redacted.replaceAll(value, '…');
  return redacted;
}

function collectValues(json: unknown, into: Set<string>): void {
  if (typeof json === 'string') {
    for (const value of [json, ...readResource(json)]) if (value.length >= minRedactedLength) into.add(value);
  } else if (typeof json === 'object' && json !== null && !ArrayBuffer.isView(json)) {
    for (const [key, inner] of Object.entries(json)) {
      // Indexes of lists and names of members are no secrets. Keys of a map may be.
      if (!Array.isArray(json) && !/^[A-Z]/.test(key) && key.length >= minRedactedLength) into.add(key);
      collectValues(inner, into);
    }
  }
}

/** KMS may quote the resource of an ARN: `key/ID` or `ID`. Region and account are those of this service by then. */
function readResource(value: string): string[] {
  const resource = parseArn(value)?.resource;
  return resource === undefined ? [] : [resource, resource.slice(resource.indexOf('/') + 1)];
}
