import { useState } from 'preact/hooks';
import { announce } from '../state/announcement.ts';

interface Props {
  readonly text: string;
  /** What the button copies, for screen readers. */
  readonly name: string;
}

const shownMs = 1500;

export function CopyButton({ text, name }: Props) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), shownMs);
    announce(`Copied ${name}.`);
  };
  return (
    <button type="button" class="copy small" aria-label={`Copy ${name}`} onClick={() => void copy()}>
      {isCopied ? 'Copied' : 'Copy'}
    </button>
  );
}
