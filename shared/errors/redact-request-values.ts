import { parseArn } from '../declaration/arn.ts';

/** Shorter values are not redacted, because they also occur in ordinary words. */
const minRedactedLength = 4;

/**
 * Removes request values from a KMS message, because KMS quotes its input. A secret in the wrong member must not appear
 * in a response or a log.
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
      // Map keys may be secret. List indexes and member names are not.
      if (!Array.isArray(json) && !/^[A-Z]/.test(key) && key.length >= minRedactedLength) into.add(key);
      collectValues(inner, into);
    }
  }
}

/** Returns the forms in which KMS may quote an ARN's resource: `key/ID` and `ID`. The ARN's Region and account are not secret. */
function readResource(value: string): string[] {
  const resource = parseArn(value)?.resource;
  return resource === undefined ? [] : [resource, resource.slice(resource.indexOf('/') + 1)];
}
