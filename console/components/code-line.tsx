import { CopyButton } from './copy-button.tsx';

/** A value in monospace with a copy button. */
export function CodeLine({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    <span class="code-line">
      <code>{text}</code>
      <CopyButton text={text} name={name} />
    </span>
  );
}
