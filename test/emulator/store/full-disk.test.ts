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

/** A disk with space for a few keys. */
interface Disk {
  /** The data directory. The emulator creates it. */
  readonly data: string;
  start(): Promise<{ endpoint: string; process: Running }>;
  /** Frees space for the emulator with this process id. */
  makeRoom(pid: number): void;
  remove(): void;
}

/** The maximum size of each file in blocks of 512 bytes (POSIX: ulimit -f). The write-ahead log reaches the limit. */
const fileBlocks = 1_024;

function limitFileSize(): Disk {
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

function mountSmallDisk(): Disk | undefined {
  const disk = mountFullDisk();
  if (disk === undefined) return undefined;
  const data = join(disk.directory, 'data');
  return { ...disk, data, start: () => EmulatorProcess.start(['--no-seed', '--data', data]) };
}

const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;
/** The types of full disks. A title contains the requirement: prlimit (Linux), or root to mount a disk. */
const disks: readonly [title: string, make: () => Disk | undefined, canRun: boolean][] = [
  ['an emulator with limited file sizes (requires prlimit)', limitFileSize, hasPrlimit],
  ['an emulator on a small in-memory file system (requires root)', mountSmallDisk, canMount()],
];

function canMount(): boolean {
  const disk = mountFullDisk();
  disk?.remove();
  return disk !== undefined;
}

interface Rejection {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number };
}

/** Creates keys until the emulator rejects one. Returns the created keys and the error. */
async function fillDisk(client: KMSClient): Promise<{ keys: string[]; rejection: Rejection }> {
  const keys: string[] = [];
  for (;;) {
    try {
      const Description = 'x'.repeat(8_000);
      const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description }));
      keys.push(String(KeyMetadata?.KeyId));
    } catch (error) {
      return { keys, rejection: error as Rejection };
    }
    if (keys.length > 2_000) throw new Error('The disk is still not full.');
  }
}

async function listKeyIds(client: KMSClient): Promise<string[]> {
  const found: string[] = [];
  for await (const page of paginateListKeys({ client }, {}))
    found.push(...(page.Keys ?? []).map((k) => String(k.KeyId)));
  return found.toSorted();
}

describe.each(disks)('%s', (_, make, canRun) => {
  test.skipIf(!canRun)(
    'the emulator returns 503 for writes to a full disk, still serves reads, keeps confirmed keys, and recovers when space is freed',
    { timeout: 120_000 },
    async () => {
      const disk = make();
      if (disk === undefined) throw new Error('The disk could not be mounted.');
      try {
        const first = await disk.start();
        const client = clientFor(first.endpoint);
        const { keys, rejection } = await fillDisk(client);
        expect(keys.length).toBeGreaterThan(1);
        const expectStorageError = ({ name, message, $metadata }: Rejection) => {
          expect($metadata.httpStatusCode).toBe(503);
          expect(name).toBe('DependencyTimeoutException');
          expect(message).toMatch(/^The emulator's store cannot be (read or )?written: the disk (is full|failed)/);
          expect(message).toMatch(/Nothing was changed\.$/);
        };
        expectStorageError(rejection);

        // Reads still work. Every key is complete, and the rejected request stored nothing.
        const [KeyId = ''] = keys;
        expect(await listKeyIds(client)).toEqual(keys.toSorted());
        const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('full') }));
        const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
        expect(Buffer.from(Plaintext ?? []).toString()).toBe('full');
        expectStorageError((await fillDisk(client)).rejection);

        disk.makeRoom(first.process.pid);
        const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
        await client.send(new RotateKeyOnDemandCommand({ KeyId }));
        const all = await listKeyIds(client);
        expect(all).toEqual(expect.arrayContaining([...keys, KeyMetadata?.KeyId]));
        client.destroy();
        expect(first.process.output).not.toContain('    at ');
        await first.process.end('SIGKILL');

        const second = await EmulatorProcess.start(['--no-seed', '--data', disk.data]);
        const later = clientFor(second.endpoint);
        expect(await listKeyIds(later)).toEqual(all);
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
  'the emulator reports in one line that it cannot start on a full disk (requires root)',
  { timeout: 60_000 },
  async () => {
    const disk = mountFullDisk();
    if (disk === undefined) throw new Error('The disk could not be mounted.');
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
