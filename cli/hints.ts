import type { KmsFunctionsClientError } from '../client/errors.ts';

/** What to do after an error, if the message does not say it. */
const hints: Readonly<Record<string, string>> = {
  NetworkError:
    'To start the local stage, run `npm start` in the clone. To call another stage, add --url or set KMS_FUNCTIONS_URL.',
  CallTimeoutError: 'To wait longer, add --timeout <seconds>.',
  NotFoundException: '`kms-functions keys list` lists the keys.',
  DisabledException: '`kms-functions keys enable` enables the key.',
  KeyInUseError: 'With `keys schedule-deletion`, add --ignore-use instead of setting Force.',
  CommitmentRequired: 'To open messages of old programs, add --allow-uncommitted.',
  NotAMessage: 'If `kms-functions encrypt` wrote the file, use `kms-functions decrypt`.',
  UnreadableResponseError: 'Check that the URL is the URL of kms-functions.',
};

const aliasHint = '`kms-functions keys describe` prints the key id of an alias.';

/** What to do after an error of the gateway, by status. */
const gatewayHints: Readonly<Record<number, string>> = {
  401: 'Check the token in KMS_FUNCTIONS_TOKEN or --token-file, and --auth.',
  403: 'Check the credentials, the Region and --auth, and whether the caller may use this route.',
  404: 'Check the URL, and whether the deployment contains the operation.',
  413: 'The request is too large for the service.',
};

/** Returns a sentence about what to do after an error. */
export function findHint({
  code,
  status,
  message = '',
}: { readonly code: string } & Partial<Pick<KmsFunctionsClientError, 'status' | 'message'>>): string | undefined {
  if (code === 'InvalidArnException' && /alias/i.test(message)) return aliasHint;
  return code === 'GatewayError' ? gatewayHints[status ?? 0] : hints[code];
}
