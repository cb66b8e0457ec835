import { createPrivateKey, type KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import { compact, isObject } from '../../shared/declaration/json-object.ts';
import * as shapes from '../../shared/declaration/shapes.ts';
import { defaultAccount } from '../core/credential.ts';
import { keyIdPattern } from '../core/key-id.ts';
import { type KeySpec, keySpecs } from '../crypto/key-specs.ts';
import { SeedError } from './seed-error.ts';
import { faultText, formatSeedError } from './seed-error-message.ts';

/**
 * Seeds that were made for local-kms, in the forms that it has had: `Keys` by kind (version 3), a list of AES keys
 * (before that), and a list of any keys with their material apart (the coming version 4).
 * https://github.com/nsmithuk/local-kms: README.md "Seeding file format", src/seed.go, internal/seed/seed_v2.go
 */
export interface LocalKmsPlace {
  /** Where the keys are laid down: what KMS_ACCOUNT_ID and KMS_REGION are to local-kms. */
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
}

/** local-kms's own default (its README, "Configuration"). */
const localKmsRegion = 'eu-west-2';
const what = 'a local-kms seed that can be taken over';

/** Ours says `Version: 1`, and has no key with `Metadata`. */
export function isLocalKmsSeed(json: unknown): boolean {
  if (!isObject(json) || json.Version === 1) return false;
  const { Keys } = json;
  return Array.isArray(Keys) ? Keys.some((key) => isObject(key) && isObject(key.Metadata)) : isObject(Keys);
}

const backingKeys = z.array(z.string().check(z.regex(/^([0-9a-fA-F]{2})+$/)));
const material = { BackingKeys: z.optional(backingKeys), PrivateKeyPem: z.optional(z.string()) };
const keyId = () => shapes.text(1, 64, keyIdPattern);

/** All forms in one: in version 4 the id stands beside `Metadata`, and the material in `Material`. */
const key = z.strictObject({
  KeyId: z.optional(keyId()),
  Metadata: z.strictObject({
    KeyId: z.optional(keyId()),
    Description: z.optional(shapes.description()),
    KeySpec: z.optional(shapes.keySpec()),
    KeyUsage: z.optional(shapes.keyUsage()),
    Origin: z.optional(z.enum(['AWS_KMS', 'EXTERNAL'])),
  }),
  NextKeyRotation: z.optional(shapes.timestamp()),
  Material: z.optional(z.strictObject(material)),
  ...material,
});
type LocalKmsKey = z.output<typeof key>;

const keys = z.optional(z.array(key));
const rest = {
  Version: z.optional(z.union([z.string(), z.number()])),
  Aliases: z.optional(
    z.array(z.strictObject({ AliasName: shapes.text(1, 256, /^[a-zA-Z0-9/_-]+$/), TargetKeyId: z.string() })),
  ),
};
const byKind = z.strictObject({
  Keys: z.strictObject({
    Symmetric: z.optional(z.strictObject({ Aes: keys, Hmac: keys })),
    Asymmetric: z.optional(z.strictObject({ Rsa: keys, Ecc: keys })),
  }),
  ...rest,
});
const asList = z.strictObject({ Keys: z.array(key), ...rest });

/** One key with its place in the file and what its kind says of it. */
interface Entry {
  readonly path: string;
  readonly key: LocalKmsKey;
  readonly keySpec: KeySpec | undefined;
}

/** Our own form of it, and where each key stands in the file. Throws SeedError. */
export function translateLocalKms(
  json: unknown,
  name: string,
  place: LocalKmsPlace,
): { readonly seed: object; readonly keyPaths: readonly string[] } {
  const { entries, aliases } = entriesOf(withoutEmpty(json), name);
  for (const entry of entries) {
    const [member, , rule] = rules.find(([, isBroken]) => isBroken(entry)) ?? [];
    if (member !== undefined) throw new SeedError(faultText(name, pathOf(entry, member), what, rule ?? ''));
  }
  const ids = entries.map(idOf);
  aliases.forEach(({ TargetKeyId }, index) => {
    if (ids.includes(targetOf(TargetKeyId))) return;
    throw new SeedError(faultText(name, `/Aliases/${index}/TargetKeyId`, what, 'names no key of this seed'));
  });
  const Keys = entries.map((entry) => ({
    ...translateKey(entry),
    AccountId: place.accountId ?? defaultAccount,
    Region: place.region ?? localKmsRegion,
    Aliases: aliases
      .filter(({ TargetKeyId }) => targetOf(TargetKeyId) === idOf(entry))
      .map(({ AliasName }) => `alias/${AliasName.replace(/^alias\//, '')}`),
  }));
  return { seed: { Version: 1, Keys }, keyPaths: entries.map(({ path }) => path) };
}

function entriesOf(json: unknown, name: string) {
  const schema = isObject(json) && Array.isArray(json.Keys) ? asList : byKind;
  const parsed = z.safeParse<z.core.$ZodType<z.output<typeof asList> | z.output<typeof byKind>>>(schema, json);
  if (!parsed.success) throw new SeedError(formatSeedError({ name }, parsed.error.issues, schema, what));
  const { Keys, Aliases = [] } = parsed.data;
  if (Array.isArray(Keys)) return { entries: listed('/Keys', Keys, undefined), aliases: Aliases };
  const { Symmetric, Asymmetric } = Keys;
  const entries = [
    ...listed('/Keys/Symmetric/Aes', Symmetric?.Aes, 'SYMMETRIC_DEFAULT'),
    ...listed('/Keys/Symmetric/Hmac', Symmetric?.Hmac, undefined),
    ...listed('/Keys/Asymmetric/Rsa', Asymmetric?.Rsa, undefined),
    ...listed('/Keys/Asymmetric/Ecc', Asymmetric?.Ecc, undefined),
  ];
  return { entries, aliases: Aliases };
}

function listed(path: string, list: readonly LocalKmsKey[] = [], ofKind: KeySpec | undefined): Entry[] {
  return list.map((key, index) => ({
    path: `${path}/${index}`,
    key,
    keySpec: key.Metadata.KeySpec ?? ofKind ?? specOf(key),
  }));
}

/** Of a key that does not say it: that of its private key; the oldest form had AES keys only. */
function specOf(key: LocalKmsKey): KeySpec | undefined {
  const { PrivateKeyPem, BackingKeys } = materialOf(key);
  if (PrivateKeyPem === undefined) return BackingKeys === undefined ? undefined : 'SYMMETRIC_DEFAULT';
  const { asymmetricKeyType, asymmetricKeyDetails } = privateKey(PrivateKeyPem) ?? {};
  return Object.values(keySpecs).find(
    (row) =>
      row.keyType === asymmetricKeyType &&
      row.curve === asymmetricKeyDetails?.namedCurve &&
      (row.family !== 'RSA' || row.size === asymmetricKeyDetails?.modulusLength),
  )?.keySpec;
}

function privateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function materialOf({ Material, BackingKeys, PrivateKeyPem }: LocalKmsKey) {
  return Material ?? { BackingKeys, PrivateKeyPem };
}

function idOf({ key }: Entry): string | undefined {
  return key.KeyId ?? key.Metadata.KeyId;
}

/** A key id, or the ARN that ends with it. */
function targetOf(target: string): string {
  return target.slice(target.lastIndexOf('/') + 1);
}

const isExternal = ({ key }: Entry) => key.Metadata.Origin === 'EXTERNAL';
const backing = ({ key }: Entry) => materialOf(key).BackingKeys ?? [];
const pem = ({ key }: Entry) => materialOf(key).PrivateKeyPem;
const rawBytes = ({ keySpec }: Entry) => (keySpec === undefined ? undefined : keySpecs[keySpec].rawBytes);

/** What a key cannot be: the member, the test, the rule. */
const rules: readonly [member: string, isBroken: (entry: Entry) => boolean, rule: string][] = [
  ['/Metadata/KeyId', (entry) => idOf(entry) === undefined, 'is needed'],
  ['/PrivateKeyPem', privateKeyIsBroken, 'must be an unencrypted private key in PEM, of a kind that KMS has'],
  ['/Metadata/KeySpec', ({ keySpec }) => keySpec === undefined, 'is needed'],
  ['/BackingKeys', (entry) => rawBytes(entry) === undefined && backing(entry).length > 0, 'are for AES and HMAC keys'],
  ['/PrivateKeyPem', (entry) => rawBytes(entry) !== undefined && pem(entry) !== undefined, 'is for RSA and ECC keys'],
  ['/PrivateKeyPem', (entry) => rawBytes(entry) === undefined && pem(entry) === undefined, 'is needed'],
  [
    '/BackingKeys',
    (entry) => rawBytes(entry) !== undefined && !isExternal(entry) && backing(entry).length === 0,
    'must hold one key or more',
  ],
  [
    '/BackingKeys',
    (entry) => backing(entry).some((key) => key.length / 2 !== rawBytes(entry)),
    'must each have as many bytes as the KeySpec asks for: AES 32, HMAC 28, 32, 48 or 64',
  ],
  ['/BackingKeys', (entry) => isExternal(entry) && backing(entry).length > 1, 'of Origin EXTERNAL must be one at most'],
  [
    '/BackingKeys',
    (entry) => entry.keySpec !== 'SYMMETRIC_DEFAULT' && backing(entry).length > 1,
    'of an HMAC key must be one: KMS does not rotate HMAC keys',
  ],
  [
    '/NextKeyRotation',
    (entry) => entry.key.NextKeyRotation !== undefined && (entry.keySpec !== 'SYMMETRIC_DEFAULT' || isExternal(entry)),
    'is for AES keys of Origin AWS_KMS: KMS rotates no others',
  ],
];

function privateKeyIsBroken({ key, keySpec }: Entry): boolean {
  const { PrivateKeyPem } = materialOf(key);
  return PrivateKeyPem !== undefined && (keySpec === undefined || privateKey(PrivateKeyPem) === undefined);
}

function pathOf({ path, key }: Entry, member: string): string {
  const isMaterial = member === '/BackingKeys' || member === '/PrivateKeyPem';
  return `${path}${isMaterial && key.Material !== undefined ? '/Material' : ''}${member}`;
}

/** The last backing key is the one that encrypts; the ones before it still decrypt. */
function translateKey(entry: Entry): object {
  const { Metadata, NextKeyRotation } = entry.key;
  const KeyId = idOf(entry) ?? '';
  const current = backing(entry).at(-1);
  const previous = backing(entry).slice(0, -1);
  const Material = current === undefined ? pem(entry) : base64(current);
  return compact({
    KeyId,
    MultiRegion: KeyId.startsWith('mrk-') ? true : undefined,
    KeySpec: entry.keySpec,
    KeyUsage: Metadata.KeyUsage,
    Description: Metadata.Description,
    Origin: Metadata.Origin,
    KeyState: Material === undefined ? 'PendingImport' : undefined,
    Material,
    PreviousMaterials: previous.length === 0 ? undefined : previous.map((key) => ({ Material: base64(key) })),
    Rotation: NextKeyRotation && { NextRotationDate: NextKeyRotation.toISOString() },
  });
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

/** To local-kms a member without a value is as if absent. */
function withoutEmpty(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withoutEmpty);
  if (!isObject(json)) return json;
  const filled = Object.entries(json).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(filled.map(([name, value]) => [name, withoutEmpty(value)]));
}
