import { keySpecs } from '../../crypto/key-specs.ts';
import { createSeedError } from '../seed-error.ts';
import { getKeyId, getMaterial, type LocalKmsEntry, type LocalKmsSeed, readPrivateKey } from './local-kms-format.ts';

/** The rules for a key in a local-kms seed, in the order in which they are checked. */
const keyRules: readonly [member: string, isBroken: (entry: LocalKmsEntry) => boolean, rule: string][] = [
  ['/Metadata/KeyId', (entry) => getKeyId(entry) === undefined, 'is required'],
  ['/PrivateKeyPem', hasBrokenPrivateKey, 'must be an unencrypted PEM private key with a key spec that KMS supports'],
  ['/Metadata/KeySpec', ({ keySpec }) => keySpec === undefined, 'is required'],
  [
    '/BackingKeys',
    (entry) => !hasRawMaterial(entry) && getBackingKeys(entry).length > 0,
    'is allowed only for AES and HMAC keys',
  ],
  [
    '/PrivateKeyPem',
    (entry) => hasRawMaterial(entry) && getPem(entry) !== undefined,
    'is allowed only for RSA and ECC keys',
  ],
  ['/PrivateKeyPem', (entry) => !hasRawMaterial(entry) && getPem(entry) === undefined, 'is required'],
  [
    '/BackingKeys',
    (entry) => hasRawMaterial(entry) && !isExternal(entry) && getBackingKeys(entry).length === 0,
    'must contain at least one key',
  ],
  [
    '/BackingKeys',
    (entry) => getBackingKeys(entry).some((key) => key.length / 2 !== countRawBytes(entry)),
    'must contain keys with the length that the KeySpec requires: 32 bytes for AES; 28, 32, 48 or 64 bytes for HMAC',
  ],
  [
    '/BackingKeys',
    (entry) => isExternal(entry) && getBackingKeys(entry).length > 1,
    'must contain at most one key if Origin is EXTERNAL',
  ],
  [
    '/BackingKeys',
    (entry) => entry.keySpec !== 'SYMMETRIC_DEFAULT' && getBackingKeys(entry).length > 1,
    'must contain only one key for HMAC, because KMS does not rotate HMAC keys',
  ],
  [
    '/NextKeyRotation',
    (entry) => entry.key.NextKeyRotation !== undefined && (entry.keySpec !== 'SYMMETRIC_DEFAULT' || isExternal(entry)),
    'is allowed only for AES keys with Origin AWS_KMS, because KMS does not automatically rotate other keys',
  ],
];

/** Throws `SeedError` for the first key or alias that cannot be translated. */
export function throwIfLocalKmsRuleBroken({ entries, aliases }: LocalKmsSeed, name: string): void {
  for (const entry of entries) {
    const broken = keyRules.find(([, isBroken]) => isBroken(entry));
    if (broken !== undefined) throw createSeedError(name, buildPointer(entry, broken[0]), broken[2]);
  }
  const ids = entries.map(getKeyId);
  for (const [index, { TargetKeyId }] of aliases.entries()) {
    if (ids.includes(getTargetKeyId(TargetKeyId))) continue;
    throw createSeedError(name, `/Aliases/${index}/TargetKeyId`, 'must be the id or ARN of a key in this seed');
  }
}

/** Returns the key id of an alias target. The target is a key id or a key ARN. */
export function getTargetKeyId(target: string): string {
  return target.slice(target.lastIndexOf('/') + 1);
}

export function getBackingKeys({ key }: LocalKmsEntry): readonly string[] {
  return getMaterial(key).BackingKeys ?? [];
}

export function getPem({ key }: LocalKmsEntry): string | undefined {
  return getMaterial(key).PrivateKeyPem;
}

function isExternal({ key }: LocalKmsEntry): boolean {
  return key.Metadata.Origin === 'EXTERNAL';
}

function countRawBytes({ keySpec }: LocalKmsEntry): number | undefined {
  return keySpec === undefined ? undefined : keySpecs[keySpec].rawBytes;
}

function hasRawMaterial(entry: LocalKmsEntry): boolean {
  return countRawBytes(entry) !== undefined;
}

function hasBrokenPrivateKey(entry: LocalKmsEntry): boolean {
  const pem = getPem(entry);
  return pem !== undefined && (entry.keySpec === undefined || readPrivateKey(pem) === undefined);
}

function buildPointer({ path, key }: LocalKmsEntry, member: string): string {
  const isInMaterial = key.Material !== undefined && (member === '/BackingKeys' || member === '/PrivateKeyPem');
  return `${path}${isInMaterial ? '/Material' : ''}${member}`;
}
