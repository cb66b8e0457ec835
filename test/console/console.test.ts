import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildConsole } from '../../scripts/build-console.ts';
import { type LaunchedBrowser, launchBrowser } from '../support/browser.ts';
import { clientFor, useEmulator } from '../support/emulator.ts';
import { consoleSeed, invoicesKeyId } from './console-seed.ts';

const used = useEmulator({ seed: consoleSeed });
beforeAll(buildConsole);

test('the console is at most 300 kB compressed', () => {
  const files = readdirSync('emulator/console/dist').filter((name) => name !== 'licenses.txt');
  expect(files.toSorted()).toEqual(['console.css', 'console.js', 'icon.svg', 'index.html']);
  const sizes = files.map((name) => gzipSync(readFileSync(`emulator/console/dist/${name}`)).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(300_000);
});

test('the package contains the licenses of all packages in the console', () => {
  const licenses = readFileSync('emulator/console/dist/licenses.txt', 'utf8');
  for (const name of ['preact', '@preact/signals', '@aws-sdk/client-kms']) expect(licenses).toContain(`${name} `);
});

describe('the console in a browser', { timeout: 90_000 }, () => {
  let launched: LaunchedBrowser | { readonly reason: string };
  let page: Page;
  const requests: string[] = [];
  let problems: string[] = [];

  beforeAll(async () => {
    launched = await launchBrowser();
    if ('reason' in launched) return;
    page = await launched.browser.newPage({
      viewport: { width: 1280, height: 900 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    page.setDefaultTimeout(25_000);
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
  });
  afterAll(async () => {
    if (launched !== undefined && 'browser' in launched) await launched.close();
  });
  beforeEach(async ({ skip }) => {
    if ('reason' in launched) skip(launched.reason);
    used.emulator.clock.set(new Date());
    await used.emulator.reset();
    await page.goto('about:blank');
    problems = [];
  });
  afterEach(() => {
    // Chromium itself reports every response with an error status. AWS answers a denial with status 400.
    expect(problems.filter((text) => !/^Failed to load resource: .* status of 400/.test(text))).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(`${used.emulator.endpoint}/`) && !url.startsWith('blob:'))).toEqual(
      [],
    );
  });

  /** Waits until the page has drawn its last change. A person cannot press a key earlier. */
  const waitForFrames = () =>
    page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  const open = async (path: string) => {
    await page.goto(`${used.emulator.endpoint}/#/${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await waitForFrames();
    await page.getByText('Loading…').waitFor({ state: 'detached' });
  };
  const click = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
  const choose = (name: string) => page.getByRole('link', { name, exact: true }).click();
  const text = (locator: string) => page.locator(locator).innerText();

  async function switchCaller(accessKeyId: string): Promise<void> {
    await page.getByRole('button', { name: /^Switch caller/ }).click();
    await page.getByLabel('Access key id', { exact: true }).fill(accessKeyId);
    await click('Switch');
    await page.locator('dialog').waitFor({ state: 'detached' });
  }

  test('creates a key, explains why another caller is denied, and decrypts an old ciphertext after a rotation', async () => {
    await open('keys');
    await switchCaller('000000000000');
    await click('Create key');
    await page.getByLabel('Alias').fill('reports');
    await page.getByLabel('Description').fill('Encrypts reports');
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('heading', { level: 1, name: 'alias/reports' }).waitFor();

    await choose('Rotation');
    await click('Enable rotation');
    await page
      .getByText('in 12 months')
      .or(page.getByText('in 1 year'))
      .or(page.getByText('next year'))
      .first()
      .waitFor();

    await choose('Try it');
    await page.getByLabel('Plaintext', { exact: true }).fill('quarterly figures');
    await click('Encrypt');
    await page.getByRole('heading', { name: /^Ciphertext/ }).waitFor();
    await click('Use for Decrypt');

    await switchCaller('AKIABILLING');
    await click('Decrypt');
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('To allow it').waitFor();
    expect(await result.innerText()).toMatch(
      /AccessDeniedException[\s\S]*kms:Decrypt[\s\S]*Why[\s\S]*No identity-based policy allows[\s\S]*Allow kms:Decrypt/,
    );

    await choose('Requests');
    const denial = page.locator('details').filter({ hasText: 'denied' }).first();
    await denial.locator('summary').click();
    expect(await denial.innerText()).toMatch(
      /Decrypt[\s\S]*assumed-role\/billing[\s\S]*Denied[\s\S]*To allow it[\s\S]*Allow kms:Decrypt on/,
    );

    await switchCaller('000000000000');
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'alias/reports' }).waitFor();
    await choose('Rotation');
    await click('Advance the clock to the next rotation');
    await page.getByText('automatic', { exact: true }).waitFor();
    expect(await page.getByRole('row').count()).toBe(3);

    await choose('Try it');
    await click('Decrypt');
    await page.getByRole('heading', { name: /^Plaintext/ }).waitFor();
    expect(await page.locator('.output output').first().innerText()).toBe('quarterly figures');
  });

  test('the whole console works with the keyboard', async () => {
    await open('keys');
    await page.getByRole('button', { name: 'Create key' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await waitForFrames();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Create key');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (const key of ['H', 'Tab', 'Tab']) await page.keyboard.press(key);
    await page.keyboard.type('typed');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'alias/typed' }).waitFor();
    expect(await text('.badges')).toContain('HMAC_224');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  });

  test('actions that delete something ask first, and Escape cancels them', async () => {
    await open('emulator');
    await click('Reset to the seed');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Cancel');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Reset to the seed');

    await open(`keys/${invoicesKeyId}/tags`);
    await page.getByRole('button', { name: 'Delete alias/invoices' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No aliases').waitFor();
  });

  test("shows AWS's code and message next to the form that caused the error", async () => {
    await open(`keys/${invoicesKeyId}/policy`);
    const policy = page.getByLabel('Policy document');
    await policy.fill('{');
    expect(await text('.syntax-error')).toContain('Not valid JSON');
    await policy.fill('{"Version":"2012-10-17","Statement":[]}');
    await click('Save policy');
    expect(await page.getByRole('alert').innerText()).toContain('MalformedPolicyDocumentException');
    await open('keys/missing');
    expect(await page.getByRole('alert').innerText()).toMatch(/NotFoundException\s+Invalid keyId 'missing'/);
  });

  test('the browser stores the access key id and the Region, but no secret access key', async () => {
    await open('keys');
    await page.getByRole('button', { name: /^Switch caller/ }).click();
    await page.getByLabel('Secret access key').fill('canary-secret');
    await page.getByLabel('Region').fill('eu-west-1');
    await click('Switch');
    await page.getByText('No keys yet').waitFor();
    const stored = await page.evaluate('JSON.stringify([sessionStorage, localStorage, document.cookie])');
    expect(stored).toBe(
      JSON.stringify([{ 'kms-console': '{"accessKeyId":"000000000000","region":"eu-west-1"}' }, {}, '']),
    );
    await page.evaluate('sessionStorage.clear()');
  });

  const routes = [
    'keys',
    'requests',
    'emulator',
    ...['overview', 'try', 'policy', 'grants', 'tags', 'rotation'].map((tab) => `keys/${invoicesKeyId}/${tab}`),
    'keys/missing',
  ];

  test('the list begins with the keys that have an alias, and breaks no key id or key spec at 1280 pixels', async () => {
    const kms = clientFor(used.emulator.endpoint);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    kms.destroy();
    await open('keys');
    await page.getByText('SYMMETRIC_DEFAULT').nth(3).waitFor();
    const rows = page.locator('tbody .key-link');
    expect(await rows.allInnerTexts()).toEqual(['alias/invoices', KeyMetadata?.KeyId]);
    const lines = await page.evaluate(
      "[...document.querySelectorAll('tbody code:not(.sub)')].map((code) => code.getClientRects().length)",
    );
    expect(lines).toEqual([1, 1, 1]);
  });

  test('no page scrolls sideways at 390 or 1280 pixels, or breaks a rule of axe in light or dark', async () => {
    await open('keys');
    await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
    const found: string[] = [];
    for (const route of routes) {
      await open(route);
      for (const { width, colorScheme } of [
        { width: 390, colorScheme: 'dark' },
        { width: 1280, colorScheme: 'light' },
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        const problems = (await page.evaluate(checkPage)) as string[];
        found.push(...problems.map((problem) => `${route} at ${width} pixels: ${problem}`));
      }
    }
    expect(found).toEqual([]);
  });
});

/** Runs in the page. Returns the pixels by which the page scrolls sideways, and the violations of axe's rules. */
const checkPage = `(async () => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const overflow = scrollWidth > clientWidth ? ['scrolls sideways by ' + (scrollWidth - clientWidth)] : [];
  const { violations } = await axe.run({ resultTypes: ['violations'] });
  return [...overflow, ...violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html, failureSummary }) => html + failureSummary))];
})()`;
