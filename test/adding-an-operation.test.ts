import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { budgetFile } from '../scripts/bundle-budget.ts';
import { generatedFiles } from '../scripts/generated-files.ts';
import { isSoak } from './support/operations.ts';
import { type Finished, run } from './support/process.ts';
import { root, useDirectory } from './support/project-copy.ts';

/**
 * Removes an AWS KMS operation from a copy of the project and adds the operation again with the scaffold. Then adds an
 * operation that AWS KMS does not have. Full runs (`npm run soak`) also build and measure the bundles, and run more of
 * the copy's tests.
 */
const parts = [
  ...[
    'functions',
    'shared',
    'envelope',
    'emulator',
    'client',
    'cli',
    'infra',
    'scripts',
    'events',
    'docs',
    'test',
    'bench',
  ],
  ...['package.json', 'tsconfig.json', 'biome.json', '.gitignore', 'serverless.yml', 'vitest.config.ts', 'README.md'],
];
const timeoutMs = 300_000;
const copy = useDirectory();
const at = (file: string) => join(copy.directory, file);
const read = (file: string) => readFileSync(at(file), 'utf8');
const edit = (file: string, change: (text: string) => string) => writeFileSync(at(file), change(read(file)));
const restore = (file: string) => cpSync(join(root, file), at(file), { recursive: true });
const inCopy = (...command: [string, ...string[]]): Promise<Finished> => {
  return run(command, { cwd: copy.directory, timeoutMs, env: { NO_COLOR: '1' } });
};

const listFile = 'functions/operations.ts';
const groupsFile = 'shared/declaration/operation.ts';
const groupDescriptions = 'scripts/openapi/document.ts';

/** The AWS KMS operation to remove, and the files that contain a row for it. */
const kms = {
  declaration: 'functions/keys/get-key-last-usage/operation.ts',
  handler: 'functions/keys/get-key-last-usage/handler.ts',
  behavior: 'emulator/operations/keys/get-key-last-usage.ts',
  rows: [
    'emulator/core/key-states.ts',
    'scripts/emulator-operations-page.ts',
    'test/support/key-calls.ts',
    'test/support/key-state-table.ts',
  ],
};

/** The operation that AWS KMS does not have, and the content that a developer adds. */
const own = {
  declaration: 'functions/lookups/get-key-arn/operation.ts',
  handler: 'functions/lookups/get-key-arn/handler.ts',
  test: 'test/functions/lookups/get-key-arn.test.ts',
  facts: `summary: 'Returns the ARN of a key.',
  permissions: [{ action: 'kms:DescribeKey', resource: 'key' }],
  tenancy: 'key-tag',
  retrySafety: 'safe',`,
  output: 'z.object({ Arn: z.string() })',
  response: `{ Arn: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001' }`,
  respond: `import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { send } from '../../../shared/kms/send.ts';
import { getKeyArn } from './operation.ts';

export const handler = createCustomHandler(getKeyArn, async (call) => {
  const { KeyMetadata } = (await send(call, DescribeKeyCommand)) as { KeyMetadata: { Arn: string } };
  return { Arn: KeyMetadata.Arn };
});
`,
};

/** Calls the new operation through every trigger and transport. */
const trial = `
  import { createClient, http, inProcess } from './client/index.ts';
  import { startEmulator } from './emulator/index.ts';
  import { startLocalStage } from './test/support/local-stage.ts';
  import httpEvent from './events/http/get-key-arn.json' with { type: 'json' };
  import input from './events/direct/get-key-arn.json' with { type: 'json' };

  const emulator = await startEmulator({ seed: 'default' });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_KMS: emulator.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x',
    KMS_FUNCTIONS_STAGE: 'local', ALLOWED_ACCOUNT_IDS: '000000000000', POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  const gateway = await startLocalStage();
  const { handler } = await import('./${own.handler}');
  const context = { awsRequestId: 'trial', functionName: 'getKeyArn', getRemainingTimeInMillis: () => 10_000 };
  const calls = {
    direct: () => handler(input, context),
    'HTTP event': async () => JSON.parse((await handler(httpEvent, context)).body),
    HTTP: async () => (await fetch(gateway.url + httpEvent.rawPath, { method: 'POST' })).json(),
    'client over HTTP': () => createClient({ transport: http({ endpoint: gateway.url }) }).getKeyArn(input),
    'client in process': () => createClient({ transport: inProcess({ handlers: { getKeyArn: handler } }) }).getKeyArn(input),
  };
  for (const [name, call] of Object.entries(calls)) console.log(name + ': ' + (await call()).Arn.slice(-12));
  await gateway.close();
  await emulator.close();
  process.exit();`;

