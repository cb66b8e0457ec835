import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { clientFor } from '../../support/emulator.ts';

// strace exists only on Linux. crash.test.ts tests the same guarantee without it.
const hasStrace = spawnSync('strace', ['-V']).status === 0;

test.skipIf(!hasStrace)(
  'the emulator syncs a write to disk before it sends the response (requires strace)',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kms-sync-'));
    const trace = join(directory, 'trace');
    const calls = 'trace=fsync,fdatasync,write,writev,sendto';
    const command = ['-f', '-s', '32', '-e', calls, '-o', trace, process.execPath, 'emulator/cli.ts'];
    const child = spawn('strace', [...command, '--port', '0', '--data', join(directory, 'data'), '--no-seed'], {
      detached: true,
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const endpoint = /http:\S+/.exec(line.toString())?.[0] ?? '';
    const client = clientFor(endpoint);
    for (let n = 0; n < 3; n += 1) await client.send(new CreateKeyCommand({}));
    client.destroy();
    process.kill(-child.pid!, 'SIGINT');
    await once(child, 'exit');
    const events = readFileSync(trace, 'utf8')
      .split('\n')
      .flatMap((call) => (/\bf(data)?sync\(/.test(call) ? ['sync'] : /HTTP\/1\.1 200/.test(call) ? ['response'] : []));
    rmSync(directory, { recursive: true });
    const beforeResponses = events.flatMap((event, index) => (event === 'response' ? [events[index - 1]] : []));
    expect(beforeResponses).toEqual(['sync', 'sync', 'sync']);
  },
);
