import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { allOperations } from '../../../functions/all-operations.ts';
import { startApiGateway } from '../../support/api-gateway.ts';
import { readDocBlocks } from '../../support/doc-blocks.ts';
import { useEmulator } from '../../support/emulator.ts';
import { loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { run } from '../../support/process.ts';
import { copyProject, root, useDirectory } from '../../support/project-copy.ts';
import { isSoak } from '../../support/soak.ts';

const used = useDirectory();
const path = (name: string) => join(used.directory, name);
const command = join(root, 'cli/bin.cjs');

describe('the process of the command', () => {
  test('the help loads neither the client nor the declarations, so that it starts fast', async () => {
    const hooks = `
      import { registerHooks } from 'node:module';
      registerHooks({ load: (url, context, next) => {
        if (url.startsWith('file:')) process.stderr.write(url + '\\n');
        return next(url, context);
      } });`;
    writeFileSync(path('trace.mjs'), hooks);
    const { code, stdout, stderr } = await run(['node', '--import', path('trace.mjs'), command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: kms-functions');
    const loaded = stderr
      .trim()
      .split('\n')
      .map((url) => url.replace(pathToFileURL(root).href, ''));
    const own = loaded.filter((file) => !file.startsWith('node_modules/'));
    expect(own).toContain('cli/main.ts');
    expect(own.filter((file) => !/^(cli\/[\w-]+\.c?[tj]s|cli\/table\/[\w-]+\.ts|package\.json)$/.test(file))).toEqual(
      [],
    );
    const packages = new Set(
      loaded.filter((file) => file.startsWith('node_modules/')).map((file) => file.split('/')[1]),
    );
    expect([...packages].filter((name) => name !== 'commander')).toEqual([]);
  });

  // Each row starts a process.
  const signals = [['SIGINT', 130] as const, ...(isSoak ? [['SIGTERM', 143] as const] : [])];
  test.each(signals)(
    '%s during a call ends the command with exit code %d and leaves no file',
    async (signal, expected) => {
      // Receives the request and never responds.
      const server = createServer((request) => request.socket.once('close', () => {}));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      mkdirSync(path(signal));
      writeFileSync(path('plain'), 'hello');
      const args = ['encrypt', path('plain'), '--key', 'k', '--out', join(path(signal), 'out'), '--url', url];
      const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
      try {
        await once(server, 'request');
        child.kill(signal);
        const [code] = await once(child, 'close');
        expect({ code, output }).toEqual({ code: expected, output: '' });
        expect(readdirSync(path(signal))).toEqual([]);
      } finally {
        child.kill('SIGKILL');
        server.closeAllConnections();
        server.close();
      }
    },
  );

  test('a reader that ends early ends the command without a message', async () => {
    const line = `node ${command} operations --json | head -c 10; echo " code \${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await run(['bash', '-c', line]);
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^\{\n {2}"Opera code (0|141)$/m), stderr: '' });
  });
});

describe.runIf(isSoak)('a copy of the project', () => {
  const service = useEmulator();
  const copy = useDirectory(() => {
    const directory = copyProject();
    for (const part of ['cli', 'client', 'envelope', '.npmrc']) {
      cpSync(join(root, part), join(directory, part), { recursive: true });
    }
    return directory;
  });

  test('the commands in the README seal and open 100 MB, and show a progress bar', { timeout: 180_000 }, async () => {
    setLocalEnvironment(service.emulator.endpoint);
    const gateway = await startApiGateway({ operations: allOperations, loadHandler });
    const env = {
      KMS_FUNCTIONS_URL: gateway.endpoint,
      npm_config_cache: path('npm-cache'),
      npm_config_offline: 'true',
    };
    const block = readDocBlocks('README.md').find(({ code }) => code.includes('npx kms-functions seal'));
    writeFileSync(join(copy.directory, 'commands.sh'), block?.code ?? 'exit 1');
    try {
      // `script` runs the commands on a terminal.
      const line = ['script', '-qec', 'sh -e commands.sh', '/dev/null'] as const;
      const { code, output } = await run([...line], { cwd: copy.directory, env, timeoutMs: 170_000 });
      expect(code, output).toBe(0);
      expect(output).toMatch(/photos\.tar {2}\[#+\] {2}100% {2}100\.0 MB of 100\.0 MB/);
      expect(output).toContain('Sealed 100.0 MB as photos.tar.sealed under arn:aws:kms:');
      expect(output).toContain('Opened 100.0 MB as copy.tar with arn:aws:kms:');
    } finally {
      await gateway.close();
    }
  });
});
