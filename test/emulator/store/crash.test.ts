import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  type KMSClient,
  ListAliasesCommand,
  paginateListKeyRotations,
  paginateListKeys,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { findRunningEmulator } from '../../../emulator/http/endpoint-file.ts';
import { openDatabase, readPragma } from '../../../emulator/store/database.ts';
import { clientFor } from '../../support/emulator.ts';
import { EmulatorProcess, startEmulatorCommand } from '../../support/emulator-process.ts';
import { isSoak } from '../../support/operations.ts';
import { makeDirectory, removeDirectory, useDirectory } from '../../support/project-copy.ts';

const rounds = isSoak ? 100 : 1;
const calls = 200;
const callers = 16;

/** The changes that the emulator confirmed before it was killed. A restarted emulator must still have them. */
interface Confirmed {
  readonly keys: string[];
  readonly aliases: Map<string, string>;
  readonly rotated: string[];
}

async function inDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = makeDirectory();
  try {
    await run(directory);
  } finally {
    removeDirectory(directory);
  }
}

/** Creates up to 200 keys from 16 callers until the emulator stops. Most keys get an alias or a rotation. */
async function createKeys(client: KMSClient, confirmed: Confirmed, onKey: () => void): Promise<void> {
  let left = calls;
  const caller = async () => {
    while (left-- > 0) {
      const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description: `call ${left}` }));
      const keyId = String(KeyMetadata?.KeyId);
      confirmed.keys.push(keyId);
      onKey();
      if (left % 3 === 0) {
        const AliasName = `alias/${keyId}`;
        await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: keyId }));
        confirmed.aliases.set(AliasName, keyId);
      } else if (left % 3 === 1) {
        await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
        confirmed.rotated.push(keyId);
      }
    }
  };
  await Promise.allSettled(Array.from({ length: callers }, caller));
}

async function expectAllThere(client: KMSClient, confirmed: Confirmed): Promise<void> {
  const found = new Set<string>();
  for await (const page of paginateListKeys({ client, pageSize: 1000 }, {})) {
    for (const { KeyId } of page.Keys ?? []) found.add(String(KeyId));
  }
  for (const key of confirmed.keys) expect(found).toContain(key);
  // A key whose response was lost must be complete too.
  for (const KeyId of found) {
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(KeyId) }));
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe(KeyId);
  }
  for (const [name, keyId] of confirmed.aliases) {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: name }));
    expect(KeyMetadata?.KeyId).toBe(keyId);
  }
  for (const KeyId of confirmed.rotated) {
    let rotations = 0;
    for await (const page of paginateListKeyRotations({ client }, { KeyId })) rotations += page.Rotations?.length ?? 0;
    expect(rotations).toBe(1);
  }
}

describe('a killed emulator', () => {
  test.for(Array.from({ length: rounds }, (_, round) => ({ round, after: 3 + ((round * 53 + 41) % (calls - 10)) })))(
    'a killed emulator keeps every confirmed key, alias and rotation (round $round, killed after $after of 200 keys)',
    { timeout: 60_000 },
    ({ after }) =>
      inDirectory(async (directory) => {
        const first = await EmulatorProcess.start(['--data', directory, '--no-seed']);
        const confirmed: Confirmed = { keys: [], aliases: new Map(), rotated: [] };
        const client = clientFor(first.endpoint);
        let killed: Promise<unknown> | undefined;
        await createKeys(client, confirmed, () => {
          if (confirmed.keys.length === after) killed = first.process.end('SIGKILL');
        });
        client.destroy();
        expect(await killed).toMatchObject({ signal: 'SIGKILL' });
        expect(confirmed.keys.length).toBeGreaterThanOrEqual(after);
        expect(confirmed.keys.length).toBeLessThan(calls);
        expect(await findRunningEmulator(directory), 'the endpoint file of a killed emulator').toBeUndefined();

        const second = await EmulatorProcess.start(['--data', directory, '--no-seed']);
        expect((await findRunningEmulator(directory))?.url).toBe(second.endpoint);
        const later = clientFor(second.endpoint);
        await expectAllThere(later, confirmed);
        later.destroy();
        expect((await second.process.end()).code).toBe(0);
      }),
  );

  test.for(Array.from({ length: isSoak ? 50 : 2 }, (_, round) => ({ afterMs: 60 + round * (isSoak ? 5 : 50) })))(
    'an emulator that is killed $afterMs ms after its first start leaves a usable data directory',
    { timeout: 60_000 },
    ({ afterMs }) =>
      inDirectory(async (directory) => {
        const first = startEmulatorCommand(['--port', '0', '--data', directory]);
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        expect((await first.end('SIGKILL')).code).toBeNull();
        const second = await EmulatorProcess.start(['--data', directory]);
        expect((await second.process.end()).code).toBe(0);
      }),
  );
});

describe('the database', () => {
  const used = useDirectory();

  test('the database uses synchronous=FULL and a write-ahead log, so that a write is on disk before its response', () => {
    const database = openDatabase(used.directory);
    expect(readPragma(database, 'synchronous')).toBe(2);
    expect(readPragma(database, 'journal_mode')).toBe('wal');
    database.close();
  });
});

describe('emulators that share a data directory', () => {
  const used = useDirectory();

  test("emulators that share a data directory serve requests and read each other's writes", {
    timeout: 60_000,
  }, async () => {
    const args = ['--data', used.directory, '--no-seed'];
    // Both emulators start concurrently, before the directory exists.
    const both = await Promise.all([EmulatorProcess.start(args), EmulatorProcess.start(args)]);
    const [here, there] = both.map(({ endpoint }) => clientFor(endpoint)) as [KMSClient, KMSClient];
    const { KeyMetadata } = await here.send(new CreateKeyCommand({}));
    const KeyId = String(KeyMetadata?.KeyId);
    const first = await there.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('first') }));
    await there.send(new CreateAliasCommand({ AliasName: 'alias/shared', TargetKeyId: KeyId }));
    await here.send(new RotateKeyOnDemandCommand({ KeyId }));
    const second = await there.send(new EncryptCommand({ KeyId: 'alias/shared', Plaintext: Buffer.from('second') }));
    for (const [{ CiphertextBlob }, text] of [
      [first, 'first'],
      [second, 'second'],
    ] as const) {
      for (const client of [here, there]) {
        const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
        expect(Buffer.from(Plaintext ?? []).toString()).toBe(text);
      }
    }
    const { Aliases } = await here.send(new ListAliasesCommand({ KeyId }));
    expect(Aliases).toMatchObject([{ AliasName: 'alias/shared' }]);

    const created = await Promise.all(
      Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? here : there).send(new CreateKeyCommand({}))),
    );
    expect(new Set(created.map((response) => response.KeyMetadata?.KeyId)).size).toBe(100);
    for (const client of [here, there]) {
      let count = 0;
      for await (const page of paginateListKeys({ client, pageSize: 1000 }, {})) count += page.Keys?.length ?? 0;
      expect(count).toBe(101);
      client.destroy();
    }
    for (const { process } of both) expect((await process.end()).code).toBe(0);
  });

  test('emulators can start at the same time on a new shared data directory', {
    timeout: isSoak ? 600_000 : 60_000,
  }, async () => {
    for (let round = 0; round < (isSoak ? 30 : 1); round++) {
      await inDirectory(async (directory) => {
        const args = ['--data', directory];
        const all = await Promise.all([1, 2, 3].map(() => EmulatorProcess.start(args)));
        for (const { process } of all) expect((await process.end()).code).toBe(0);
      });
    }
  });
});
