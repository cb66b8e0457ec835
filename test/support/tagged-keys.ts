import { kmsError, type Respond } from './fault-server.ts';

export interface TaggedKeys {
  /** The pages of each key's tags, by the key's ARN. */
  readonly keys: Readonly<Record<string, readonly (readonly object[])[]>>;
  /** The ARN of each alias's key. The endpoint describes only aliases, so a needless DescribeKey request fails. */
  readonly aliases?: Readonly<Record<string, string>>;
}

const denied = kmsError('AccessDeniedException', 'Not allowed.');
const notFound = kmsError('NotFoundException', 'Not found.');

/** Responds to DescribeKey and ListResourceTags for these keys, and to all other requests with an error. */
export function respondWithKeys({ keys, aliases = {} }: TaggedKeys): Respond {
  return (response, request) => {
    const { KeyId, Marker = '0' }: { readonly KeyId: string; readonly Marker?: string } = JSON.parse(request.body);
    if (request.headers['x-amz-target'] === 'TrentService.DescribeKey') {
      const Arn = aliases[KeyId];
      if (Arn === undefined) return notFound(response, request);
      return response.end(JSON.stringify({ KeyMetadata: { Arn, KeyId: Arn.split('/')[1] } }));
    }
    if (request.headers['x-amz-target'] !== 'TrentService.ListResourceTags') return denied(response, request);
    const pages = keys[KeyId];
    if (pages === undefined) return notFound(response, request);
    const next = Number(Marker) + 1;
    const isLast = next >= pages.length;
    // KMS documents NextMarker only for truncated responses.
    const more = isLast ? { Truncated: false } : { Truncated: true, NextMarker: String(next) };
    response.end(JSON.stringify({ Tags: pages[Number(Marker)], ...more }));
  };
}
