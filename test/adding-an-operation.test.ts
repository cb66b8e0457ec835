import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { budgetFile } from '../scripts/bundle-budget.ts';
import { generatedFiles } from '../scripts/generated-files.ts';
import { isSoak } from './support/operations.ts';
import { type Finished, run } from './support/process.ts';
import { root, useDirectory } from './support/project-copy.ts';

const parts = [
  ...['functions', 'shared', 'emulator', 'client', 'infra', 'scripts', 'events', 'docs', 'test', 'bench'],
  ...['package.json', 'tsconfig.json', 'biome.json', '.gitignore', 'serverless.yml', 'vitest.config.ts'],
];
const commandMs = 120_000;
const copy = useDirectory();
const at = (file: string) => join(copy.directory, file);

/** What CONTRIBUTING's three steps say, for an operation that KMS does not have: RestKey, much like its neighbour DisableKey. */
const stepFiles = {
  'functions/keys/rest-key/operation.ts': 'functions/keys/disable-key/operation.ts',
  'functions/keys/rest-key/handler.ts': 'functions/keys/disable-key/handler.ts',
  'emulator/operations/keys/rest-key.ts': 'emulator/operations/keys/disable-key.ts',
};
const line = "export { restKey } from './keys/rest-key/operation.ts';";

const keyId = '5a4d1e00-0000-4000-8000-0000000009ff';

function likeDisableKey(text: string): string {
  return (
    text
      .replaceAll('DisableKey', 'RestKey')
      .replaceAll('disableKey', 'restKey')
      .replaceAll('/disable', '/rest')
      .replaceAll(/5a4d1e00-0000-4000-8000-\d{12}/g, keyId)
      // The SDK has no command for what KMS does not have.
      .replaceAll('RestKeyCommand', 'DisableKeyCommand')
      // Nor has AWS's table of states a row of it: it is allowed where its neighbour is.
      .replaceAll("'RestKey', (key)", "'DisableKey', (key)")
  );
}

/** Asks RestKey in every way, each time of a key that is laid back. */
const trial = `
  import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
  import { createClient, http, inProcess } from './client/index.ts';
  import { startEmulator } from './emulator/index.ts';
  import { startLocalStage } from './test/support/local-stage.ts';
  import event from './events/http/rest-key.json' with { type: 'json' };
  import input from './events/direct/rest-key.json' with { type: 'json' };

  const emulator = await startEmulator({ seed: 'default' });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_KMS: emulator.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x',
    KMS_FUNCTIONS_STAGE: 'local', ALLOWED_ACCOUNT_IDS: '000000000000', POWERTOOLS_METRICS_DISABLED: 'true', POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  const kms = new KMSClient({});
  const gateway = await startLocalStage();
  const { handler } = await import('./functions/keys/rest-key/handler.ts');
  const context = { awsRequestId: 'trial', functionName: 'restKey', getRemainingTimeInMillis: () => 10_000 };
  const headers = {
    'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.RestKey',
    authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=00',
  };
  const ways = {
    emulator: () => fetch(emulator.endpoint, { method: 'POST', headers, body: JSON.stringify(input) }),
    'HTTP event': () => handler(event, context),
    direct: () => handler(input, context),
    HTTP: () => fetch(gateway.url + event.rawPath, { method: 'POST' }),
    'client, HTTP': () => createClient({ transport: http({ endpoint: gateway.url }) }).restKey(input),
    'client, in process': () => createClient({ transport: inProcess({ handlers: { restKey: handler } }) }).restKey(input),
  };
  for (const [way, ask] of Object.entries(ways)) {
    await emulator.restoreSeed();
    await ask();
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand(input));
    console.log(way + ': ' + KeyMetadata.KeyState);
  }
  await gateway.close();
  await emulator.close();
  process.exit();`;

function filesOf(directory: string): string[] {
  return parts.flatMap((part) =>
    /\.\w+$/.test(part)
      ? [part]
      : readdirSync(join(directory, part), { recursive: true, encoding: 'utf8' }).map((file) => `${part}/${file}`),
  );
}

/** Files of the copy that are not as they are in the project, in the order of their names. */
function changedFiles(): string[] {
  const isSame = (file: string) =>
    existsSync(join(root, file)) && readFileSync(join(root, file)).equals(readFileSync(at(file)));
  return filesOf(copy.directory)
    .filter((file) => /\.\w+$/.test(file) && !isSame(file))
    .sort();
}

const inCopy = (...command: [string, ...string[]]): Promise<Finished> =>
  run(command, { cwd: copy.directory, timeoutMs: commandMs });

beforeAll(async () => {
  for (const part of parts) cpSync(join(root, part), at(part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), at('node_modules'));
  for (const [file, neighbour] of Object.entries(stepFiles)) {
    cpSync(at(neighbour), at(file));
    writeFileSync(at(file), likeDisableKey(readFileSync(at(file), 'utf8')));
  }
  const list = at('functions/operations.ts');
  const neighbour = 'export { scheduleKeyDeletion }';
  writeFileSync(list, readFileSync(list, 'utf8').replace(neighbour, `${line}\n${neighbour}`));
  expect(await inCopy('npm', 'run', '--silent', 'generate')).toMatchObject({ code: 0, stderr: '' });
}, commandMs);

test('adding an operation touches one folder, one line and one file of the emulator; the rest is generated', async () => {
  const generated = [
    ...(await generatedFiles()).keys(),
    'events/direct/rest-key.json',
    'events/http/rest-key.json',
    budgetFile,
  ];
  const changed = changedFiles();
  expect(changed.filter((file) => !generated.includes(file))).toEqual(
    ['functions/operations.ts', ...Object.keys(stepFiles)].sort(),
  );
  expect(changed).toEqual(
    expect.arrayContaining(['client/methods.ts', 'docs/reference/openapi.json', 'events/http/rest-key.json']),
  );
});

test('its types and form hold', { timeout: commandMs }, async () => {
  // Of what is not a test: each of those is the same in the copy.
  const product = ['functions', 'shared', 'emulator', 'client', 'infra', 'scripts'];
  const config = JSON.parse(readFileSync(at('tsconfig.json'), 'utf8'));
  writeFileSync(at('tsconfig.product.json'), JSON.stringify({ ...config, include: product }));
  const checks = [inCopy('tsc', '-p', 'tsconfig.product.json'), inCopy('biome', 'check', ...product)];
  for (const { code, output } of await Promise.all(checks)) expect(code, output).toBe(0);
  rmSync(at('tsconfig.product.json'));
});

test('it works over HTTP, directly, by the client and in the emulator', { timeout: commandMs }, async () => {
  writeFileSync(at('trial.mts'), trial);
  const { stdout, output } = await inCopy('node', 'trial.mts');
  expect(stdout.match(/^.*: Disabled$/gm), output).toEqual([
    'emulator: Disabled',
    'HTTP event: Disabled',
    'direct: Disabled',
    'HTTP: Disabled',
    'client, HTTP: Disabled',
    'client, in process: Disabled',
  ]);
});

test.runIf(isSoak)('taken out again by the same steps, it leaves nothing behind', { timeout: commandMs }, async () => {
  expect((await inCopy('rm', '-r', 'functions/keys/rest-key', 'emulator/operations/keys/rest-key.ts')).code).toBe(0);
  const list = at('functions/operations.ts');
  writeFileSync(list, readFileSync(list, 'utf8').replace(`${line}\n`, ''));
  expect(await inCopy('npm', 'run', '--silent', 'generate')).toMatchObject({ code: 0 });
  expect(changedFiles()).toEqual([]);
  expect(existsSync(at('events/http/rest-key.json'))).toBe(false);
});
