import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DecryptCommand, DescribeKeyCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awsOperations } from '../../functions/all-operations.ts';
import { bundleEmulator, findAssets } from '../../scripts/binary/bundle-emulator.ts';
import { folderName } from '../../shared/declaration/operation.ts';
import { clientFor } from '../support/emulator.ts';
import { Running, run } from '../support/process.ts';
import { isSoak } from '../support/soak.ts';

describe('the program in the executable', () => {
  test('contains every operation, and every file that it reads from its own folder', async () => {
    const { metafile, warnings } = await bundleEmulator();
    const operations = awsOperations.map(
      (operation) => `emulator/operations/${operation.group}/${folderName(operation)}.ts`,
    );
    expect(Object.keys(metafile.inputs)).toEqual(expect.arrayContaining(operations));
    // esbuild warns about `import.meta`, which is how a module finds the files next to it. `readAsset` finds them in the executable.
    expect(warnings.map(({ location }) => location?.file)).toEqual(['emulator/core/read-asset.ts']);
    expect(findAssets()).toMatchObject({ 'seed/default.json': 'emulator/seed/default.json' });
  });
});

/** Runs the executable without environment variables, so that it finds no Node.js. */
describe.runIf(isSoak)('the executable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kms-functions-binary-'));
  const executable = join(folder, 'built', 'kms-emulator');
  const start = async (...args: string[]) => {
    const process = new Running(['env', '-i', executable, '--port', '0', ...args], { cwd: folder });
    const [, endpoint = ''] = await process.waitFor(/^KMS emulator: (http:\S+)/m);
    return { process, endpoint };
  };

  beforeAll(async () => {
    const built = await run(['npm', 'run', 'build:binary', '--', '--output', join(folder, 'built')], {
      timeoutMs: 110_000,
    });
    expect(built, built.output).toMatchObject({ code: 0 });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('starts with the default seed, encrypts, and ends with exit code 0 on SIGTERM', async () => {
    const { process, endpoint } = await start('--in-memory');
    const client = clientFor(endpoint);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/example' }));
    const Plaintext = Buffer.from('hello');
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext }));
    expect(Buffer.from((await client.send(new DecryptCommand({ CiphertextBlob }))).Plaintext ?? [])).toEqual(Plaintext);
    client.destroy();
    const finished = await process.end();
    expect(finished).toMatchObject({ code: 0, stderr: '' });
  });

  test('is accompanied by the license of Node.js and of the libraries', () => {
    const text = readFileSync(join(folder, 'built', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const title of ['Node.js v', '@noble/curves ', 'zod ', 'OpenSSL']) expect(text).toContain(title);
    expect(existsSync(join(folder, 'built', 'LICENSE'))).toBe(true);
  });

  test('ignores NODE_OPTIONS', async () => {
    const finished = await run([executable, '--help'], { env: { NODE_OPTIONS: '--unknown-option' } });
    expect(finished, finished.output).toMatchObject({ code: 0, stderr: '' });
  });

  test('passes the tests of the command', { timeout: 600_000 }, async () => {
    const command = ['vitest', 'run', 'test/cli/emulator.test.ts'] as const;
    const env = { KMS_EMULATOR_COMMAND: executable };
    const finished = await run(['npx', ...command], { env, timeoutMs: 590_000 });
    expect(finished, finished.output).toMatchObject({ code: 0 });
  });
});
