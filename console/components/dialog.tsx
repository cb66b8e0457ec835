import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';

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
  useEffect(() => {
    const dialog = element.current;
    // Escape sends `cancel`. The browser sends `close` later, or alone if the user presses Escape twice.
    const events = ['cancel', 'close'];
    for (const event of events) dialog?.addEventListener(event, onClose);
    return () => {
      for (const event of events) dialog?.removeEventListener(event, onClose);
    };
  }, [onClose]);
  return (
    <dialog ref={element} aria-labelledby={titleId}>
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
