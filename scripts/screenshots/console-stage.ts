import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  KMSClient,
  SignCommand,
} from '@aws-sdk/client-kms';
import type { Page } from 'playwright-core';
import { startEmulator } from '../../emulator/index.ts';
import { buildConsole } from '../build-console.ts';
import type { Stage } from './shot.ts';

const invoices = '11111111-1111-4111-8111-111111111111';

/** Starts an emulator on the port that the documentation shows, with requests in its log. */
export async function startConsoleStage(): Promise<Stage> {
  await buildConsole();
  const emulator = await startEmulator({
    port: 4599,
    seed: new URL('console-seed.yaml', import.meta.url),
  });
  await sendRequests(emulator.endpoint);
  const open = async (page: Page, path: string) => {
    await page.goto('about:blank');
    await page.goto(`${emulator.endpoint}/#/${path}`);
    await page.waitForLoadState('load');
  };
  return {
    close: () => emulator.close(),
    shots: [
      {
        name: 'console-keys',
        open: async (page) => {
          await open(page, 'keys');
          await page.getByText('Enabled').first().waitFor();
        },
      },
      {
        name: 'console-key',
        open: async (page) => {
          await open(page, `keys/${invoices}/try`);
          await page.getByLabel('Plaintext', { exact: true }).fill('Invoice 2026-1107');
          await page.getByRole('button', { name: 'Encrypt', exact: true }).click();
          await page.getByRole('heading', { name: /^Ciphertext/ }).waitFor();
        },
      },
      {
        name: 'console-rotation',
        open: async (page) => {
          await open(page, `keys/${invoices}/rotation`);
          await page.getByText('Next rotation', { exact: true }).waitFor();
        },
      },
      {
        name: 'console-requests',
        open: async (page) => {
          await open(page, 'requests');
          await page.locator('summary').filter({ hasText: 'denied' }).first().click();
          await page.getByText('To allow it').waitFor();
        },
      },
    ],
  };
}

/** Sends requests as an application would, one of which is denied. */
async function sendRequests(endpoint: string): Promise<void> {
  const clientFor = (accessKeyId: string) =>
    new KMSClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey: 'local' } });
  const [application, billing] = [clientFor('000000000000'), clientFor('AKIABILLING')];
  const EncryptionContext = { team: 'billing' };
  const KeyId = 'alias/invoices';
  await application.send(
    new SignCommand({ KeyId: 'alias/releases', Message: Buffer.from('v1.2.0'), SigningAlgorithm: 'ECDSA_SHA_256' }),
  );
  await application.send(
    new GenerateMacCommand({ KeyId: 'alias/webhooks', Message: Buffer.from('{}'), MacAlgorithm: 'HMAC_SHA_256' }),
  );
  await application.send(new GenerateDataKeyCommand({ KeyId: 'alias/exports', KeySpec: 'AES_256' }));
  const { CiphertextBlob } = await billing.send(
    new EncryptCommand({ KeyId, Plaintext: Buffer.from('invoice'), EncryptionContext }),
  );
  await application.send(new EncryptCommand({ KeyId: 'alias/backups', Plaintext: Buffer.from('x') })).catch(() => {});
  await billing.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext })).catch(() => {});
  await application.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext }));
  for (const client of [application, billing]) client.destroy();
}
