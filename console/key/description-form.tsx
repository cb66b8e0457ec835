import { UpdateKeyDescriptionCommand } from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Form } from '../components/form.tsx';
import { applyChange } from '../state/apply-change.ts';
import { kms } from '../state/kms.ts';
import { useAction } from '../state/use-action.ts';

interface Props {
  readonly keyId: string;
  readonly description: string;
}

export function DescriptionForm({ keyId, description }: Props) {
  const [draft, setDraft] = useState<string>();
  const save = useAction(async (Description: string) => {
    await applyChange(
      kms().send(new UpdateKeyDescriptionCommand({ KeyId: keyId, Description })),
      'The description was saved.',
    );
    setDraft(undefined);
  });
  return (
    <Card title="Description">
      <Form isInline onSubmit={() => save.run(draft ?? description)}>
        <input
          aria-label="Description"
          placeholder="No description"
          value={draft ?? description}
          onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        />
        <button type="submit" disabled={draft === undefined || draft === description || save.isRunning}>
          Save
        </button>
      </Form>
      <ErrorNote error={save.error} />
    </Card>
  );
}
