import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/server.ts';

/** An SDK client that calls `endpoint`, as account `account` in `region`. */
export function clientFor(endpoint: string, { account = 'test', region = 'us-east-1' } = {}): KMSClient {
  return new KMSClient({
    endpoint,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

/** An emulator for the tests of a file, with a client; both end with the file. */
export function useEmulator(options: EmulatorOptions = { seed: 'default' }): { emulator: Emulator; client: KMSClient } {
  const used = {} as { emulator: Emulator; client: KMSClient };
  beforeAll(async () => {
    used.emulator = await startEmulator(options);
    used.client = clientFor(used.emulator.endpoint);
  });
  afterAll(async () => {
    used.client.destroy();
    await used.emulator.close();
  });
  return used;
}

/** The name and message of the error that a call is answered with. */
export async function errorOf(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
  throw new Error('the call succeeded');
}
