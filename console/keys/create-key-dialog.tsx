import { CreateAliasCommand, CreateKeyCommand, type KeySpec, type KeyUsageType } from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { Dialog } from '../components/dialog.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { type KeyValue, KeyValueRows } from '../components/key-value-rows.tsx';
import { Select } from '../components/select.tsx';
import { announce } from '../state/announcement.ts';
import { kms } from '../state/kms.ts';
import { linkTo, navigate } from '../state/route.ts';
import { useAction } from '../state/use-action.ts';
import { formatAlias } from './format-alias.ts';
import { formatUsage } from './format-usage.ts';
import { keySpecUsages } from './key-spec-usages.ts';

const keySpecs = Object.keys(keySpecUsages) as KeySpec[];

export function CreateKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const [keySpec, setKeySpec] = useState<KeySpec>('SYMMETRIC_DEFAULT');
  const [keyUsage, setKeyUsage] = useState<KeyUsageType>('ENCRYPT_DECRYPT');
  const [alias, setAlias] = useState('');
  const [description, setDescription] = useState('');
  const [tags, setTags] = useState<readonly KeyValue[]>([]);
  const [isMultiRegion, setMultiRegion] = useState(false);
  /** The key, if its creation succeeded but the creation of its alias did not. */
  const [createdKeyId, setCreatedKeyId] = useState<string>();
  const usages: readonly KeyUsageType[] = keySpecUsages[keySpec];

  const create = useAction(async () => {
    const keyId = createdKeyId ?? (await createKey());
    setCreatedKeyId(keyId);
    if (alias !== '') await kms().send(new CreateAliasCommand({ AliasName: formatAlias(alias), TargetKeyId: keyId }));
    announce('The key was created.');
    onClose();
    navigate('keys', keyId);
  });

  const createKey = async () => {
    const { KeyMetadata } = await kms().send(
      new CreateKeyCommand({
        KeySpec: keySpec,
        KeyUsage: keyUsage,
        Description: description,
        MultiRegion: isMultiRegion,
        Tags: tags.filter(({ name }) => name !== '').map(({ name, value }) => ({ TagKey: name, TagValue: value })),
      }),
    );
    return KeyMetadata?.KeyId ?? '';
  };

  const changeSpec = (spec: KeySpec) => {
    setKeySpec(spec);
    const [usage] = keySpecUsages[spec];
    setKeyUsage(usage);
  };

  return (
    <Dialog title="Create key" onClose={onClose}>
      <Form onSubmit={() => create.run()}>
        <div class="columns">
          <Field label="Key spec">
            <Select value={keySpec} options={keySpecs} onChange={changeSpec} />
          </Field>
          <Field label="Key usage">
            <Select
              value={keyUsage}
              options={Object.fromEntries(usages.map((usage) => [usage, formatUsage(usage)]))}
              onChange={(usage) => setKeyUsage(usage as KeyUsageType)}
            />
          </Field>
        </div>
        <Field label="Alias" hint="Optional. The prefix alias/ is added.">
          <input
            value={alias}
            placeholder="invoices"
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => setAlias(currentTarget.value)}
          />
        </Field>
        <Field label="Description">
          <input value={description} onInput={({ currentTarget }) => setDescription(currentTarget.value)} />
        </Field>
        <KeyValueRows legend="Tags" item="tag" rows={tags} onChange={setTags} />
        <label class="check">
          <input
            type="checkbox"
            checked={isMultiRegion}
            onChange={({ currentTarget }) => setMultiRegion(currentTarget.checked)}
          />
          Multi-Region key
        </label>
        <ErrorNote error={create.error} />
        {createdKeyId !== undefined && create.error !== undefined && (
          <p>
            The key exists, but without the alias. Change the alias, or{' '}
            <a href={linkTo('keys', createdKeyId)}>open the key</a>.
          </p>
        )}
        <footer>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={create.isRunning}>
            Create key
          </button>
        </footer>
      </Form>
    </Dialog>
  );
}
