import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LaunchedBrowser, launchBrowser } from '../support/browser.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';
import { allOperations } from '../support/operations.ts';

const used = useEmulator();
let stage: LocalStage;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startLocalStage();
});
afterAll(() => stage.close());

describe('GET /docs', () => {
  test('GET /docs has a content security policy that allows only its own files and no inline scripts', async () => {
    const response = await fetch(`${stage.url}/docs`);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(await response.text()).not.toMatch(/<script(?! src="\/docs\/)|https?:/);
  });

  test.for(['package.json', '..%2Fpackage.json', 'swagger-ui.js', 'constructor'])(
    'GET /docs returns 404 for other files: %s',
    async (name) => {
      const response = await fetch(`${stage.url}/docs/${name}`);
      expect(response.status).toBe(404);
    },
  );
});

test('GET /openapi.json returns the document with a relative server URL', async () => {
  const response = await fetch(`${stage.url}/openapi.json`);
  const { servers, paths } = (await response.json()) as { servers: unknown; paths: object };
  expect(servers).toMatchObject([{ url: '/' }]);
  expect(Object.values(paths).flatMap(Object.values)).toHaveLength(
    allOperations.flatMap(({ routes }) => routes).length,
  );
});

describe('the documentation page in a browser', () => {
  let launched: LaunchedBrowser | { reason: string };
  beforeAll(async () => {
    launched = await launchBrowser();
  });
  afterAll(async () => {
    if ('browser' in launched) await launched.close();
  });
  beforeEach(({ skip }) => {
    if ('reason' in launched) skip(launched.reason);
  });

  /** Opens the page. Collects its requests, errors and warnings. */
  async function openDocs(): Promise<{ page: Page; requests: string[]; problems: string[] }> {
    if ('reason' in launched) throw new Error(launched.reason);
    const page = await launched.browser.newPage({ viewport: { width: 1280, height: 1600 } });
    const requests: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    await page.goto(`${stage.url}/docs`);
    return { page, requests, problems };
  }

  test('the documentation page lists every operation, sends requests, and loads nothing from other hosts', async () => {
    const { page, requests, problems } = await openDocs();
    await page.waitForSelector('.opblock');
    expect(await page.locator('.opblock').count()).toBe(allOperations.flatMap(({ routes }) => routes).length);

    const encrypt = page.locator('#operations-crypto-encrypt');
    await encrypt.locator('.opblock-summary-control').click();
    await encrypt.locator('button.execute').click();
    const response = encrypt.locator('.live-responses-table');
    await response.locator('.response-col_description pre').first().waitFor();
    expect(await response.locator('.response .response-col_status').innerText()).toContain('200');
    const text = await response.locator('.response-col_description pre').first().innerText();
    expect(JSON.parse(text)).toMatchObject({ CiphertextBlob: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) });

    const screenshots = process.env.SCREENSHOTS;
    if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, 'docs.png') });
    expect(requests).toContain(`${stage.url}/keys/alias.example/encrypt`);
    expect(requests.filter((url) => !url.startsWith(`${stage.url}/`) && !url.startsWith('data:'))).toEqual([]);
    expect(problems).toEqual([]);
  });
});
