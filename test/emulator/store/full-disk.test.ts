import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  type KMSClient,
  paginateListKeys,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { clientFor } from '../../support/emulator.ts';
import { EmulatorProcess, startEmulatorCommand } from '../../support/emulator-process.ts';
import { mountFullDisk } from '../../support/full-disk.ts';
import { Running } from '../../support/process.ts';
import { makeDirectory, removeDirectory } from '../../support/project-copy.ts';

/** A disk that takes a few keys more, and room on it when it is wanted. */
interface Disk {
  /** Of the emulator; made at its start. */
  readonly data: string;
  start(): Promise<{ endpoint: string; process: Running }>;
  makeRoom(pid: number): void;
  remove(): void;
}

/** Each file may have so many blocks of 512 bytes (POSIX: ulimit -f): what the write-ahead log runs into. */
const fileBlocks = 1_024;

function limitedFiles(): Disk {
  const directory = makeDirectory();
  return {
    data: directory,
    start: async () => {
      const command = `ulimit -S -f ${fileBlocks}; exec node emulator/cli.ts --port 0 --no-seed --data '${directory}'`;
      const process = new Running(['sh', '-c', command]);
      const [, endpoint = ''] = await process.waitFor(/KMS emulator: (http:\S+)/);
      return { process, endpoint };
    },
    makeRoom: (pid) => void spawnSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:unlimited']),
    remove: () => removeDirectory(directory),
  };
}

function smallDisk(): Disk | undefined {
  const disk = mountFullDisk();
  if (disk === undefined) return undefined;
  const data = join(disk.directory, 'data');
  return { ...disk, data, start: () => EmulatorProcess.start(['--no-seed', '--data', data]) };
}

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;
/** Recovery needs Linux's prlimit, or a root that may mount. What cannot be tried here says why in its title. */
const disks: readonly [title: string, make: () => Disk | undefined, canRun: boolean][] = [
  ['a limit on the size of files (needs prlimit)', limitedFiles, hasPrlimit],
  ['a file system in memory (needs root)', smallDisk, canMount()],
];

function canMount(): boolean {
  const disk = mountFullDisk();
  disk?.remove();
  return disk !== undefined;
}

interface Refusal {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number };
}

/** Creates keys until that is refused; all that were answered before, and the refusal. */
async function fill(client: KMSClient): Promise<{ keys: string[]; refusal: Refusal }> {
  const keys: string[] = [];
  for (;;) {
    try {
      const Description = 'x'.repeat(8_000);
      const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description }));
      keys.push(String(KeyMetadata?.KeyId));
    } catch (error) {
      return { keys, refusal: error as Refusal };
    }
    if (keys.length > 2_000) throw new Error('the disk does not fill');
  }
}

async function listed(client: KMSClient): Promise<string[]> {
  const found: string[] = [];
  for await (const page of paginateListKeys({ client }, {}))
    found.push(...(page.Keys ?? []).map((k) => String(k.KeyId)));
  return found.toSorted();
}

describe.each(disks)('%s', (_, make, canRun) => {
  test.skipIf(!canRun)(
    'a full disk refuses writes with a 503, loses nothing answered, is read on, and takes writes again with room',
    { timeout: 120_000 },
    async () => {
      const disk = make();
      if (disk === undefined) throw new Error('no such disk');
      try {
        const first = await disk.start();
        const client = clientFor(first.endpoint);
        const { keys, refusal } = await fill(client);
        expect(keys.length).toBeGreaterThan(1);
        const expectRefused = ({ name, message, $metadata }: Refusal) => {
          expect($metadata.httpStatusCode).toBe(503);
          expect(name).toBe('DependencyTimeoutException');
          expect(message).toMatch(/^The emulator's store cannot be (read or )?written: the disk (is full|failed)/);
          expect(message).toMatch(/Nothing was changed\.$/);
        };
        expectRefused(refusal);

        // Read on, with every key there and whole, and no half of the one refused.
        const [KeyId = ''] = keys;
        expect(await listed(client)).toEqual(keys.toSorted());
        const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('full') }));
        const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
        expect(Buffer.from(Plaintext ?? []).toString()).toBe('full');
        expectRefused(await fill(client).then(({ refusal: again }) => again));

        disk.makeRoom(first.process.pid);
        const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
        await client.send(new RotateKeyOnDemandCommand({ KeyId }));
        const all = await listed(client);
        expect(all).toEqual(expect.arrayContaining([...keys, KeyMetadata?.KeyId]));
        client.destroy();
        expect(first.process.output).not.toContain('    at ');
        await first.process.end('SIGKILL');

        const second = await EmulatorProcess.start(['--no-seed', '--data', disk.data]);
        const later = clientFor(second.endpoint);
        expect(await listed(later)).toEqual(all);
        const read = await later.send(new DecryptCommand({ CiphertextBlob }));
        expect(Buffer.from(read.Plaintext ?? []).toString()).toBe('full');
        expect((await later.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('Enabled');
        later.destroy();
        expect((await second.process.end()).code).toBe(0);
      } finally {
        disk.remove();
      }
    },
  );
});

test.skipIf(!canMount())(
  'a start on a full disk (needs root) fails in one clear line',
  { timeout: 60_000 },
  async () => {
    const disk = mountFullDisk();
    if (disk === undefined) throw new Error('no such disk');
    try {
      spawnSync('dd', ['if=/dev/zero', `of=${join(disk.directory, 'rest')}`, 'bs=4k'], { stdio: 'ignore' });
      const directory = join(disk.directory, 'data');
      const { code, stderr } = await startEmulatorCommand(['--port', '0', '--data', directory]).ended;
      expect(code).toBe(1);
      expect(stderr).toMatch(/^kms-emulator: cannot use [^\n]+\n$/);
      expect(stderr).toContain(directory);
    } finally {
      disk.remove();
    }
  },
);
