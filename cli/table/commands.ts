import type { Argument, Command } from './command.ts';
import { envelopeCommands } from './envelope-commands.ts';
import { keysCommands } from './keys-commands.ts';

const input = {
  name: 'file',
  summary: 'file to read, or - for standard input (default)',
  isOptional: true,
  completes: 'files',
} as const satisfies Argument;

const cryptoCommands = [
  {
    name: 'encrypt',
    summary: 'Encrypts up to 4,096 bytes under a key.',
    arguments: [input],
    flags: ['key', 'context', 'encryptionAlgorithm', 'out', 'base64', 'force', 'json'],
    requiredFlags: ['key'],
    examples: [
      {
        summary: 'Encrypt a file.',
        line: 'kms-functions encrypt password.txt --key alias/app --out password.bin',
      },
      {
        summary: 'Encrypt the output of another command, with an encryption context.',
        line: 'printf hello | kms-functions encrypt --key alias/app --context app=orders --base64',
      },
    ],
  },
  {
    name: 'decrypt',
    summary: 'Decrypts a ciphertext.',
    description: 'A symmetric ciphertext identifies its key, so --key is only a check of the key.',
    arguments: [input],
    flags: ['key', 'context', 'encryptionAlgorithm', 'out', 'base64', 'force', 'json'],
    examples: [
      { summary: 'Decrypt a file.', line: 'kms-functions decrypt password.bin --out password.txt' },
      {
        summary: 'Decrypt base64 text, with its encryption context.',
        line: 'kms-functions decrypt password.b64 --base64 --context app=orders',
      },
    ],
  },
  {
    name: 're-encrypt',
    summary: 'Re-encrypts a list of ciphertexts under another key.',
    description:
      'Each line of the list contains a reference, a ciphertext in base64 and its encryption context. An interrupted run continues if the command is repeated. Every item is written exactly once: to --out, or to --failures.',
    flags: ['in', 'out', 'from', 'key', 'failures', 'format', 'rate', 'dryRun', 'force', 'progress', 'json'],
    requiredFlags: ['in', 'out', 'from', 'key'],
    examples: [
      {
        summary: 'Move ciphertexts to another key.',
        line: 'kms-functions re-encrypt --in old.jsonl --out new.jsonl --from alias/old --key alias/new',
      },
      {
        summary: 'Count the items, and check whether both keys can be used.',
        line: 'kms-functions re-encrypt --in old.csv --out new.csv --from alias/old --key alias/new --dry-run',
      },
    ],
  },
  {
    name: 'sign',
    summary: 'Signs a file.',
    description:
      'A file of more than 4,096 bytes is hashed on this machine, if the algorithm allows it. The signature is the same.',
    arguments: [input],
    flags: ['key', 'signingAlgorithm', 'out', 'base64', 'force', 'json'],
    requiredFlags: ['key'],
    examples: [
      {
        summary: 'Sign a file of any size.',
        line: 'kms-functions sign release.tar --key alias/release --algorithm ECDSA_SHA_256 --out release.sig',
      },
    ],
  },
  {
    name: 'verify',
    summary: 'Verifies the signature of a file.',
    arguments: [input],
    flags: ['key', 'signature', 'signingAlgorithm', 'base64', 'json'],
    requiredFlags: ['key', 'signature'],
    examples: [
      {
        summary: 'Verify a file.',
        line: 'kms-functions verify release.tar --key alias/release --algorithm ECDSA_SHA_256 --signature release.sig',
      },
    ],
  },
] as const satisfies readonly Command[];

const otherCommands = [
  {
    name: 'call',
    summary: 'Calls any operation, and prints the response as JSON.',
    description:
      'Each member is NAME=TEXT, NAME=@FILE for the contents of a file, or NAME:=JSON. In JSON, bytes are base64. The command checks the request before it sends the request.',
    arguments: [
      { name: 'operation', summary: 'name of the operation, such as CreateGrant', completes: 'operations' },
      { name: 'member', summary: 'member of the request', isOptional: true, isRepeatable: true },
    ],
    flags: ['request', 'all', 'print', 'save', 'force'],
    examples: [
      { summary: 'Create an alias.', line: 'kms-functions call CreateAlias AliasName=alias/app TargetKeyId=KEY-ID' },
      {
        summary: 'Generate a data key. The response contains the plaintext of the data key.',
        line: `kms-functions call GenerateDataKey --json '{"KeyId": "alias/app", "KeySpec": "AES_256"}'`,
      },
      { summary: 'Read a request from a file.', line: 'kms-functions call CreateGrant --json @grant.json' },
      { summary: 'List all aliases.', line: 'kms-functions call ListAliases --all' },
      {
        summary: 'Create a key, and keep its id in a variable.',
        line: 'KEY=$(kms-functions call CreateKey Origin=EXTERNAL --print KeyMetadata.KeyId)',
      },
      {
        summary: 'Write the bytes in a response to files.',
        line: 'kms-functions call GetParametersForImport KeyId=KEY-ID WrappingAlgorithm=RSAES_OAEP_SHA_256 WrappingKeySpec=RSA_4096 --save PublicKey=wrapping.der --save ImportToken=token.bin',
      },
    ],
  },
  {
    name: 'operations',
    summary: 'Lists the operations, or describes one of them.',
    arguments: [
      {
        name: 'operation',
        summary: 'operation to describe, with its members and an example',
        isOptional: true,
        completes: 'operations',
      },
    ],
    flags: ['json'],
    examples: [
      { summary: 'List all operations.', line: 'kms-functions operations' },
      { summary: 'Show the members of a request.', line: 'kms-functions operations CreateGrant' },
    ],
  },
  {
    name: 'completion',
    summary: 'Prints a script with which a shell completes commands, flags and values.',
    arguments: [{ name: 'shell', summary: 'bash, zsh or fish', completes: 'shells' }],
    examples: [
      { summary: 'In ~/.bashrc:', line: 'eval "$(kms-functions completion bash)"' },
      { summary: 'In ~/.zshrc, after compinit:', line: 'eval "$(kms-functions completion zsh)"' },
      {
        summary: 'For fish:',
        line: 'kms-functions completion fish > ~/.config/fish/completions/kms-functions.fish',
      },
    ],
  },
] as const satisfies readonly Command[];

const table = [...envelopeCommands, ...cryptoCommands, ...keysCommands, ...otherCommands];

/** The words of a command, such as `keys list`. */
export type CommandName = (typeof table)[number]['name'];

/** A command in the table. */
export type NamedCommand = Command & { readonly name: CommandName };

/** Every command, in the order of the help. */
export const commands: readonly NamedCommand[] = table;

/** The groups of commands with two words, such as `keys list`. */
export const commandGroups: Readonly<Record<string, string>> = { keys: 'Manages keys.' };
