import { AliasesCard } from './aliases-card.tsx';
import type { KeyTabProps } from './key-page.tsx';
import { TagsCard } from './tags-card.tsx';

export function TagsTab({ keyId, aliases }: KeyTabProps) {
  return (
    <>
      <AliasesCard keyId={keyId} aliases={aliases} />
      <TagsCard keyId={keyId} />
    </>
  );
}
