import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog. Escape closes it, and the focus then returns to the element that opened it. */
export function Dialog({ title, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    findFirstField(dialog)?.focus();
    // Without `close`, the browser would not return the focus.
    return () => dialog?.close();
  }, []);
  // Escape sends `cancel`. The browser sends `close` later, or alone if the user presses Escape twice. Effects would attach
  // the listeners too late for a key that is pressed in the frame in which the dialog opens.
  return (
    <dialog ref={element} aria-labelledby={titleId} onCancel={onClose} onClose={onClose}>
      <header>
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="icon" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** Returns the element that takes the focus instead of the close button. */
function findFirstField(dialog: HTMLDialogElement | null): HTMLElement | null | undefined {
  return (
    dialog?.querySelector<HTMLElement>('[autofocus]') ?? dialog?.querySelector<HTMLElement>('input, select, textarea')
  );
}
