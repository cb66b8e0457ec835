import { GetKeyPolicyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Form } from '../components/form.tsx';
import { Loading } from '../components/loading.tsx';
import { applyChange } from '../state/apply-change.ts';
import { kms, kmsReads } from '../state/kms.ts';
import { useAction } from '../state/use-action.ts';
import { useLoad } from '../state/use-load.ts';
import type { KeyTabProps } from './key-page.tsx';

export function PolicyTab({ keyId }: KeyTabProps) {
  const policy = useLoad(() => readPolicy(keyId), [keyId]);
  return <Loading loaded={policy}>{(text) => <PolicyEditor keyId={keyId} policy={text} />}</Loading>;
}

async function readPolicy(KeyId: string): Promise<string> {
  const { Policy = '' } = await kmsReads().send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  return formatJson(Policy) ?? Policy;
}

/** Returns `undefined` if the text is not JSON. */
function formatJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}

function describeSyntaxError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return (error as SyntaxError).message;
  }
}

function PolicyEditor({ keyId, policy }: { readonly keyId: string; readonly policy: string }) {
  const [draft, setDraft] = useState<string>();
  const [bypassCheck, setBypassCheck] = useState(false);
  const text = draft ?? policy;
  const syntaxError = describeSyntaxError(text);
  const save = useAction(async () => {
    const input = { KeyId: keyId, PolicyName: 'default', Policy: text, BypassPolicyLockoutSafetyCheck: bypassCheck };
    await applyChange(kms().send(new PutKeyPolicyCommand(input)), 'The policy was saved.');
    setDraft(undefined);
  });
  const discard = () => {
    setDraft(undefined);
    save.clearError();
  };
  return (
    <Card
      title="Key policy"
      actions={
        <>
          <CopyButton text={text} name="policy" />
          <button
            type="button"
            class="small"
            disabled={syntaxError !== undefined}
            onClick={() => setDraft(formatJson(text))}
          >
            Format
          </button>
        </>
      }
    >
      <Form onSubmit={() => save.run()}>
        <textarea
          class="code"
          aria-label="Policy document"
          aria-invalid={syntaxError !== undefined}
          aria-describedby="policy-syntax"
          rows={Math.min(32, text.split('\n').length + 1)}
          spellcheck={false}
          autocomplete="off"
          value={text}
          onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        />
        <p id="policy-syntax" class="syntax-error" role="status">
          {syntaxError !== undefined && `Not valid JSON: ${syntaxError}`}
        </p>
        <label class="check">
          <input
            type="checkbox"
            checked={bypassCheck}
            onChange={({ currentTarget }) => setBypassCheck(currentTarget.checked)}
          />
          Allow a policy that locks you out (BypassPolicyLockoutSafetyCheck)
        </label>
        <ErrorNote error={save.error} />
        <footer>
          <button type="button" disabled={draft === undefined} onClick={discard}>
            Discard changes
          </button>
          <button
            type="submit"
            class="primary"
            disabled={draft === undefined || syntaxError !== undefined || save.isRunning}
          >
            Save policy
          </button>
        </footer>
      </Form>
    </Card>
  );
}
