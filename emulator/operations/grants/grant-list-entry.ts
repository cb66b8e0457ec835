import type * as z from 'zod/mini';
import type * as shapes from '../../../shared/declaration/shapes.ts';
import type { Grant } from '../../core/grant-record.ts';
import type { Key } from '../../core/key-record.ts';

type GrantListEntry = z.output<ReturnType<typeof shapes.grants>>[number];

export function toGrantListEntry(key: Key, { grantId, record }: Grant): GrantListEntry {
  const { createdMs, Name, Operations, ...rest } = record;
  return {
    ...rest,
    KeyId: key.arn,
    GrantId: grantId,
    // AWS returns an empty name for a grant that has no name.
    Name: Name ?? '',
    CreationDate: new Date(createdMs),
    Operations: [...Operations],
  };
}
