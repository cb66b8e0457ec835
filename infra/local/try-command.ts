import { defaultAccount } from '../../emulator/core/credential.ts';
import type { LocalSettings } from './local-settings.ts';

type TrySettings = Pick<LocalSettings, 'auth' | 'issuer' | 'audience' | 'scopePrefix' | 'limits'>;

const body = "-H 'content-type: application/json' -d";

/**
 * Builds the command that `npm start` proposes. It works as printed: it encrypts with a sample key, or creates a key if the
 * caller may not use the sample keys. Returns `undefined` if only a caller in a seed can call the API.
 */
export function buildTryCommand(api: string, settings: TrySettings): string | undefined {
  const { tenantField, region } = settings.limits;
  if (tenantField === 'role') return undefined;
  const mayUseSampleKeys = canUseSampleKeys(settings);
  const group = mayUseSampleKeys ? 'crypto' : 'keys';
  const caller = { open: '', iam: signAsRoot(region), jwt: sendToken(settings, group) }[settings.auth];
  return mayUseSampleKeys
    ? `curl -s ${api}/keys/alias.example/encrypt${caller} ${body} '{"Plaintext":"aGVsbG8="}'`
    : `curl -s ${api}/keys${caller} ${body} '{"Description":"my first key"}'`;
}

/** Returns whether callers may use the sample keys, such as `alias/example`. */
export function canUseSampleKeys({ limits }: Pick<LocalSettings, 'limits'>): boolean {
  return limits.hasSampleKeys && limits.tenantField === undefined && limits.keysClaim === undefined;
}

function signAsRoot(region: string): string {
  return ` --aws-sigv4 aws:amz:${region}:execute-api --user ${defaultAccount}:local`;
}

function sendToken({ issuer, audience = [], scopePrefix, limits }: TrySettings, group: string): string {
  const { tenantField, keysClaim } = limits;
  const claims = [
    ...(tenantField === undefined ? [] : [`${tenantField.replace(/^claim:/, '')}=acme`]),
    ...(keysClaim === undefined ? [] : [`'${keysClaim}=*'`]),
  ].map((claim) => ` --claim ${claim}`);
  const token = `npm run --silent token -- --issuer ${issuer} --audience ${audience[0]} --scope ${scopePrefix}${group}`;
  return ` -H "authorization: Bearer $(${token}${claims.join('')})"`;
}
