import { exitCodes } from '../cli/exit-codes.ts';
import type { Command } from '../cli/table/command.ts';
import { commands } from '../cli/table/commands.ts';
import { connectionFlags, type FlagName, getFlag, writeFlag } from '../cli/table/flags.ts';

/** Builds docs/reference/command-line.md from the table of commands. */
export function buildCommandLinePage(): string {
  return [
    '# Command line',
    '',
    'The command `kms-functions` seals files and calls the functions from a shell. In a clone, `npm ci` is enough:',
    '',
    notRun('calls a service'),
    '```sh',
    'npx kms-functions keys list',
    '```',
    '',
    'The [npm package](../guides/install.md) contains the same command. After an installation in a project, `npx kms-functions` runs it there.',
    '',
    '`npx` takes one to three seconds for each call, and longer for the first call in a clone. The examples below and the hints in messages omit it. To run `kms-functions` without `npx` in every folder, install the package globally. The command then requires Node 22.13 or later. In the clone, run:',
    '',
    notRun('changes the machine'),
    '```sh',
    'npm pack',
    'npm install --global ./kms-functions-0.1.0.tgz',
    '```',
    '',
    '[Shell completion](#completion) needs this installation, because shells complete the arguments of `npx` differently. `kms-functions COMMAND --help` prints what this page contains, and `kms-functions --version` prints the version.',
    '',
    '## Select a stage',
    '',
    'By default, the command calls the local stage, which `npm start` starts. These flags, or the variables next to them, select another stage. A flag has precedence over every variable. All commands have these flags.',
    '',
    ...flagTable(connectionFlags),
    '',
    '`--auth sigv4` signs requests with AWS credentials. The access key in the environment needs no other package. For profiles, SSO, web identity, roles and instance metadata, the command uses the package `@aws-sdk/credential-provider-node`, and for `--lambda` also `@aws-sdk/client-lambda`. A clone contains both. Next to the npm package, install them:',
    '',
    notRun('changes package.json'),
    '```sh',
    'npm install @aws-sdk/credential-provider-node @aws-sdk/client-lambda',
    '```',
    '',
    '`--lambda kms-functions-local` invokes the functions of `npm start` on port 3002, without credentials. If they are on another port, `AWS_ENDPOINT_URL_LAMBDA` contains their URL.',
    '',
    'The Region of a signature comes from the flag or variable, or else from the host name `*.execute-api.REGION.amazonaws.com`.',
    '',
    'A token never comes from the command line, because other users of the machine can see it there. `KMS_FUNCTIONS_TOKEN` contains the token, and the file in `--token-file` is read again for each attempt.',
    '',
    '## Files and standard streams',
    '',
    '- A command without a file, or with `-`, reads standard input. Without `--out`, or with `--out -`, it writes to standard output. All bytes stay as they are.',
    '- A command does not write binary results to a terminal. `--base64` writes and reads a ciphertext or signature as text.',
    '- An output file appears only when it is complete and, for `open`, verified. Until then, the data is in a temporary file in the same folder, which only your user can read. If the command fails or you press Ctrl-C, the temporary file is removed.',
    '- On standard output, `open` writes each part as soon as it is verified. If the message is damaged later, the exit code is 5: discard the output. In scripts, use `set -o pipefail`.',
    '- `seal` and `open` use little memory for files of any size, and show a progress bar on a terminal, unless the terminal also shows the opened data. [Seal and open messages](../guides/seal-and-open.md) explains when to use them.',
    '- A command replaces an existing file only with `--force`.',
    '',
    '## Aliases',
    '',
    '- Each command accepts a key id, key ARN, alias name or alias ARN. KMS accepts no aliases in operations that change a key, so the `keys` commands find the key of an alias with DescribeKey first. A caller who may not call DescribeKey needs the key id.',
    '- `keys create --alias` checks the alias before it creates the key. If the alias still cannot be created, the error contains the id of the key.',
    '- `call` sends the request as it is, so `call DisableKey` needs a key id or key ARN.',
    '',
    '## Scripts',
    '',
    '- `--json` prints the response as JSON with the names of AWS, and an error as JSON on standard error. In JSON, bytes are base64 and times are ISO 8601. With `--out <file>`, the file contains the bytes, and the JSON contains `File` instead of them.',
    '- `call --print KeyMetadata.KeyId` prints one member of the response without quotation marks, so that a shell variable can contain it. `call --save PublicKey=wrapping.der` writes a member to a file, and bytes are bytes there.',
    '- An error is one line on standard error: the code, the detail, the request id and what you can do.',
    '- The service is called again after a failure that is safe to repeat. `--timeout` limits the call with all attempts.',
    '- Secrets never belong on the command line. Send them with a file or standard input: `--json @FILE` or `--json -`.',
    '',
    '| exit code | meaning |',
    '| --- | --- |',
    ...Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`),
    '| 128 and the number of a signal | The signal ended the command, such as 130 for Ctrl-C. 141 means that the program that read the output has ended. |',
    '',
    '## Commands',
    '',
    ...commands.flatMap(describeCommand),
  ].join('\n');
}

function notRun(reason: string): string {
  return `<!-- not run: ${reason} -->`;
}

function describeCommand(command: Command): string[] {
  const { name, summary, description, arguments: args = [], flags = [], requiredFlags = [], examples } = command;
  const usage = args.map(({ name: argument, isOptional, isRepeatable }) => {
    const shown = `${argument}${isRepeatable ? '...' : ''}`;
    return isOptional ? `[${shown}]` : `<${shown}>`;
  });
  const required = requiredFlags.map((flag) => `${writeFlag(flag)} <${getFlag(flag).value}>`);
  return [
    `### ${name}`,
    '',
    [summary, description].filter(Boolean).join(' '),
    '',
    '```text',
    ['kms-functions', name, ...usage, ...required, ...(flags.length > 0 ? ['[flags]'] : [])].join(' '),
    '```',
    '',
    ...args.map((argument) => `- \`${argument.name}\`: ${argument.summary}`),
    ...(args.length > 0 ? [''] : []),
    ...(flags.length > 0 ? [...flagTable(flags, requiredFlags), ''] : []),
    ...examples.flatMap((example) => [
      example.summary.replace(/\.$/, ':'),
      '',
      notRun('the tests only check that the command accepts the flags'),
      '```sh',
      example.line,
      '```',
      '',
    ]),
  ];
}

function flagTable(names: readonly FlagName[], required: readonly FlagName[] = []): string[] {
  return [
    '| flag | variable | meaning |',
    '| --- | --- | --- |',
    ...names.map((name) => {
      const { value, summary, variable, choices, negatable } = getFlag(name);
      const written = value === undefined ? writeFlag(name) : `${writeFlag(name)} <${choices?.join('\\|') ?? value}>`;
      const text = summary.replace(/https?:[^\s)]+/, '`$&`');
      const meaning = `${text}${required.includes(name) ? '; required' : ''}`;
      const forms = negatable ? `\`${written}\`, \`--no-${written.slice(2)}\`` : `\`${written}\``;
      return `| ${forms} | ${variable === undefined ? '' : `\`${variable}\``} | ${meaning} |`;
    }),
  ];
}
