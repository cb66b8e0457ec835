import type { Argument, Command } from './command.ts';

const key = { name: 'key', summary: 'key id, key ARN, alias name or alias ARN' } as const satisfies Argument;

/** The commands that manage keys. */
export const keysCommands = [
  {
    name: 'keys list',
    summary: 'Lists the keys with their aliases.',
    flags: ['details', 'json'],
    examples: [
      { summary: 'List the keys.', line: 'kms-functions keys list' },
      { summary: 'Also show states, specs and descriptions.', line: 'kms-functions keys list --details' },
    ],
  },
  {
    name: 'keys create',
    summary: 'Creates a key, which costs money until it is deleted.',
    flags: ['description', 'spec', 'usage', 'alias', 'multiRegion', 'tag', 'idempotencyKey', 'json'],
    examples: [
      {
        summary: 'Create a symmetric key with an alias.',
        line: 'kms-functions keys create --alias alias/app --description "Encrypts orders"',
      },
      {
        summary: 'Create a key for signatures.',
        line: 'kms-functions keys create --spec ECC_NIST_P256 --usage SIGN_VERIFY --tag team=payments',
      },
      {
        summary: 'Create a key that a repeated command does not create again.',
        line: 'kms-functions keys create --description "customer 7" --idempotency-key customer-7',
      },
      { summary: 'Use the key id in a script.', line: 'kms-functions keys create --json | jq -r .KeyMetadata.KeyId' },
    ],
  },
  {
    name: 'keys describe',
    summary: "Prints a key's metadata.",
    arguments: [key],
    flags: ['json'],
    examples: [{ summary: 'Describe a key.', line: 'kms-functions keys describe alias/app' }],
  },
  {
    name: 'keys usage',
    summary: "Prints a key's last use, aliases and grants in each Region.",
    description: 'A deployed stage needs the operation DescribeKeyUsage.',
    arguments: [key],
    flags: ['json'],
    examples: [{ summary: 'Check whether a key is still used.', line: 'kms-functions keys usage alias/old' }],
  },
  {
    name: 'keys rotate',
    summary: 'Rotates a key now. Earlier ciphertexts can still be decrypted.',
    arguments: [key],
    flags: ['json'],
    examples: [{ summary: 'Rotate a key.', line: 'kms-functions keys rotate alias/app' }],
  },
  {
    name: 'keys disable',
    summary: 'Disables a key until it is enabled again.',
    arguments: [key],
    flags: ['json'],
    examples: [{ summary: 'Disable a key.', line: 'kms-functions keys disable alias/app' }],
  },
  {
    name: 'keys enable',
    summary: 'Enables a disabled key.',
    arguments: [key],
    flags: ['json'],
    examples: [{ summary: 'Enable a key.', line: 'kms-functions keys enable alias/app' }],
  },
  {
    name: 'keys schedule-deletion',
    summary: 'Schedules a key for deletion, after confirmation.',
    description:
      'Data that was encrypted under the key is lost when the key is deleted. Until then, `keys cancel-deletion` stops the deletion. A deployed stage refuses the deletion of a key that was used recently.',
    arguments: [key],
    flags: ['days', 'ignoreUse', 'yes', 'json'],
    examples: [
      { summary: 'Schedule a deletion in 30 days.', line: 'kms-functions keys schedule-deletion alias/old' },
      {
        summary: 'Schedule a deletion in a script.',
        line: 'kms-functions keys schedule-deletion alias/old --days 7 --yes',
      },
    ],
  },
  {
    name: 'keys cancel-deletion',
    summary: 'Cancels a scheduled deletion, and leaves the key disabled.',
    arguments: [key],
    flags: ['json'],
    examples: [{ summary: 'Keep a key.', line: 'kms-functions keys cancel-deletion alias/old' }],
  },
] as const satisfies readonly Command[];
