import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { startEmulator } from '../../../emulator/index.ts';
import { catchError, clientFor } from '../../support/emulator.ts';
import { EmulatorProcess } from '../../support/emulator-process.ts';
import { isSoak } from '../../support/operations.ts';
import { useDirectory } from '../../support/project-copy.ts';

const rounds = isSoak ? 100 : 3;
const callers = 16;
const Plaintext = Buffer.from('hello');
/** An alias in the default seed, for a key that the test does not change. */
const alias = 'alias/example';

/** Expects that changes made through `here` are visible at `there`, while other callers keep `there` busy. */
async function expectVisible(here: KMSClient, there: KMSClient): Promise<void> {
  const { KeyMetadata } = await here.send(new CreateKeyCommand({}));
  const KeyId = String(KeyMetadata?.KeyId);
  let isOver = false;
  const caller = async () => {
    while (!isOver) await there.send(new EncryptCommand({ KeyId: alias, Plaintext }));
  };
  const busy = Promise.all(Array.from({ length: callers }, caller));
  const encrypt = () => there.send(new EncryptCommand({ KeyId, Plaintext }));
  try {
    for (let round = 0; round < rounds; round += 1) {
      await encrypt();
      await here.send(new DisableKeyCommand({ KeyId }));
      expect((await catchError(encrypt())).name).toBe('DisabledException');
      await here.send(new EnableKeyCommand({ KeyId }));
    }
  } finally {
    isOver = true;
    await busy;
  }
}

describe('a busy emulator', () => {
  const used = useDirectory();

  test('a busy emulator reads each confirmed write of an emulator in another process with the same directory', {
    timeout: isSoak ? 300_000 : 60_000,
  }, async () => {
    const args = ['--data', `${used.directory}/processes`];
    const both = [await EmulatorProcess.start(args), await EmulatorProcess.start(args)];
    const [here, there] = both.map(({ endpoint }) => clientFor(endpoint)) as [KMSClient, KMSClient];
    await expectVisible(here, there);
    for (const client of [here, there]) client.destroy();
    for (const { process } of both) expect((await process.end()).code).toBe(0);
  });

  test('a busy emulator reads each confirmed write of an emulator in the same process with the same directory', {
    timeout: isSoak ? 300_000 : 60_000,
  }, async () => {
    const options = { directory: `${used.directory}/one`, seed: 'default', announce: false } as const;
    const both = [await startEmulator(options), await startEmulator(options)];
    const [here, there] = both.map(({ endpoint }) => clientFor(endpoint)) as [KMSClient, KMSClient];
    await expectVisible(here, there);
    for (const client of [here, there]) client.destroy();
    for (const emulator of both) await emulator.close();
  });
});
