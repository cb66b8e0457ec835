import { parseArn } from '../declaration/arn.ts';

const shortestEcho = 4;

/**
 * KMS's message without any value of the request: KMS quotes what it was sent, and a caller who put a secret into the
 * wrong member must not find it in an answer, nor we in a log.
 */
export function withoutEchoes(message: string, input: unknown): string {
  const values = new Set<string>();
  collect(input, values);
  let clean = message.replaceAll(/Value '[^']*' at/g, 'Value at');
  for (const value of [...values].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(value, '…');
  return clean;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    for (const quoted of [value, ...namesIn(value)]) if (quoted.length >= shortestEcho) into.add(quoted);
  } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const [key, inner] of Object.entries(value)) {
      // A list's indexes and a member's own name are no secrets; a map's keys may be.
      if (!Array.isArray(value) && !/^[A-Z]/.test(key) && key.length >= shortestEcho) into.add(key);
      collect(inner, into);
    }
  }
}

/** Of an ARN, KMS may quote what it names alone: `key/ID` or `ID`. Region and account are this service's own by then. */
function namesIn(value: string): string[] {
  const resource = parseArn(value)?.resource;
  return resource === undefined ? [] : [resource, resource.slice(resource.indexOf('/') + 1)];
}
