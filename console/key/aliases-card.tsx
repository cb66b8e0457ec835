import { CreateAliasCommand, DeleteAliasCommand } from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Form } from '../components/form.tsx';
import { formatAlias } from '../keys/format-alias.ts';
import { applyChange } from '../state/apply-change.ts';
import { kms } from '../state/kms.ts';
import { useAction } from '../state/use-action.ts';

interface Props {
  readonly keyId: string;
  readonly aliases: readonly string[];
}

export function AliasesCard({ keyId, aliases }: Props) {
  const [name, setName] = useState('');
  const add = useAction(async () => {
    const AliasName = formatAlias(name);
    await applyChange(kms().send(new CreateAliasCommand({ AliasName, TargetKeyId: keyId })), `${AliasName} was added.`);
    setName('');
  });
  return (
    <Card title="Aliases">
      {aliases.length === 0 ? (
        <EmptyState title="No aliases">
          <p>Programs can use an alias instead of the key id.</p>
        </EmptyState>
      ) : (
        <ul class="entries compact">
          {aliases.map((alias) => (
            <li key={alias} class="entry-head">
              <code>{alias}</code>
              <ConfirmButton
                isSmall
                action="Delete"
                target={alias}
                title="Delete this alias?"
                onConfirm={() =>
                  applyChange(kms().send(new DeleteAliasCommand({ AliasName: alias })), `${alias} was deleted.`)
                }
              >
                <p>
                  Requests that use <code>{alias}</code> will fail. The key stays.
                </p>
              </ConfirmButton>
            </li>
          ))}
        </ul>
      )}
      <Form isInline onSubmit={() => add.run()}>
        <input
          aria-label="New alias"
          placeholder="alias/invoices"
          required
          spellcheck={false}
          autocomplete="off"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        <button type="submit" disabled={add.isRunning}>
          Add alias
        </button>
      </Form>
      <ErrorNote error={add.error} />
    </Card>
  );
}
