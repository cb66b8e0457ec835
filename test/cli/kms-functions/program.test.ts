import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importOptional } from '../../../cli/connection/credentials.ts';
import { findRegion, readSettings } from '../../../cli/connection/settings.ts';
import { exitCodes, FileError, Interrupted } from '../../../cli/exit-codes.ts';
import { writeFile } from '../../../cli/files/write-file.ts';
import { formatProgress } from '../../../cli/output/progress-bar.ts';
import { formatTable } from '../../../cli/output/text-table.ts';
import { commands } from '../../../cli/table/commands.ts';
import { type FlagName, type FlagValues, flags, writeFlag } from '../../../cli/table/flags.ts';
import { allOperations } from '../../../functions/all-operations.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { useDirectory } from '../../support/project-copy.ts';

const used = useDirectory();
const path = (name: string) => join(used.directory, name);

describe('the help', () => {
  test('the help lists every command and exit code', async () => {
    const { code, stdout, stderr } = await runCommandLine(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { name } of commands) expect(stdout).toContain(`  ${name.split(' ')[0]}`);
    for (const { meaning } of Object.values(exitCodes)) expect(stdout).toContain(meaning);
  });

  test.for(commands)('the help of $name shows its arguments, flags and examples', async (command, { expect }) => {
    const { code, stdout } = await runCommandLine([...command.name.split(' '), '--help']);
    expect(code).toBe(0);
    for (const name of command.flags ?? []) expect(stdout).toContain(writeFlag(name));
    for (const { summary } of command.arguments ?? []) expect(stdout).toContain(summary);
    for (const { line } of command.examples) expect(stdout).toContain(line);
    const [usage] = stdout.split('\n');
    for (const name of command.requiredFlags ?? []) expect(usage).toContain(`${writeFlag(name)} <`);
  });

  // An example that the program rejects would mislead. `--help` at the end parses all other flags first.
  test.for(commands.flatMap((command) => command.examples.map((example) => ({ command, ...example }))))(
    'the program accepts the example: $line',
    async ({ command, line }, { expect }) => {
      const words = execFileSync('bash', ['-c', `kms-functions() { printf '%s\\0' "$@"; exit; }\n${strip(line)}`]);
      const args = words.toString('utf8').split('\0').slice(0, -1);
      expect(args.slice(0, command.name.split(' ').length).join(' ')).toBe(command.name);
      const unknown = args.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
      const known = (command.flags ?? []).map(writeFlag);
      expect(unknown.filter((word) => !known.some((flag) => flag === word))).toEqual([]);
    },
  );

  test('each flag in the table belongs to a command', () => {
    const shared: FlagName[] = ['url', 'lambda', 'auth', 'tokenFile', 'profile', 'region', 'timeout'];
    const inUse = new Set([...shared, ...commands.flatMap((command) => command.flags ?? [])]);
    expect(Object.keys(flags).filter((name) => !inUse.has(name as FlagName))).toEqual([]);
  });
});

