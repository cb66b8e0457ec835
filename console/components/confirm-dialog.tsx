import type { ComponentChildren } from 'preact';
import { useAction } from '../state/use-action.ts';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';
import { Form } from './form.tsx';

interface Props {
  readonly title: string;
  readonly action: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Asks before an action that is hard to undo. The focus starts on Cancel. */
export function ConfirmDialog({ title, action, onConfirm, onClose, children }: Props) {
  const confirm = useAction(onConfirm);
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        onSubmit={async () => {
          if (await confirm.run()) onClose();
        }}
      >
        {children}
        <ErrorNote error={confirm.error} />
        <footer>
          <button type="button" autofocus onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="danger" disabled={confirm.isRunning}>
            {action}
          </button>
        </footer>
      </Form>
    </Dialog>
  );
}
