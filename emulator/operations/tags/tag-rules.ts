import { KmsError } from '../../core/kms-error.ts';
import type { Tag } from '../../store/tag-table.ts';

/** The maximum number of tags per key (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html). */
const maxTags = 50;
/**
 * The characters that AWS allows in tags
 * (https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices).
 */
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Throws TagException for invalid tags. Checks in the same order as AWS: duplicates, count, reserved prefix,
 * characters.
 */
export function checkTags(tags: readonly Tag[]): void {
  const tagKeys = tags.map(({ TagKey }) => TagKey);
  if (new Set(tagKeys).size < tags.length) throw new KmsError('TagException', 'Duplicate tag keys');
  throwIfTooManyTags(tags.length);
  checkTagKeys(tagKeys);
  if (!tags.every(({ TagKey, TagValue }) => tagCharacters.test(TagKey) && tagCharacters.test(TagValue))) {
    throw new KmsError('TagException', 'Invalid tag');
  }
}

/** Throws TagException if a tag key has the prefix that AWS reserves. */
export function checkTagKeys(tagKeys: readonly string[]): void {
  if (tagKeys.some((tagKey) => /^aws:/i.test(tagKey))) {
    throw new KmsError('TagException', 'Tags beginning with aws: are reserved');
  }
}

export function throwIfTooManyTags(count: number): void {
  if (count > maxTags) throw new KmsError('TagException', 'Too many tags');
}
