import { parseArn } from '../../shared/declaration/arn.ts';
import { isKeyIdentifier } from '../../shared/declaration/key-identifier.ts';

/** Returns whether the text is the ARN of a KMS key, but not of an alias. */
export function isKeyArn(text: string): boolean {
  return isKeyIdentifier(text) && parseArn(text)?.resource.startsWith('key/') === true;
}

/** Returns the id of a multi-Region key, which is the same in each Region. Returns `undefined` for other keys. */
export function readMultiRegionId(keyArn: string): string | undefined {
  return /^key\/(mrk-.+)$/.exec(parseArn(keyArn)?.resource ?? '')?.[1];
}

/**
 * Returns whether two ARNs identify the same key, or multi-Region keys with the same key material
 * (https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-mrk-match-for-decrypt.md).
 */
export function isSameKey(left: string, right: string): boolean {
  return left === right || (readMultiRegionId(left) !== undefined && omitRegion(left) === omitRegion(right));
}

function omitRegion(keyArn: string): string {
  const { partition, service, accountId, resource } = parseArn(keyArn) ?? {};
  return [partition, service, accountId, resource].join(':');
}
