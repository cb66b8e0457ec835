import type { LocalSettings } from './local-settings.ts';

/** Builds the command that `npm start` proposes. It works as printed, unless parameters limit callers to their own keys. */
export function buildTryCommand(
  api: string,
  { auth, issuer, audience = [], scopePrefix }: LocalSettings,
  region: string,
): string {
  const caller = {
    open: '',
    iam: ` --aws-sigv4 aws:amz:${region}:execute-api --user 000000000000:local`,
    jwt: ` -H "authorization: Bearer $(npm run --silent token -- --issuer ${issuer} --audience ${audience[0]} --scope ${scopePrefix}crypto)"`,
  };
  const body = '{"Plaintext":"aGVsbG8="}';
  return `curl -s ${api}/keys/alias.example/encrypt${caller[auth]} -H 'content-type: application/json' -d '${body}'`;
}
