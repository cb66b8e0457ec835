import { useState } from 'preact/hooks';
import type { KnownPrincipal } from '../../emulator/http/requests/request-record.ts';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { announce } from '../state/announcement.ts';
import { secretAccessKey, session, switchSession } from '../state/session.ts';
import { regions } from './regions.ts';

interface Props {
  readonly principals: readonly KnownPrincipal[];
  readonly onClose: () => void;
}

export function CallerDialog({ principals, onClose }: Props) {
  const [accessKeyId, setAccessKeyId] = useState(session.value.accessKeyId);
  const [region, setRegion] = useState(session.value.region);
  const [secret, setSecret] = useState(secretAccessKey.value);
  const save = () => {
    switchSession({ accessKeyId: accessKeyId.trim(), region: region.trim() }, secret);
    announce(`The console now calls KMS with the access key id ${accessKeyId}, in ${region}.`);
    onClose();
  };
  return (
    <Dialog title="Switch caller" onClose={onClose}>
      <Form onSubmit={save}>
        {principals.length > 0 && (
          <fieldset class="choices">
            <legend>Principals in the seed</legend>
            {principals.map((principal) => (
              <label key={principal.accessKeyId}>
                <input
                  type="radio"
                  name="principal"
                  checked={accessKeyId === principal.accessKeyId}
                  onChange={() => setAccessKeyId(principal.accessKeyId)}
                />
                <span>
                  <strong>{principal.arn}</strong>
                  <code class="sub">{principal.accessKeyId}</code>
                </span>
              </label>
            ))}
          </fieldset>
        )}
        <Field
          label="Access key id"
          hint="An id with 12 digits is the root user of the account with this id. If the seed contains no principals, any other id is the root user of account 000000000000."
        >
          <input
            required
            pattern="[\w]+"
            spellcheck={false}
            autocomplete="off"
            value={accessKeyId}
            onInput={({ currentTarget }) => setAccessKeyId(currentTarget.value)}
          />
        </Field>
        <Field
          label="Secret access key"
          hint="Only an emulator with --verify-signatures checks it. The console keeps it in memory until you close or reload the page."
        >
          <input
            type="password"
            autocomplete="off"
            value={secret}
            onInput={({ currentTarget }) => setSecret(currentTarget.value)}
          />
        </Field>
        <Field label="Region">
          <input
            required
            list="regions"
            spellcheck={false}
            autocomplete="off"
            value={region}
            onInput={({ currentTarget }) => setRegion(currentTarget.value)}
          />
        </Field>
        <datalist id="regions">
          {regions.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <footer>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Switch
          </button>
        </footer>
      </Form>
    </Dialog>
  );
}
