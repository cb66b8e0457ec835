import { paginateListResourceTags, type Tag, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Form } from '../components/form.tsx';
import { Loading } from '../components/loading.tsx';
import { applyChange } from '../state/apply-change.ts';
import { kms, kmsReads } from '../state/kms.ts';
import { useAction } from '../state/use-action.ts';
import { useLoad } from '../state/use-load.ts';

export function TagsCard({ keyId }: { readonly keyId: string }) {
  const tags = useLoad(() => listTags(keyId), [keyId]);
  return (
    <Card title="Tags">
      <Loading loaded={tags}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="No tags">
              <p>Policies can use tags in conditions, such as aws:ResourceTag/team.</p>
            </EmptyState>
          ) : (
            <ul class="entries compact">
              {list.map(({ TagKey = '', TagValue }) => (
                <li key={TagKey} class="entry-head">
                  <span>
                    <code>{TagKey}</code> <span class="muted">=</span> <code>{TagValue}</code>
                  </span>
                  <RemoveTag keyId={keyId} tagKey={TagKey} />
                </li>
              ))}
            </ul>
          )
        }
      </Loading>
      <AddTag keyId={keyId} />
    </Card>
  );
}

async function listTags(KeyId: string): Promise<readonly Tag[]> {
  const tags: Tag[] = [];
  for await (const page of paginateListResourceTags({ client: kmsReads(), pageSize: 50 }, { KeyId })) {
    tags.push(...(page.Tags ?? []));
  }
  return tags;
}

function RemoveTag({ keyId, tagKey }: { readonly keyId: string; readonly tagKey: string }) {
  const untag = () =>
    applyChange(
      kms().send(new UntagResourceCommand({ KeyId: keyId, TagKeys: [tagKey] })),
      `The tag ${tagKey} was removed.`,
    );
  return (
    <ConfirmButton isSmall action="Remove" target={tagKey} title="Remove this tag?" onConfirm={untag}>
      <p>
        Policies with conditions on the tag <code>{tagKey}</code> may then decide differently.
      </p>
    </ConfirmButton>
  );
}

function AddTag({ keyId }: { readonly keyId: string }) {
  const [tagKey, setTagKey] = useState('');
  const [tagValue, setTagValue] = useState('');
  const add = useAction(async () => {
    const Tags = [{ TagKey: tagKey, TagValue: tagValue }];
    await applyChange(kms().send(new TagResourceCommand({ KeyId: keyId, Tags })), `The tag ${tagKey} was saved.`);
    setTagKey('');
    setTagValue('');
  });
  return (
    <>
      <Form isInline onSubmit={() => add.run()}>
        <input
          aria-label="Tag key"
          placeholder="key"
          required
          value={tagKey}
          onInput={({ currentTarget }) => setTagKey(currentTarget.value)}
        />
        <input
          aria-label="Tag value"
          placeholder="value"
          value={tagValue}
          onInput={({ currentTarget }) => setTagValue(currentTarget.value)}
        />
        <button type="submit" disabled={add.isRunning}>
          Add tag
        </button>
      </Form>
      <ErrorNote error={add.error} />
    </>
  );
}
