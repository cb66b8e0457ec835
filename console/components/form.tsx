import type { ComponentChildren } from 'preact';

interface Props {
  /** Puts the fields and the button on one line. */
  readonly isInline?: boolean;
  readonly onSubmit: () => unknown;
  readonly children: ComponentChildren;
}

/** A form that runs an action instead of loading another page. */
export function Form({ isInline = false, onSubmit, children }: Props) {
  return (
    <form
      class={isInline ? 'inline-form' : ''}
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
    </form>
  );
}
