import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../functions/keys/create-key/operation.ts';
import { replicateKey } from '../../functions/replicas/replicate-key/operation.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { clientFor, useEmulator } from '../support/emulator.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { loadHandler, setLocalEnvironment } from '../support/handlers.ts';
import { buildHttpEvent } from '../support/http-events.ts';
import { invoke } from '../support/outcome.ts';
import { run } from '../support/process.ts';
import { root } from '../support/project-copy.ts';

const used = useEmulator();
let proxy: FaultProxy;
beforeAll(async () => {
  proxy = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(proxy.endpoint);
});
afterAll(() => proxy.close());

const findKey = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run(['npm', 'run', '--silent', 'find-key', '--', ...args], {
    cwd: root,
    env: { AWS_ENDPOINT_URL_KMS: used.emulator.endpoint, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', ...env },
  });

test.for([
  [createKey, 'us-east-1'],
  [replicateKey, 'eu-west-1'],
] as [Operation, string][])(
  'npm run find-key finds the key whose response was lost: $0.name',
  async ([operation, region]) => {
    proxy.fault = 'a reset after the execution';
    const outcome = await invoke(await loadHandler(operation), buildHttpEvent(operation, operation.routes[0]));
    if (outcome.ok || outcome.trigger !== 'http') throw new Error(`The response was not lost: ${outcome.text}`);
    const { requestId, detail } = outcome.problem;
    expect(detail).toContain(`KMS may have executed the request ${requestId}.`);
    expect(detail).toContain('kms-functions:request-id');
    const { code, stdout, output } = await findKey([requestId, '--region', region]);
    expect(code, output).toBe(0);
    const client = clientFor(used.emulator.endpoint, { region });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: stdout.trim() }));
    client.destroy();
    expect(KeyMetadata).toMatchObject({ Arn: stdout.trim(), KeyState: 'Enabled' });
  },
);

test('npm run find-key reports that no key has the tag', async () => {
  const { code, stderr } = await findKey(['0f0f0f0f']);
  expect(code).toBe(1);
  expect(stderr).toContain('no key in us-east-1 has the tag kms-functions:request-id=0f0f0f0f');
});

test('npm run find-key reports in one line that it cannot read the keys', async () => {
  const { code, stderr } = await findKey(['0f0f0f0f'], {
    AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1',
    AWS_MAX_ATTEMPTS: '1',
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: cannot read the keys in us-east-1: [^\n]*ECONNREFUSED[^\n]*\n$/);
});
