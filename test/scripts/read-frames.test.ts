import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encrypt } from '../../functions/crypto/encrypt/operation.ts';
import { buildSignedEvent } from '../support/deployed.ts';
import { everyOperation } from '../support/deployments.ts';
import { invokeUnpacked, type LambdaSettings, unpack } from '../support/lambda-process.ts';
import { run } from '../support/process.ts';
import { root, useDirectory } from '../support/project-copy.ts';
import { resolveReferences, usePackaged } from '../support/template.ts';

const packaged = usePackaged(everyOperation);
const used = useDirectory();
let kms: Server;

beforeAll(async () => {
  kms = createServer((_, response) => response.end('This is not JSON.'));
  await new Promise<void>((resolve) => kms.listen(0, '127.0.0.1', resolve));
});
afterAll(() => kms.close());

/** Invokes the packaged Encrypt function while KMS returns no JSON, and returns the stack frames that the function logs. */
async function logFrames(): Promise<string[]> {
  unpack(readFileSync(join(packaged.directory, '.build/zips/encrypt.zip')), used.directory);
  const properties = packaged.resources.get('EncryptLambdaFunction')?.Properties;
  const settings: LambdaSettings = resolveReferences(properties, { account: '000000000000', region: 'us-east-1' });
  const endpoint = `http://127.0.0.1:${(kms.address() as AddressInfo).port}`;
  const { log } = await invokeUnpacked(settings, used.directory, buildSignedEvent(encrypt), endpoint);
  const [record] = log as { cause?: { frames: string[] } }[];
  expect(record?.cause, JSON.stringify(log)).toBeDefined();
  return record?.cause?.frames ?? [];
}

const readFrames = (args: readonly string[], input: string) =>
  run(['npm', 'run', '--silent', 'frames', '--', ...args], { cwd: root, input });

test('npm run frames converts the stack frames of a fault to positions in the source files', async () => {
  const frames = await logFrames();
  expect(frames.join('\n')).toMatch(/handler\.cjs:\d+:\d+/);
  const map = join(packaged.directory, '.build/source-maps/encrypt.map');
  const { code, stdout, output } = await readFrames(['--function', 'encrypt', '--map', map], frames.join('\n'));
  expect(code, output).toBe(0);
  expect(stdout).not.toContain('handler.cjs');
  const positions = [...stdout.matchAll(/((?:shared|functions)\/[\w/-]+\.ts):(\d+):/g)];
  expect(positions.length, stdout).toBeGreaterThan(0);
  const lines = positions.map(
    ([, file = '', line]) => readFileSync(join(root, file), 'utf8').split('\n')[Number(line) - 1],
  );
  expect(lines.join('\n')).toContain('await transmit(');
});

test('npm run frames rejects a function without a source map', async () => {
  const { code, stderr } = await readFrames(['--function', 'encript', '--map', 'none.map'], '');
  expect(code).toBe(1);
  expect(stderr).toContain('none.map does not exist. Package the same release, or use --map.');
});
