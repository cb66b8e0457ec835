import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface Props {
  /** The text of the button and of the dialog's button. */
  readonly action: string;
  /** What the button acts on, for screen readers, such as the name of a tag. */
  readonly target?: string;
  readonly title: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly children: ComponentChildren;
  readonly isSmall?: boolean;
}

/** A button whose action asks first. */
export function ConfirmButton({ action, target, title, onConfirm, children, isSmall }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class={isSmall ? 'danger-text small' : 'danger-text'} onClick={() => setOpen(true)}>
        {action}
        {target !== undefined && <span class="visually-hidden"> {target}</span>}
      </button>
      {isOpen && (
        <ConfirmDialog title={title} action={action} onConfirm={onConfirm} onClose={() => setOpen(false)}>
          {children}
        </ConfirmDialog>
      )}
    </>
  );
}
