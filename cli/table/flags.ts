import type { ValueSource } from './value-sources.ts';

/** A flag of the command line. */
export interface Flag {
  /** How the flag is written, if not like its name in this table. */
  readonly written?: `--${string}`;
  /** The placeholder of the flag's value in the help. A flag without a placeholder has no value. */
  readonly value?: string;
  /** `list` and `pairs` collect the values of a flag that can be repeated. Default: `text`. */
  readonly type?: 'number' | 'list' | 'pairs';
  readonly summary: string;
  /** The only values that the flag accepts. */
  readonly choices?: readonly string[];
  /** The values that shells complete. */
  readonly completes?: ValueSource;
  /** The environment variable that is used without the flag. */
  readonly variable?: string;
  /** `true` if the flag has the opposite `--no-…`. */
  readonly negatable?: true;
}

/** Every flag, by its name in camelCase. A flag means the same for every command that has it. */
export const flags = {
  url: {
    value: 'url',
    summary: 'URL of the API (default: http://localhost:3000)',
    variable: 'KMS_FUNCTIONS_URL',
  },
  lambda: {
    value: 'prefix',
    summary: 'invoke the Lambda functions with this prefix, such as kms-functions-dev, instead of the API',
    variable: 'KMS_FUNCTIONS_LAMBDA',
  },
  auth: {
    value: 'method',
    choices: ['sigv4', 'token', 'none'],
    summary: 'how to authorize requests (default: token if there is one, none for localhost, otherwise sigv4)',
    variable: 'KMS_FUNCTIONS_AUTH',
  },
  tokenFile: {
    value: 'file',
    completes: 'files',
    summary: 'file with a bearer token; KMS_FUNCTIONS_TOKEN can contain the token itself',
    variable: 'KMS_FUNCTIONS_TOKEN_FILE',
  },
  profile: { value: 'name', summary: 'AWS profile with the credentials', variable: 'AWS_PROFILE' },
  region: { value: 'region', summary: 'AWS Region of the API or functions', variable: 'AWS_REGION' },
  timeout: { value: 'seconds', type: 'number', summary: 'time limit of each call, with its retries (default: 30)' },
  key: {
    value: 'key',
    summary: 'key id, key ARN, alias name or alias ARN',
    variable: 'KMS_FUNCTIONS_KEY',
  },
  out: { value: 'file', completes: 'files', summary: 'file for the result, or - for standard output' },
  in: { value: 'file', completes: 'files', summary: 'list of ciphertexts to read' },
  from: { value: 'key', summary: 'key that encrypted the ciphertexts: key id, key ARN, alias name or alias ARN' },
  failures: {
    value: 'file',
    completes: 'files',
    summary: 'file for the items that fail (default: OUT with .failures before its ending)',
  },
  format: {
    value: 'format',
    choices: ['jsonl', 'csv'],
    summary: 'format of the lists (default: by the ending of the name: .jsonl or .csv)',
  },
  rate: { value: 'items', type: 'number', summary: 'highest number of items per second (default: no limit)' },
  dryRun: { summary: 'only count the items, and check the keys with the first one' },
  force: { summary: 'replace the output file if it exists' },
  context: { value: 'name=value', type: 'pairs', summary: 'pair of the encryption context (repeatable)' },
  signingAlgorithm: {
    written: '--algorithm',
    value: 'name',
    completes: 'signingAlgorithms',
    summary: 'signing algorithm (default: the algorithm of the key, if it has only one)',
  },
  encryptionAlgorithm: {
    written: '--algorithm',
    value: 'name',
    completes: 'encryptionAlgorithms',
    summary: 'encryption algorithm (default: SYMMETRIC_DEFAULT)',
  },
  base64: { summary: 'the ciphertext or signature is base64 text instead of bytes' },
  signature: { value: 'file', completes: 'files', summary: 'file with the signature' },
  json: { summary: 'print the result, and errors, as JSON' },
  progress: { negatable: true, summary: 'show a progress bar (default: only on a terminal)' },
  additionalKey: { value: 'key', type: 'list', summary: 'another key that can open the message (repeatable)' },
  signed: { summary: 'sign the message, so that those who can only open messages cannot create them' },
  expectedContext: {
    written: '--context',
    value: 'name=value',
    type: 'pairs',
    summary: 'pair that the message must contain (repeatable)',
  },
  allowUncommitted: { summary: 'also open messages without a key commitment, which old programs write' },
  description: { value: 'text', summary: 'description of the key' },
  spec: { value: 'spec', completes: 'keySpecs', summary: 'key spec (default: SYMMETRIC_DEFAULT)' },
  usage: {
    value: 'usage',
    completes: 'keyUsages',
    summary: 'key usage (default: ENCRYPT_DECRYPT; required for other specs than SYMMETRIC_DEFAULT)',
  },
  alias: { value: 'name', summary: 'alias to create for the key, such as alias/app' },
  multiRegion: { summary: 'create a multi-Region primary key' },
  tag: { value: 'name=value', type: 'pairs', summary: 'tag of the key (repeatable)' },
  idempotencyKey: {
    value: 'key',
    summary: 'create at most one key for all requests with this text, in a deployment with idempotency=on',
  },
  details: { summary: 'also describe each key, with one call per key' },
  days: { value: 'days', type: 'number', summary: 'waiting period before the deletion, from 7 to 30 (default: 30)' },
  yes: { summary: 'do not ask for confirmation' },
  ignoreUse: { summary: 'schedule the deletion even if the key was used recently, or its last use is unknown' },
  request: {
    written: '--json',
    value: 'json',
    summary: 'request as JSON, @FILE to read a file, or - to read standard input',
  },
  all: { summary: 'read all pages of a list' },
  print: {
    value: 'member',
    summary: 'print only this member of the response, such as KeyMetadata.KeyId: text as it is, other values as JSON',
  },
  save: {
    value: 'member=file',
    type: 'pairs',
    summary: 'write this member of the response to a file, and do not print it: bytes as they are (repeatable)',
  },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof flags;

type ValueOf<F extends Flag> = F extends { readonly type: 'list' }
  ? readonly string[]
  : F extends { readonly type: 'pairs' }
    ? Readonly<Record<string, string>>
    : F extends { readonly type: 'number' }
      ? number
      : F extends { readonly value: string }
        ? string
        : boolean;

/** The values of the flags in an invocation. */
export type FlagValues = { readonly [Name in FlagName]?: ValueOf<(typeof flags)[Name]> };

/** The flags that every command has. */
export const connectionFlags = [
  'url',
  'lambda',
  'auth',
  'tokenFile',
  'profile',
  'region',
  'timeout',
] as const satisfies FlagName[];

export function getFlag(name: FlagName): Flag {
  return flags[name];
}

/** Returns the flag as it is written: `--token-file` for `tokenFile`. */
export function writeFlag(name: FlagName): string {
  return getFlag(name).written ?? `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
