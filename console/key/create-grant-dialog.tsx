import { CreateGrantCommand, type GrantOperation, type KeyMetadata } from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { CodeLine } from '../components/code-line.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { type KeyValue, KeyValueRows, toRecord } from '../components/key-value-rows.tsx';
import { PrincipalOptions } from '../session/principal-options.tsx';
import { applyChange } from '../state/apply-change.ts';
import { kms } from '../state/kms.ts';
import { useAction } from '../state/use-action.ts';
import { listGrantOperations } from './grant-operations.ts';

interface Props {
  readonly keyId: string;
  readonly metadata: KeyMetadata;
  readonly onClose: () => void;
}

export function CreateGrantDialog({ keyId, metadata, onClose }: Props) {
  const available = listGrantOperations(metadata);
  const [name, setName] = useState('');
  const [grantee, setGrantee] = useState('');
  const [retiring, setRetiring] = useState('');
  const [selected, setSelected] = useState<ReadonlySet<GrantOperation>>(new Set(available.slice(0, 2)));
  const [context, setContext] = useState<readonly KeyValue[]>([]);
  const [token, setToken] = useState<string>();
  const create = useAction(async () => {
    const subset = toRecord(context);
    const input = {
      KeyId: keyId,
      GranteePrincipal: grantee.trim(),
      Operations: available.filter((operation) => selected.has(operation)),
      ...(name === '' ? {} : { Name: name }),
      ...(retiring === '' ? {} : { RetiringPrincipal: retiring.trim() }),
      ...(subset === undefined ? {} : { Constraints: { EncryptionContextSubset: subset } }),
    };
    const sent = kms().send(new CreateGrantCommand(input));
    await applyChange(sent, 'The grant was created.');
    setToken((await sent).GrantToken);
  });
  if (token !== undefined) return <GrantCreated token={token} onClose={onClose} />;
  const toggle = (operation: GrantOperation) => {
    const next = new Set(selected);
    if (!next.delete(operation)) next.add(operation);
    setSelected(next);
  };
  return (
    <Dialog title="Create grant" onClose={onClose}>
      <Form onSubmit={() => create.run()}>
        <Field label="Grantee principal" hint="The ARN of a user, role, session or account root.">
          <input
            required
            list="principals"
            placeholder="arn:aws:iam::000000000000:role/app"
            value={grantee}
            onInput={({ currentTarget }) => setGrantee(currentTarget.value)}
          />
        </Field>
        <fieldset>
          <legend>Operations</legend>
          <div class="checks">
            {available.map((operation) => (
              <label class="check" key={operation}>
                <input type="checkbox" checked={selected.has(operation)} onChange={() => toggle(operation)} />
                {operation}
              </label>
            ))}
          </div>
        </fieldset>
        <Field label="Name" hint="Optional. A second grant with the same name and content is the same grant.">
          <input value={name} onInput={({ currentTarget }) => setName(currentTarget.value)} />
        </Field>
        <Field label="Retiring principal" hint="Optional.">
          <input list="principals" value={retiring} onInput={({ currentTarget }) => setRetiring(currentTarget.value)} />
        </Field>
        {metadata.KeySpec === 'SYMMETRIC_DEFAULT' && (
          <KeyValueRows
            legend="Required encryption context (EncryptionContextSubset)"
            item="pair"
            rows={context}
            onChange={setContext}
          />
        )}
        <PrincipalOptions id="principals" />
        <ErrorNote error={create.error} />
        <footer>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={create.isRunning || selected.size === 0}>
            Create grant
          </button>
        </footer>
      </Form>
    </Dialog>
  );
}

function GrantCreated({ token, onClose }: { readonly token: string; readonly onClose: () => void }) {
  return (
    <Dialog title="The grant was created" onClose={onClose}>
      <p>Its grant token is shown only here. In the emulator, the grant works without the token at once.</p>
      <CodeLine text={token} name="grant token" />
      <footer>
        <button type="button" class="primary" onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}
