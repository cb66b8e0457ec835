import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createClient, http } from '../../client/index.ts';
import { formatClientCode, formatCurl } from '../../infra/local/pages/browser/code-samples.ts';
import {
  type ApiOperation,
  type OpenApiDocument,
  readOperations,
} from '../../infra/local/pages/browser/open-api-document.ts';
import { createDraft } from '../../infra/local/pages/browser/request-draft.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { type LaunchedBrowser, launchBrowser } from '../support/browser.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';
import { documentedOperations, openApi } from '../support/openapi.ts';
import { isSoak, sampledRows } from '../support/operations.ts';
import { run } from '../support/process.ts';

const used = useEmulator();
let stage: LocalStage;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startLocalStage();
});
afterAll(() => stage.close());

const AsyncFunction = (async () => {}).constructor as new (
  ...parameters: string[]
) => (...values: unknown[]) => Promise<void>;
const sampledIds = new Set(sampledRows.map(({ operation }) => functionName(operation)));
/** Selects all routes in a full run, and one in each group in other runs. */
const isSampled = (id: string) => isSoak || sampledIds.has(id);
const browserAccept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

function get(path: string, accept = '*/*'): Promise<Response> {
  return fetch(`${stage.url}${path}`, { headers: { accept } });
}

/** Decodes the character references that the pages contain. */
function decodeHtml(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}

describe('GET /', () => {
  test('returns the URLs of the three servers as text to programs', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('vary')).toBe('accept');
    const text = await response.text();
    for (const url of [...Object.values(stage.urls), `${stage.url}/docs`]) expect(text).toContain(url);
  });

  test('returns the same commands to browsers and to programs, and every command works as shown', async () => {
    const page = await (await get('/', browserAccept)).text();
    const inPage = [...page.matchAll(/<code data-command>(.*?)<\/code>/g)].map(([, code = '']) => decodeHtml(code));
    const text = await (await get('/')).text();
    expect(inPage).toEqual([...text.matchAll(/^curl .*$/gm)].map(([line]) => line));
    expect(inPage.length).toBeGreaterThanOrEqual(5);
    for (const command of inPage) {
      const { code, stdout } = await run(['sh', '-c', command]);
      expect(code, command).toBe(0);
      expect(JSON.parse(stdout), command).not.toHaveProperty('code');
      expect(JSON.parse(stdout), command).toEqual(expect.toSatisfy(isKmsResponse));
    }
  });

  function isKmsResponse(body: object): boolean {
    return ['CiphertextBlob', 'KeyMetadata', 'Keys'].some((member) => member in body);
  }

  test.for([
    ['application/json', 'text/plain'],
    ['text/html;q=0', 'text/plain'],
    ['text/html', 'text/html'],
    [browserAccept, 'text/html'],
  ] as const)('returns the type for the header Accept: %s → %s', async ([accept, type]) => {
    expect((await get('/', accept)).headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  });
});

describe('web pages with other origins', () => {
  const describeKey = async () => (await get('/keys/alias.example')).json();
  const body = ['-X', 'POST', '-d', '{"KeyId":"alias/example"}'];

  test.each(['https://example.com', 'http://localhost.example.com', 'null'])(
    'cannot change keys through the API or the functions, even without reading the response: %s',
    async (origin) => {
      for (const url of [
        `${stage.url}/keys/alias.example/disable`,
        `${stage.urls.lambda}/2015-03-31/functions/kms-functions-local-disableKey/invocations`,
      ]) {
        const { stdout } = await run(['curl', '-s', '-w', '%{http_code}', ...body, url, '-H', `Origin: ${origin}`]);
        expect(stdout).toBe('{"message":"This server rejects requests from web pages with other origins."}403');
      }
      expect(await describeKey()).toMatchObject({ KeyMetadata: { Enabled: true } });
    },
  );
});