/** Removes the commands and redirections around `kms-functions`, so that a shell only splits the words. */
function strip(line: string): string {
  return line.replace(/^.*\| (?=kms-functions)|^(?:eval "|\w+=)\$\(|\)"?$/g, '').replace(/ (\||>) .*$/, '');
}

describe('wrong usage', () => {
  test.each([
    [[], 'Usage: kms-functions'],
    [['encrpt'], "kms-functions: unknown command 'encrpt' (Did you mean encrypt?)"],
    [['keys', 'lst'], "kms-functions: unknown command 'lst' (Did you mean list?)"],
    [
      ['keys', 'inspect'],
      "kms-functions: unknown command 'inspect' (commands: list, create, describe, usage, rotate, disable, enable, schedule-deletion, cancel-deletion)",
    ],
    [['encrypt', '--kee', 'x'], "kms-functions: unknown option '--kee' (Did you mean --key?)"],
    [['encrypt'], 'The flag --key is missing. Add --key <key>, or set KMS_FUNCTIONS_KEY.'],
    [['encrypt', '--key', 'k', '--context', 'app'], 'It must have the form name=value.'],
    [['encrypt', '--key', 'k', '--context', 'a=1', '--context', 'a=2'], 'There are two values for a.'],
    [['keys', 'schedule-deletion', 'k', '--days', 'ten'], 'It must be a number greater than 0.'],
    [['keys', 'schedule-deletion', 'k', '--days', '3', '--yes'], '--days must be a whole number from 7 to 30.'],
    [['keys', 'create', '--spec', 'RSA_2O48'], '--spec has no value RSA_2O48. Did you mean `RSA_2048`?'],
    [['keys', 'create', '--usage', 'X'], '--usage has no value X. The values are SIGN_VERIFY,'],
    [['keys', 'create', '--spec', 'HMAC_256'], 'requires --usage, such as --usage GENERATE_VERIFY_MAC.'],
    [['sign', '--key', 'k', '--algorithm', 'ECDSA_SHA256'], 'Did you mean `ECDSA_SHA_256`?'],
    [['keys', 'list', '--timeout', '0'], 'It must be a number greater than 0.'],
    [['keys', 'list', 'extra'], 'too many arguments'],
    [['keys', 'list', '--auth', 'basic'], 'Allowed choices are sigv4, token, none.'],
    [['keys', 'list', '--url', 'http://example.com', '--auth', 'none'], 'The endpoint must use https.'],
    [['keys', 'list', '--url', 'example.com'], 'The endpoint must be a URL with its scheme'],
    [['keys', 'list', '--auth', 'token'], 'There is no token.'],
    [['completion', 'csh'], 'The shell must be bash, zsh or fish.'],
    [['operations', 'Encrpyt'], 'There is no operation Encrpyt. Did you mean `Encrypt`?'],
  ])('%j exits with 2 and explains the mistake', async (args, message) => {
    const { code, stdout, stderr } = await runCommandLine(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test.each([
    [['encrypt', '/nowhere/file', '--key', 'k'], '/nowhere/file does not exist.'],
    [['decrypt', '.'], '. is a directory.'],
    [['keys', 'list', '--token-file', '/nowhere/token'], 'The token cannot be read: /nowhere/token does not exist.'],
  ])('%j exits with 4 and names the file', async (args, message) => {
    const { code, stdout, stderr } = await runCommandLine(args);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toBe(`kms-functions: FileError: ${message}\n`);
  });
});

describe('operations', () => {
  test('operations lists every operation', async () => {
    const { stdout } = await runCommandLine(['operations']);
    for (const { name, group, summary } of allOperations) {
      expect(stdout).toMatch(new RegExp(`^${name} +${group} +`, 'm'));
      expect(stdout).toContain(summary);
    }
  });

  test.for(allOperations)(
    'operations describes $name with its members and an example',
    async (operation, { expect }) => {
      const { code, stdout } = await runCommandLine(['operations', operation.name, '--json']);
      expect(code).toBe(0);
      const described = JSON.parse(stdout);
      expect(described.Members.map(({ Name }: { Name: string }) => Name)).toEqual(
        Object.keys(operation.input._zod.def.shape),
      );
      const members = described.Members.flatMap((each: { Members?: object[] }) => [each, ...(each.Members ?? [])]);
      for (const { Type } of members) expect(Type).not.toMatch(/undefined|pipe|union|optional|literal/);
      expect(described.Example).toEqual(operation.example.input);
    },
  );

  test('operations shows the members of the items of a batch', async () => {
    const { stdout } = await runCommandLine(['operations', 'EncryptBatch']);
    expect(stdout).toMatch(/^Items +list of object +required$/m);
    expect(stdout).toMatch(/^ {2}Reference +string$/m);
    expect(stdout).toMatch(/^ {2}Plaintext +bytes \(base64\) +required, secret$/m);
    expect(stdout).toMatch(/^PartialFailureStatus +200 \| 207 \| 400$/m);
  });

  test('operations shows which members are required and which are secret', async () => {
    const { stdout } = await runCommandLine(['operations', 'encrypt']);
    expect(stdout).toMatch(/^Plaintext +bytes \(base64\) +required, secret$/m);
    expect(stdout).toMatch(/^GrantTokens +list of string$/m);
    expect(stdout).toContain('POST /keys/{KeyId}/encrypt');
    expect(stdout).toContain(`kms-functions call Encrypt --json '{"KeyId":"alias/example"`);
  });
});

describe('the settings of the connection', () => {
  const read = (values: FlagValues, env: Record<string, string> = {}) => readSettings(values, env);
  const execute = 'https://abc123.execute-api.eu-central-1.amazonaws.com';

  test.each<[string, FlagValues, Record<string, string>, object]>([
    ['the local stage by default', {}, {}, { url: 'http://localhost:3000', auth: { method: 'none' } }],
    ['AWS credentials for other hosts', { url: execute }, {}, { auth: { method: 'sigv4' } }],
    ['a token if there is one', { url: execute }, { KMS_FUNCTIONS_TOKEN: 't' }, { auth: { source: { token: 't' } } }],
    ['the flag before the variable', { url: execute }, { KMS_FUNCTIONS_LAMBDA: 'p' }, { url: execute }],
    ['the functions', {}, { KMS_FUNCTIONS_LAMBDA: 'p', AWS_PROFILE: 'w' }, { lambda: 'p', aws: { profile: 'w' } }],
    ['the Region of the AWS CLI', {}, { AWS_DEFAULT_REGION: 'r' }, { aws: { region: 'r' } }],
    ['no empty variables', {}, { KMS_FUNCTIONS_URL: '', AWS_PROFILE: '' }, { url: 'http://localhost:3000' }],
    ['the demanded method', { auth: 'sigv4' }, { KMS_FUNCTIONS_TOKEN: 't' }, { auth: { method: 'sigv4' } }],
    [
      'the token file in the flag before the token in the variable',
      { tokenFile: 'f' },
      { KMS_FUNCTIONS_TOKEN: 't' },
      { auth: { source: { file: 'f' } } },
    ],
  ])('select %s', (_, values, env, expected) => {
    expect(read(values, env)).toMatchObject(expected);
  });

  test.each<[FlagValues, Record<string, string>, string]>([
    [{ url: execute, lambda: 'p' }, {}, 'cannot be called at once'],
    [{}, { KMS_FUNCTIONS_URL: execute, KMS_FUNCTIONS_LAMBDA: 'p' }, 'cannot be called at once'],
    [{}, { KMS_FUNCTIONS_TOKEN: 't', KMS_FUNCTIONS_TOKEN_FILE: 'f' }, 'cannot both be set'],
    [{}, { KMS_FUNCTIONS_AUTH: 'basic' }, 'KMS_FUNCTIONS_AUTH must be sigv4, token or none.'],
  ])('reject %j with %j', (values, env, message) => {
    expect(() => read(values, env)).toThrow(message);
  });

  test('the Region comes from the flag, or else from the host name', () => {
    const settings = { auth: { method: 'sigv4' }, aws: { profile: undefined, region: undefined } } as const;
    expect(findRegion({ ...settings, url: execute })).toBe('eu-central-1');
    expect(findRegion({ ...settings, url: execute, aws: { profile: undefined, region: 'r' } })).toBe('r');
    expect(() => findRegion({ ...settings, url: 'https://kms.example.com' })).toThrow('The Region is unknown.');
  });
});

describe('an optional package', () => {
  test('an optional package that is not installed is an error with the command that installs it', async () => {
    const name = '@aws-sdk/credential-provider-absent';
    const error = await importOptional(name, () => import(/* @vite-ignore */ name)).catch((reason) => reason);
    expect(error).toMatchObject({ outcome: 'usage', message: expect.stringContaining(`npm install ${name}.`) });
    const broken = importOptional(name, async () => {
      throw Object.assign(new Error("Cannot find package 'another'"), { code: 'ERR_MODULE_NOT_FOUND' });
    });
    await expect(broken).rejects.toThrow("Cannot find package 'another'");
  });
});

describe('a written file', () => {
  const bytes = Buffer.from('after');

  test('an existing file is replaced only with force', async () => {
    writeFileSync(path('existing'), 'before');
    await expect(writeFile(path('existing'), false, bytes)).rejects.toThrow(
      'existing exists. To replace it, add --force.',
    );
    expect(readFileSync(path('existing'), 'utf8')).toBe('before');
    await writeFile(path('existing'), true, bytes);
    expect(readFileSync(path('existing'), 'utf8')).toBe('after');
  });

  test('a folder that does not exist is an error of the output file, without the name of a temporary file', async () => {
    const writing = writeFile(path('absent/file'), false, bytes);
    await expect(writing).rejects.toThrow(new FileError(`The folder ${path('absent')} does not exist.`));
  });

  test('a device is written directly and stays a device', async () => {
    await writeFile('/dev/null', false, bytes);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe('the progress bar', () => {
  const half = { label: 'report.pdf', doneBytes: 50e6, totalBytes: 100e6, bytesPerMs: 50_000, columns: 80 };

  test.each([
    [{}, 'report.pdf  [#######-------]   50%   50.0 MB of 100.0 MB   50.0 MB/s  0:01 left'],
    [{ doneBytes: 5e6 }, 'report.pdf  [#-------------]    5%    5.0 MB of 100.0 MB   50.0 MB/s  0:02 left'],
    [{ columns: 65 }, 'report.pdf   50%   50.0 MB of 100.0 MB   50.0 MB/s  0:01 left'],
    [{ columns: 30 }, 'report.pdf   50%   50.0 MB of'],
    [{ doneBytes: 100e6 }, 'report.pdf  [##############]  100%  100.0 MB of 100.0 MB   50.0 MB/s'],
    [{ totalBytes: undefined }, 'report.pdf  50.0 MB  50.0 MB/s'],
    [{ doneBytes: 0, bytesPerMs: 0 }, 'report.pdf  [--------------]    0%   0 bytes of 100.0 MB'],
    [{ totalBytes: 1e12 }, 'report.pdf  [-------------]    0%   50.0 MB of 1.0 TB   50.0 MB/s  5:33:19 left'],
    [{ doneBytes: 0, totalBytes: 0 }, 'report.pdf  [###############]  100%   0 bytes of 0 bytes   50.0 MB/s'],
  ])('with %j, the line shows what is known and fits the terminal', (change, line) => {
    const shown = formatProgress({ ...half, ...change });
    expect(shown).toBe(line);
    expect(shown.length).toBeLessThan({ ...half, ...change }.columns);
  });
});

describe('output', () => {
  test('a table aligns its columns and escapes control characters', () => {
    expect(
      formatTable(
        ['A', 'LONG'],
        [
          ['wide', '\u001b[2J'],
          ['é', 'x'],
        ],
      ),
    ).toBe('A     LONG\nwide  \\u001b[2J\né     x');
  });

  test('an interruption has the exit code of shells', () => {
    expect(new Interrupted('SIGINT').exitCode).toBe(130);
    expect(new Interrupted('SIGTERM').exitCode).toBe(143);
  });
});

describe('shell completion', () => {
  /** Completes a command line in a shell, and returns the words that the shell proposes. */
  function complete(...words: string[]): string[] {
    const script = `COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _kms_functions; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', `${bash}\n${script}`, 'bash', 'kms-functions', ...words])
      .toString('utf8')
      .split('\n')
      .filter((word) => word !== '');
  }
  let bash = '';

  test('bash completes commands, flags and values', async () => {
    bash = (await runCommandLine(['completion', 'bash'])).stdout;
    expect(complete('')).toEqual(expect.arrayContaining(['encrypt', 'keys', 'call']));
    expect(complete('keys', 'sch')).toEqual(['schedule-deletion']);
    expect(complete('--url', 'keys', 'enc')).toEqual(['encrypt']);
    expect(complete('keys', 'create', '--spec', 'HMAC')).toEqual(['HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512']);
    expect(complete('encrypt', '--key', 'keys', '--al')).toEqual(['--algorithm']);
    expect(complete('call', 'EncryptB')).toEqual(['EncryptBatch']);
    expect(complete('keys', 'describe', '--json', '--u')).toEqual(['--url']);
    // Bash completes file names itself if there are no words.
    expect(complete('encrypt', '')).toEqual([]);
    expect(complete('encrypt', '--out', '')).toEqual([]);
  });

  test.each([
    ['zsh', ['#compdef kms-functions', "'schedule-deletion:Schedules a key for deletion, after confirmation.'"]],
    ['fish', ["-a schedule-deletion -d 'Schedules a key for deletion, after confirmation.'"]],
  ])('the script for %s contains every command and operation', async (shell, parts) => {
    const { stdout } = await runCommandLine(['completion', shell]);
    for (const part of parts) expect(stdout).toContain(part);
    for (const { name } of [...commands, ...allOperations]) expect(stdout).toContain(name.split(' ').at(-1));
  });
});
