import { CancelKeyDeletionCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Field } from '../components/field.tsx';
import { TimeText } from '../components/time-text.tsx';
import { applyChange } from '../state/apply-change.ts';
import { kms } from '../state/kms.ts';
import { useAction } from '../state/use-action.ts';
import type { KeyTabProps } from './key-page.tsx';

export function DeletionCard({ metadata, keyId }: Pick<KeyTabProps, 'metadata' | 'keyId'>) {
  const [days, setDays] = useState(30);
  const cancel = useAction(() =>
    applyChange(
      kms().send(new CancelKeyDeletionCommand({ KeyId: keyId })),
      'The deletion was canceled. The key is disabled.',
    ),
  );
  if (metadata.KeyManager === 'AWS') return null;
  if (metadata.DeletionDate !== undefined) {
    return (
      <Card
        title="Deletion"
        actions={
          <button type="button" class="primary" disabled={cancel.isRunning} onClick={() => void cancel.run()}>
            Cancel deletion
          </button>
        }
      >
        <p>
          The emulator deletes this key on <TimeText time={metadata.DeletionDate} />.
        </p>
        <ErrorNote error={cancel.error} />
      </Card>
    );
  }
  return (
    <Card
      title="Deletion"
      actions={
        <ConfirmButton
          action="Schedule deletion"
          title="Schedule the deletion of this key?"
          onConfirm={() =>
            applyChange(
              kms().send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: days })),
              'The deletion was scheduled.',
            )
          }
        >
          <p>After the waiting period, nothing can decrypt the ciphertexts of this key. Until then, you can cancel.</p>
          <Field label="Waiting period in days" hint="From 7 to 30 days of the emulator's clock.">
            <input
              type="number"
              min={7}
              max={30}
              required
              value={days}
              onInput={({ currentTarget }) => setDays(currentTarget.valueAsNumber)}
            />
          </Field>
        </ConfirmButton>
      }
    >
      <p class="muted">Deletion starts with a waiting period. The key cannot be used while it waits.</p>
    </Card>
  );
}
