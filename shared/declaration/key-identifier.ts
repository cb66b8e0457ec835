/**
 * Matches key ids, alias names, and the ARNs of both. Any other value in a key member is a mistake and could be a
 * secret, so it must not appear in records or errors.
 */
const keyIdentifier =
  /^(arn:[\w-]{1,32}:kms:[\w-]{0,32}:\d{0,12}:)?((key\/)?([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})|alias\/[\w:/-]{1,250})$/;

export function isKeyIdentifier(value: unknown): value is string {
  return typeof value === 'string' && keyIdentifier.test(value);
}
