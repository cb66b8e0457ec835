import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { applyChange } from '../state/apply-change.ts';
import { resetToSeed, restoreSeededKeys, restoreSnapshot, takeSnapshot } from '../state/control.ts';
import { useAction } from '../state/use-action.ts';
import { saveFile } from './save-file.ts';

export function DataCard() {
  const [file, setFile] = useState<File>();
  const download = useAction(async () => saveFile('kms-snapshot.json', JSON.stringify(await takeSnapshot())));
  return (
    <Card title="Data">
      <ul class="entries">
        <li class="entry-head">
          <div>
            <strong>Snapshot</strong>
            <p class="muted">
              A snapshot contains all keys. Key material stays encrypted, so only an emulator with the same master key
              can restore it.
            </p>
          </div>
          <div class="actions">
            <button type="button" disabled={download.isRunning} onClick={() => void download.run()}>
              Download
            </button>
            <label class="button">
              Restore from a file
              <input
                type="file"
                class="visually-hidden"
                accept=".json,application/json"
                onChange={({ currentTarget }) => {
                  setFile(currentTarget.files?.[0]);
                  currentTarget.value = '';
                }}
              />
            </label>
          </div>
        </li>
        <li class="entry-head">
          <div>
            <strong>Seeded keys</strong>
            <p class="muted">Returns the keys in the seed to their first state. All other keys stay.</p>
          </div>
          <ConfirmButton
            action="Restore seeded keys"
            title="Restore the seeded keys?"
            onConfirm={() => applyChange(restoreSeededKeys(), 'The seeded keys were restored.')}
          >
            <p>Changes to the keys in the seed are lost.</p>
          </ConfirmButton>
        </li>
        <li class="entry-head">
          <div>
            <strong>Everything</strong>
            <p class="muted">Deletes all keys in all accounts and Regions, and applies the seed again.</p>
          </div>
          <ConfirmButton
            action="Reset to the seed"
            title="Delete all keys and apply the seed?"
            onConfirm={() => applyChange(resetToSeed(), 'The emulator was reset to its seed.')}
          >
            <p>This deletes every key that is not in the seed, in all accounts and Regions. It cannot be undone.</p>
          </ConfirmButton>
        </li>
      </ul>
      <ErrorNote error={download.error} />
      {file !== undefined && (
        <ConfirmDialog
          title="Restore this snapshot?"
          action="Restore snapshot"
          onConfirm={async () => applyChange(restoreSnapshot(await file.text()), `${file.name} was restored.`)}
          onClose={() => setFile(undefined)}
        >
          <p>
            <code>{file.name}</code> replaces all keys in the emulator.
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
