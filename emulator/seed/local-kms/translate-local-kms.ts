import { compact } from '../../../shared/declaration/json-object.ts';
import { defaultAccount } from '../../core/credential.ts';
import { getKeyId, type LocalKmsEntry, parseLocalKmsSeed } from './local-kms-format.ts';
import { getBackingKeys, getPem, getTargetKeyId, throwIfLocalKmsRuleBroken } from './local-kms-rules.ts';

/** The account and Region of the keys. local-kms reads them from KMS_ACCOUNT_ID and KMS_REGION. */
export interface LocalKmsOptions {
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
}

/** The default Region of local-kms (see "Configuration" in its README). */
const localKmsRegion = 'eu-west-2';

/** Translates a local-kms seed into our format, and returns the location of each key in the file. Throws `SeedError`. */
export function translateLocalKms(
  json: unknown,
  name: string,
  options: LocalKmsOptions,
): { readonly seed: object; readonly keyPaths: readonly string[] } {
  const source = `${name} (local-kms format)`;
  const parsed = parseLocalKmsSeed(json, source);
  throwIfLocalKmsRuleBroken(parsed, source);
  const { entries, aliases } = parsed;
  const Keys = entries.map((entry) => ({
    ...translateKey(entry),
    AccountId: options.accountId ?? defaultAccount,
    Region: options.region ?? localKmsRegion,
    Aliases: aliases
      .filter(({ TargetKeyId }) => getTargetKeyId(TargetKeyId) === getKeyId(entry))
      .map(({ AliasName }) => `alias/${AliasName.replace(/^alias\//, '')}`),
  }));
  return { seed: { Version: 1, Keys }, keyPaths: entries.map(({ path }) => path) };
}

/** Translates one key. The last backing key encrypts, and the other backing keys only decrypt. */
function translateKey(entry: LocalKmsEntry): object {
  const { Metadata, NextKeyRotation } = entry.key;
  const KeyId = getKeyId(entry) ?? '';
  const current = getBackingKeys(entry).at(-1);
  const previous = getBackingKeys(entry).slice(0, -1);
  const Material = current === undefined ? getPem(entry) : hexToBase64(current);
  return compact({
    KeyId,
    MultiRegion: KeyId.startsWith('mrk-') ? true : undefined,
    KeySpec: entry.keySpec,
    KeyUsage: Metadata.KeyUsage,
    Description: Metadata.Description,
    Origin: Metadata.Origin,
    KeyState: Material === undefined ? 'PendingImport' : undefined,
    Material,
    PreviousMaterials: previous.length === 0 ? undefined : previous.map((key) => ({ Material: hexToBase64(key) })),
    Rotation: NextKeyRotation && { NextRotationDate: NextKeyRotation.toISOString() },
  });
}

function hexToBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