describe('an unknown route', () => {
  test('returns 404 and {"message":"Not Found"} to programs, as a deployed API does', async () => {
    const response = await get('/kesy');
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json']);
    expect(await response.text()).toBe('{"message":"Not Found"}');
  });

  test('shows the hint, and links to the operation, in browsers', async () => {
    const response = await get('/keys/alias.example/encrypt', browserAccept);
    expect(response.status).toBe(404);
    const page = decodeHtml(await response.text());
    expect(page).toContain("This path requires POST. curl sends POST if you add -d '{…}'.");
    expect(page).toContain('<a href="/docs#POST/keys/{KeyId}/encrypt">');
  });

  test('escapes the path in the page', async () => {
    const page = await (await get('/<script>alert(1)</script>', browserAccept)).text();
    expect(page).not.toContain('<script>alert');
  });
});

describe.for(['/', '/docs', '/docs/README.md', '/kesy'])('the page %s', (path) => {
  test('has a content security policy that allows only its own files and no inline code', async () => {
    const response = await get(path, browserAccept);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(await response.text()).not.toMatch(/<script(?! src="\/docs\/)|<style|\sstyle=|\son\w+=/);
  });
});

describe('GET /docs/…', () => {
  test.for([
    'package.json',
    '..%2Fpackage.json',
    'page.tsx',
    'constructor',
    '../package.json',
    '.env',
    '../.kms/x.json',
  ])('returns 404 for other files: %s', async (name) => {
    expect((await get(`/docs/${name}`)).status).toBe(404);
  });

  test('contains only documentation pages whose links and anchors exist', async () => {
    const pages = new Map<string, string>();
    const open = ['/docs/README.md'];
    const broken: string[] = [];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const response = await get(path, browserAccept);
      if (response.status !== 200) broken.push(path);
      const text = await response.text();
      pages.set(path, text);
      for (const [, link = ''] of text.matchAll(/<a href="(\/?[^":]*)"/g)) {
        const target = new URL(link, `${stage.url}${path}`).pathname;
        if (!pages.has(target) && !open.includes(target)) open.push(target);
      }
    }
    for (const [path, text] of pages) {
      for (const [, link = ''] of text.matchAll(/<a href="([^":]*#[^"]+)"/g)) {
        const { pathname, hash } = new URL(decodeHtml(link), `${stage.url}${path}`);
        if (!pages.get(pathname)?.includes(`id="${decodeURIComponent(hash.slice(1))}"`))
          broken.push(`${path} → ${link}`);
      }
    }
    expect(broken).toEqual([]);
    expect(pages.size).toBeGreaterThan(60);
  });
});

test('GET /openapi.json returns the document with a relative server URL', async () => {
  const response = await get('/openapi.json');
  const { servers, paths } = (await response.json()) as { servers: unknown; paths: object };
  expect(servers).toMatchObject([{ url: '/' }]);
  expect(Object.values(paths).flatMap(Object.values)).toHaveLength(documentedOperations.length);
});

describe('the code samples on the API page', () => {
  const document = openApi as unknown as OpenApiDocument;
  const operations = readOperations(document);
  const sampled = operations.filter(({ id }) => isSampled(id));
  const formatCode = (operation: ApiOperation) =>
    formatClientCode(stage.url, document, operation, createDraft(operation)) ?? '';

  test.for(sampled)('the curl command for $id succeeds', async (operation) => {
    await used.emulator.restoreSeed();
    const command = formatCurl(stage.url, operation, createDraft(operation));
    const { code, stdout } = await run(['sh', '-c', `${command} -w '\n%{http_code}'`]);
    expect({ code, status: stdout.split('\n').at(-1) }, stdout).toEqual({
      code: 0,
      status: `${operation.success.status}`,
    });
  });

  test.for(sampled)('the client code for $id succeeds', async (operation) => {
    await used.emulator.restoreSeed();
    const [firstLine, ...lines] = formatCode(operation).split('\n');
    expect(firstLine).toBe("import { createClient, http } from 'kms-functions/client';");
    const results: unknown[] = [];
    const execute = new AsyncFunction('createClient', 'http', 'console', lines.join('\n'));
    await execute(createClient, http, { log: (result: unknown) => results.push(result) });
    expect(results).toEqual([expect.any(Object)]);
  });

  test.runIf(isSoak)('the client code for all operations compiles', async () => {
    const folder = mkdtempSync('test/infra/code-samples-');
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const operation of operations) {
      const code = formatCode(operation).replace('kms-functions/client', '../../../client/index.ts');
      writeFileSync(`${folder}/${operation.id}.ts`, code);
    }
    const config = { extends: '../../../tsconfig.json', compilerOptions: { module: 'nodenext' }, include: ['.'] };
    writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config));
    const { code, stdout } = await run(['tsc', '-p', folder]);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  test.for([
    ['a single quote', { Description: "it's" }, "it'\\''s", "'it\\'s'"],
    ['a backslash and a line break', { Description: 'a\\b\nc' }, 'a\\\\b\\nc', "'a\\\\b\\nc'"],
    ['a member that is not an identifier', { Tags: { 'a b': '$HOME' } }, '$HOME', "'a b': '$HOME'"],
  ] as const)('the code escapes %s', ([, body, inCurl, inClient]) => {
    const operation = operations.find(({ id }) => id === 'createKey') as ApiOperation;
    const draft = { parameters: {}, body: JSON.stringify(body) };
    expect(formatCurl(stage.url, operation, draft)).toContain(inCurl);
    expect(formatClientCode(stage.url, document, operation, draft)).toContain(inClient);
  });
});