/** Type-checks some files in the copy. Returns the files with errors. */
async function filesWithErrors(include: readonly string[]): Promise<string[]> {
  const config = JSON.parse(read('tsconfig.json'));
  writeFileSync(at('tsconfig.part.json'), JSON.stringify({ ...config, include }));
  const { stdout } = await inCopy('tsc', '--singleThreaded', '-p', 'tsconfig.part.json');
  rmSync(at('tsconfig.part.json'));
  return [...new Set([...stdout.matchAll(/^([\w./-]+)\(\d+,\d+\): error/gm)].map(([, file = '']) => file))].sort();
}

/** Lists the files in the copy that differ from the project's files. */
function changedFiles(): string[] {
  const files = parts.flatMap((part) =>
    /\.\w+$/.test(part)
      ? [part]
      : readdirSync(at(part), { recursive: true, encoding: 'utf8' }).map((file) => `${part}/${file}`),
  );
  const isSame = (file: string) =>
    existsSync(join(root, file)) && readFileSync(join(root, file)).equals(readFileSync(at(file)));
  return files.filter((file) => /\.\w+$/.test(file) && !isSame(file)).sort();
}

function removeRow(file: string): void {
  edit(file, (text) => text.replace(/^ {2}GetKeyLastUsage:[\s\S]*?,\n(?= {2}\w+:)/m, ''));
  expect(read(file)).not.toContain('GetKeyLastUsage:');
}

function fillInOwn(): void {
  edit(own.declaration, (text) =>
    text
      .replace("summary: '',", own.facts)
      .replace('z.object({})', own.output)
      .replace(/example: .*/, `example: {\n    input: { KeyId: 'alias/example' },\n    output: ${own.response},\n  },`),
  );
  writeFileSync(at(own.handler), own.respond);
  edit(groupDescriptions, (text) => text.replace('  crypto: ', "  lookups: 'Look up facts about keys.',\n  crypto: "));
}

beforeAll(() => {
  for (const part of parts) cpSync(join(root, part), at(part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), at('node_modules'));
  for (const file of [kms.declaration, kms.handler, kms.behavior]) rmSync(at(file));
  edit(listFile, (text) => text.replace(/^.*getKeyLastUsage.*\n/m, ''));
});

test.runIf(isSoak)('the compiler rejects rows for a removed operation', { timeout: timeoutMs }, async () => {
  expect(await filesWithErrors(kms.rows)).toEqual(kms.rows);
});

test('the scaffold creates the files, and the compiler reports every missing row', { timeout: timeoutMs }, async () => {
  for (const file of kms.rows) removeRow(file);
  const scaffold = ['npm', 'run', '--silent', 'new-operation', '--'] as const;
  const added = await inCopy(...scaffold, '--group', 'keys', '--name', 'GetKeyLastUsage');
  expect(added).toMatchObject({ code: 0, stderr: '' });
  for (const file of kms.rows) expect(added.stdout).toContain(file);
  for (const file of [kms.handler, listFile]) expect(read(file), file).toBe(readFileSync(join(root, file), 'utf8'));

  const ownAdded = await inCopy(...scaffold, '--own', '--new-group', '--group', 'lookups', '--name', 'GetKeyArn');
  expect(ownAdded).toMatchObject({ code: 0, stderr: '' });
  expect(ownAdded.stdout).toContain(groupDescriptions);

  const facts = [kms.declaration, own.declaration];
  // The row in the table of differences from AWS is optional.
  const demanded = kms.rows.filter((file) => file !== 'scripts/emulator-operations-page.ts');
  const files = [...facts, own.handler, kms.behavior, ...demanded, groupDescriptions];
  expect(await filesWithErrors(files)).toEqual([...facts, ...demanded, groupDescriptions].sort());
});

test('`npm run generate` updates the rest of the project', { timeout: timeoutMs }, async () => {
  for (const file of [kms.declaration, kms.behavior, ...kms.rows]) restore(file);
  fillInOwn();
  const command = isSoak ? ['npm', 'run', '--silent', 'generate'] : ['node', 'scripts/generate.ts'];
  expect(await inCopy(...(command as [string, ...string[]]))).toMatchObject({ code: 0, stderr: '' });
  const generated = [...(await generatedFiles()).keys(), budgetFile];
  const isGenerated = (file: string) => generated.includes(file) || /^events\/\w+\/get-key-arn\.json$/.test(file);
  const changed = changedFiles();
  expect(changed.filter((file) => !isGenerated(file))).toEqual(
    [own.declaration, own.handler, own.test, listFile, groupDescriptions, groupsFile].sort(),
  );
  expect(changed).toEqual(
    expect.arrayContaining(['client/methods.ts', 'docs/reference/operations.md', 'events/http/get-key-arn.json']),
  );
});

