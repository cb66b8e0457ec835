import type { Call } from '../call/call.ts';
import { callerNotAllowed } from './caller-not-allowed.ts';

interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

interface TagInput {
  readonly Tags?: readonly Tag[];
  readonly TagKeys?: readonly string[];
}

/** Adds the tenant tag to a new key. Rejects a call that sets, changes or removes the tag on an existing key. */
export function protectTenantTag({ operation, input }: Call, tagKey: string, tenant: string): void {
  const { Tags = [], TagKeys }: TagInput = input;
  // IAM ignores the case of tag keys in condition keys.
  const isTenant = (key: string) => key.toLowerCase() === tagKey.toLowerCase();
  if (operation.serviceTag === 'added') {
    const isOwn = ({ TagKey, TagValue }: Tag) => TagKey === tagKey && TagValue === tenant;
    if (Tags.some((tag) => isTenant(tag.TagKey) && !isOwn(tag)))
      throw callerNotAllowed('/Tags must not set the tenant tag to another tenant.');
    input.Tags = [...Tags.filter((tag) => !isOwn(tag)), { TagKey: tagKey, TagValue: tenant }];
  } else if (operation.serviceTag === 'kept') {
    if (Tags.some(({ TagKey }) => isTenant(TagKey)) || TagKeys?.some(isTenant))
      throw callerNotAllowed('The tenant tag cannot be changed or removed.');
  }
}