describe('the pages in a browser', () => {
  let launched: LaunchedBrowser | { reason: string };
  let page: Page;
  let requests: string[] = [];
  let problems: string[] = [];

  beforeAll(async () => {
    launched = await launchBrowser();
    if ('reason' in launched) return;
    page = await launched.browser.newPage();
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
  });
  afterAll(async () => {
    if ('browser' in launched) await launched.close();
  });
  beforeEach(({ skip }) => {
    if ('reason' in launched) skip(launched.reason);
  });

  /** Opens a page with a clean record of its requests and problems. */
  async function open(path: string, width: number): Promise<void> {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('about:blank');
    [requests, problems] = [[], []];
    await page.goto(`${stage.url}${path}`);
  }

  /** Expects that the page contacted only this server, and that it does not scroll sideways. */
  async function expectClean(allowedProblems: readonly RegExp[] = []): Promise<void> {
    expect(requests.filter((url) => !url.startsWith(`${stage.url}/`) && !url.startsWith('data:'))).toEqual([]);
    expect(problems.filter((text) => !allowedProblems.some((allowed) => allowed.test(text)))).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }

  const notFound = [/status of 404/];
  const search = 'input[type=search]';
  const links = '.operation-groups a';
  const widths = [390, 1280];
  const searches: readonly (readonly [query: string, firstResults: readonly string[]])[] = [
    ['delete', ['DeleteAlias', 'DeleteImportedKeyMaterial', 'DeleteCustomKeyStore']],
    ['data key', ['GenerateDataKey', 'GenerateDataKeyPair']],
    ['generatedatakey', ['GenerateDataKey', 'GenerateDataKeyPair']],
    ['Encrypt', ['Encrypt', 'ReEncrypt']],
    ['plaintext encrypted', ['GenerateDataKey', 'GenerateDataKeyPair']],
    ['/random', ['GenerateRandom']],
  ];

  describe.for(widths)('at %i px', (width) => {
    test('the landing page copies a command', async () => {
      await open('/', width);
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.locator('[data-copy]').first().click();
      await page.locator('[data-copy]', { hasText: 'Copied' }).waitFor();
      const command = await page.locator('[data-command]').first().textContent();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command);
      await expectClean();
    });

    test('the name of the project stays on one line of the header', async () => {
      await open('/docs/README.md', width);
      const countLines = `(() => {
        const range = new Range();
        range.selectNodeContents(document.querySelector('.brand'));
        return range.getClientRects().length;
      })()`;
      expect(await page.evaluate(countLines)).toBe(1);
      await expectClean();
    });

    test('the page for an unknown route leads to the operation', async () => {
      await open('/encrypt', width);
      await page.locator('main .links a').first().click();
      await page.locator('h1', { hasText: 'Encrypt' }).waitFor();
      await expectClean(notFound);
    });

    test('an operation can be found and sent with the keyboard', async () => {
      await open('/docs', width);
      await page.locator(links).first().waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('describe key');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.locator('h1', { hasText: 'DescribeKey' }).waitFor();
      await page.locator('.try input').first().focus();
      await page.keyboard.press('Enter');
      await page.locator('.result .success', { hasText: '200 OK' }).waitFor();
      await expectClean();
    });

    test('the API page sends the edited request, and shows the real response and its status', async () => {
      await open('/docs#encrypt', width);
      await page.locator('.try button[type=submit]').click();
      await page.locator('.result .success', { hasText: '200 OK' }).waitFor();
      const text = await page.locator('.result pre').innerText();
      expect(JSON.parse(text)).toMatchObject({ CiphertextBlob: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) });
      await page.fill('.try textarea', '{"plaintext": "aGVsbG8="}');
      await page.locator('.try button[type=submit]').click();
      await page.locator('.result .failure', { hasText: '400 Bad Request' }).waitFor();
      expect(await page.locator('.result pre').innerText()).toContain('"pointer": "/plaintext"');
      expect(requests).toContain(`${stage.url}/keys/alias.example/encrypt`);
      await expectClean([/status of 400/]);
    });

    test('an operation shows its members, errors and code without scrolling sideways', async () => {
      await open('/docs#createKey', width);
      await page.locator('h1', { hasText: 'CreateKey' }).waitFor();
      for (const summary of await page.locator('.description summary').all()) await summary.click({ force: true });
      expect(await page.locator('.description').innerText()).toMatch(
        /KeySpec[\s\S]*RSA_2048[\s\S]*LimitExceededException/,
      );
      await page.locator('.choice', { hasText: 'Client' }).click();
      expect(await page.locator('.samples code').innerText()).toContain('client.createKey({');
      await expectClean();
    });

    test('the API page asks for no authentication', async () => {
      await open('/docs#encrypt', width);
      await page.locator('h1', { hasText: 'Encrypt' }).waitFor();
      expect(await page.locator('body').innerText()).not.toMatch(/authorize|sigv4|bearer/i);
    });
  });

  test('the API page lists the operations in the order of docs/reference/operations.md', async () => {
    await open('/docs', 1280);
    await page.locator(links).first().waitFor();
    const shown = await page.locator(`${links} .name`).allInnerTexts();
    expect(shown).toHaveLength(documentedOperations.length);
    const text = await (await get('/docs/reference/operations.md')).text();
    const documented = [...text.matchAll(/<tr>\s*<td>(?:<a[^>]*>)?(\w+)/g)].map(([, name]) => name);
    expect([...new Set(shown.map((name) => name.split(' ')[0]))]).toEqual(documented);
  });

  test('the key / moves the focus to the search field as soon as the list is shown', async () => {
    const pressKeyWhenShown = `new MutationObserver((records, observer) => {
      if (document.querySelector('${links}') === null) return;
      observer.disconnect();
      dispatchEvent(new KeyboardEvent('keydown', { key: '/', cancelable: true }));
    }).observe(document, { childList: true, subtree: true })`;
    await page.addInitScript(`if (location.pathname === '/docs') ${pressKeyWhenShown}`);
    await open('/docs', 1280);
    await page.locator(`${search}:focus`).waitFor();
  });

  test('the search finds operations by words in their names, summaries and routes', async () => {
    await open('/docs', 1280);
    for (const [query, expected] of searches) {
      await page.fill(search, query);
      const found = await page.locator(`${links} .name`).allInnerTexts();
      expect(found.slice(0, expected.length), query).toEqual(expected);
      expect(found.length, query).toBeLessThan(20);
    }
    await page.fill(search, 'no such operation');
    expect(await page.locator('.count').innerText()).toBe('No operation matches.');
    await expectClean();
  });

  test('each operation has its own screen with a request that succeeds', async () => {
    await open('/docs', 1280);
    for (const { name } of documentedOperations.filter(({ name }) => isSampled(name))) {
      await used.emulator.restoreSeed();
      await page.evaluate(`location.hash = ${JSON.stringify(name)}`);
      await page.locator(`.operations a[href="#${name}"][aria-current]`).waitFor();
      await page.locator('.try button[type=submit]').click();
      await page.locator('.result h3').waitFor();
      expect(await page.locator('.result h3').innerText(), name).toMatch(/^20[01] /);
    }
    await expectClean();
  });
});