test('the tests that cover every operation pass', { timeout: timeoutMs }, async () => {
  // The generated files and the OpenAPI document are compared and linted again only in a full run.
  const files = isSoak ? ['test/parity', 'test/generated-files.test.ts', 'test/openapi'] : ['test/parity'];
  const { code, output } = await inCopy('vitest', 'run', '--maxWorkers=1', own.test, ...files);
  expect(code, output).toBe(0);
});

test('the new operation works by direct invocation, over HTTP and with the client', {
  timeout: timeoutMs,
}, async () => {
  writeFileSync(at('trial.mts'), trial);
  const { stdout, output } = await inCopy('node', 'trial.mts');
  rmSync(at('trial.mts'));
  expect(stdout.trim().split('\n'), output).toEqual(
    ['direct', 'HTTP event', 'HTTP', 'client over HTTP', 'client in process'].map((name) => `${name}: 000000000001`),
  );
});

describe.runIf(isSoak)('the copy of the project', () => {
  const rolesTest = 'test/infra/roles.test.ts';
  const vitest = (...args: string[]) => inCopy('vitest', 'run', ...args);

  test('the copy of the project compiles and is formatted', { timeout: timeoutMs }, async () => {
    for (const { code, output } of await Promise.all([inCopy('tsc', '-p', '.'), inCopy('biome', 'check')])) {
      expect(code, output).toBe(0);
    }
  });

  test('the copy of the project passes further tests with a row for each operation', {
    timeout: timeoutMs,
  }, async () => {
    edit(rolesTest, (text) => text.replace("  Health: ['Gen", "  GetKeyArn: ['DescribeKey'],\n  Health: ['Gen"));
    const files = [rolesTest, 'test/emulator/operations/examples.test.ts'];
    for (const command of [
      files,
      ['test/emulator/operations', '-t', 'GetKeyLastUsage'],
      ['test/abuse/matrix.test.ts'],
    ]) {
      const { code, output } = await vitest(...command);
      expect(code, output).toBe(0);
    }
  });

  /**
   * The steps that the compiler does not require. Each row omits a step. A test must then fail and report the omission.
   */
  const forgotten: readonly (readonly [step: string, leaveOut: () => void, file: string, report: string])[] = [
    [
      'the line in the list of operations',
      () => edit(listFile, (text) => text.replace(/^.*getKeyArn.*\n/m, '')),
      'test/parity',
      'every declaration in functions/ is in the operations list',
    ],
    ['the handler', () => rmSync(at(kms.handler)), 'test/parity', 'GetKeyLastUsage > the declaration is exported from'],
    [
      'the summary',
      () => edit(own.declaration, (text) => text.replace(/summary: '.*'/, "summary: ''")),
      'test/parity',
      'GetKeyArn > the declaration has a one-sentence summary',
    ],
    [
      'the facts in the model',
      () => edit('test/parity/kms-facts.json', (text) => text.replace('"GetKeyLastUsage":', '"Removed":')),
      'test/parity',
      'GetKeyLastUsage > the declaration has the same shapes',
    ],
    [
      'the emulator file',
      () => rmSync(at(kms.behavior)),
      'test/emulator/operations/examples.test.ts',
      'the GetKeyLastUsage example',
    ],
    [
      'npm run generate',
      () => rmSync(at('events/http/get-key-arn.json')),
      'test/generated-files.test.ts',
      'events/http/get-key-arn.json',
    ],
    ["the role's actions", () => restore(rolesTest), rolesTest, 'GetKeyArn'],
  ];

  test.for(forgotten)('a test in the copy fails if a step is missing: %s', { timeout: timeoutMs }, async (row) => {
    const [, leaveOut, file, report] = row;
    const kept = [listFile, kms.handler, kms.behavior, own.declaration, 'test/parity/kms-facts.json', rolesTest];
    const texts = [...kept, 'events/http/get-key-arn.json'].map((path) => [path, read(path)] as const);
    leaveOut();
    const { code, output } = await vitest(file);
    for (const [path, text] of texts) writeFileSync(at(path), text);
    expect(code, output).not.toBe(0);
    const failures = output.split('\n').filter((line) => /FAIL/.test(line));
    expect(failures.join('\n')).toContain(report);
  });

  test('the copy equals the project again after the new operation is removed', { timeout: timeoutMs }, async () => {
    for (const folder of ['functions/lookups', 'test/functions/lookups']) rmSync(at(folder), { recursive: true });
    for (const file of [listFile, groupsFile, groupDescriptions, rolesTest]) restore(file);
    expect(await inCopy('npm', 'run', '--silent', 'generate')).toMatchObject({ code: 0 });
    expect(changedFiles()).toEqual([]);
    expect(existsSync(at('events/http/get-key-arn.json'))).toBe(false);
  });
});
