import { useState } from 'preact/hooks';
import { listPrincipals } from '../state/control.ts';
import { account, session } from '../state/session.ts';
import { useLoad } from '../state/use-load.ts';
import { CallerDialog } from './caller-dialog.tsx';

/** Shows the caller and the Region of the console's requests. Opens the dialog that changes them. */
export function CallerButton() {
  const [isOpen, setOpen] = useState(false);
  const { accessKeyId, region } = session.value;
  const { value } = useLoad(listPrincipals, []);
  const principal = value?.principals.find((one) => one.accessKeyId === accessKeyId);
  const name = principal === undefined ? 'root' : shorten(principal.arn);
  return (
    <>
      <button type="button" class="caller" onClick={() => setOpen(true)}>
        <span class="visually-hidden">Switch caller: </span>
        <span class="caller-name">{name}</span>
        <span class="caller-place">
          {principal?.account ?? account.value} · {region}
        </span>
      </button>
      {isOpen && <CallerDialog principals={value?.principals ?? []} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Shortens an ARN to its resource: `arn:aws:iam::000000000000:role/app` becomes `role/app`. */
function shorten(arn: string): string {
  return arn.split(':').slice(5).join(':');
}
