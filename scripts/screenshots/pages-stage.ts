import type { Page } from 'playwright-core';
import { startEmulator } from '../../emulator/index.ts';
import { setLocalEnvironment } from '../../test/support/handlers.ts';
import { startLocalStage } from '../../test/support/local-stage.ts';
import type { Stage } from './shot.ts';

/** Starts the servers of `npm start` on its ports, so that the pages show the same URLs. */
export async function startPagesStage(): Promise<Stage> {
  const emulator = await startEmulator({ port: 4599, seed: 'default' });
  setLocalEnvironment(emulator.endpoint);
  const stage = await startLocalStage({ apiPort: 3000, lambdaPort: 3002, hostName: 'localhost' });
  const open = async (page: Page, path: string) => {
    await page.goto('about:blank');
    await page.goto(`${stage.url}${path}`);
    await page.waitForLoadState('load');
  };
  return {
    close: async () => {
      await stage.close();
      await emulator.close();
    },
    shots: [
      { name: 'landing', open: (page) => open(page, '/') },
      { name: 'unknown-route', open: (page) => open(page, '/keys/alias/example/encrypt') },
      {
        name: 'api-search',
        open: async (page) => {
          await open(page, '/docs');
          await page.fill('input[type=search]', 'data key');
        },
      },
      {
        name: 'api-encrypt',
        open: async (page) => {
          await open(page, '/docs#encrypt');
          await page.getByRole('button', { name: 'Send', exact: true }).click();
          await page.locator('.result .success').waitFor();
        },
      },
    ],
  };
}
