import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { http } from '../../client/index.ts';
import { sealer } from '../../client/sealer/index.ts';
import { startEmulator } from '../../emulator/index.ts';
import { type LaunchedBrowser, launchBrowser } from '../support/browser.ts';
import { readDocBlocks, readPromisedLines } from '../support/doc-blocks.ts';
import { clientFor, useEmulator } from '../support/emulator.ts';
import { useFixedPorts } from '../support/fixed-ports.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';
import { installPackedPackage, type Project } from '../support/packed-package.ts';
import { root } from '../support/project-copy.ts';

const api = 'http://localhost:3000';
/** The first code block in docs/guides/client.md. It creates a key, encrypts, decrypts and schedules the deletion. */
const firstPage = readDocBlocks('docs/guides/client.md')[0]!.code;
/** The code block for browsers in docs/guides/sealing-in-the-client.md. It seals and opens a note. */
const sealerPage = readDocBlocks('docs/guides/sealing-in-the-client.md').find(({ code }) =>
  code.includes('kms-functions/sealer/web'),
)!.code;

// The guide's code calls the API on the port of `npm start`.
useFixedPorts();
const used = useEmulator();
let stage: LocalStage;
const sites: Server[] = [];
let project: Project;
let launched: LaunchedBrowser | { reason: string } = { reason: 'the browser was not launched' };

beforeAll(async () => {
  launched = await launchBrowser();
  if ('reason' in launched) return;
  project = await installPackedPackage();
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startLocalStage({ apiPort: 3000 });
}, 120_000);
afterAll(async () => {
  if ('browser' in launched) await launched.close();
  for (const site of sites) site.close();
  project?.remove();
  await stage?.close();
});
beforeEach(({ skip }) => {
  if ('reason' in launched) skip(launched.reason);
});

/** Bundles a page's script with the packages in a folder. */
async function bundleScript(contents: string, resolveDir: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: resolveDir,
    stdin: { contents, resolveDir, loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** Serves a site on its own port, so that its origin differs from the API's origin. */
async function serveSite(script: string): Promise<string> {
  const site = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html; charset=utf-8' });
    response.end(
      isScript
        ? script
        : '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
    );
  });
  sites.push(site);
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
}

/** Opens a page, and returns the lines that its script writes until it writes `done`. */
async function readConsole(page: Page, url: string): Promise<string[]> {
  const lines: string[] = [];
  // The browser itself also writes errors, for example about responses with a status of 400 or more.
  page.on('console', (message) => message.type() === 'log' && lines.push(message.text()));
  page.on('pageerror', (error) => lines.push(error.message, 'done'));
  await page.goto(url);
  await expect.poll(() => lines, { timeout: 15_000 }).toContain('done');
  return lines;
}

test('the packed client creates a key, encrypts, decrypts and schedules the key deletion in a browser', async () => {
  if ('reason' in launched) throw new Error(launched.reason);
  const signed = `
    const signing = createClient({ transport: http({ endpoint: '${api}', region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: 'local' } }) });
    console.log((await signing.describeKey({ KeyId: 'alias/example' })).KeyMetadata.KeyState);
    try { await signing.describeKey({ KeyId: 'alias/missing' }); } catch (error) { console.log(error.code, error.status); }
    console.log('done');`;
  const url = await serveSite(await bundleScript(firstPage + signed, project.folder));
  const page = await launched.browser.newPage();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).origin}`));
  expect(await readConsole(page, url)).toEqual([
    ...readPromisedLines(firstPage),
    'Enabled',
    'NotFoundException 404',
    'done',
  ]);
  expect(requests.filter((request) => request === `POST ${api}`)).toHaveLength(4);
});

test('the packed sealer seals and opens messages in a browser, which Node.js opens too', async () => {
  if ('reason' in launched) throw new Error(launched.reason);
  const signed = `
    const signing = sealer({ transport: http({ endpoint: '${api}' }), keyId: 'alias/example', suite: 0x0578 });
    const { message: large } = await signing.seal(new Uint8Array(200_000).fill(7));
    console.log((await signing.open(large)).plaintext.every((byte) => byte === 7));
    large[1000] ^= 1;
    try { await signing.open(large); } catch (error) { console.log(error.code); }
    console.log(btoa(String.fromCharCode(...message)));
    console.log('done');`;
  const url = await serveSite(await bundleScript(sealerPage + signed, project.folder));
  const lines = await readConsole(await launched.browser.newPage(), url);
  const message = lines.splice(-2, 1)[0] ?? '';
  expect(lines).toEqual([...readPromisedLines(sealerPage), 'true', 'FrameAuthenticationFailed', 'done']);
  const { plaintext } = await sealer({ transport: http({ endpoint: api }) }).open(Buffer.from(message, 'base64'));
  expect(Buffer.from(plaintext).toString()).toBe('a note');
});

describe('the AWS SDK on a web page of another origin', () => {
  /** Calls the emulator in the fragment of the URL, and writes the result of each call or the name of its error. */
  const script = `
    import { KMS } from '@aws-sdk/client-kms';
    const endpoint = location.hash.slice(1);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const kms = new KMS({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    const show = async (name, call) => console.log(name, await call().catch((error) => error.name));
    await show('encrypt, decrypt', async () => {
      const { KeyMetadata, $metadata } = await kms.createKey();
      const { CiphertextBlob } = await kms.encrypt({ KeyId: KeyMetadata.KeyId, Plaintext: Uint8Array.of(1, 2, 3) });
      const { Plaintext } = await kms.decrypt({ CiphertextBlob });
      return [...Plaintext].join() + ' ' + typeof $metadata.requestId;
    });
    await show('missing key', () => kms.describeKey({ KeyId: 'alias/missing' }));
    await show('control API', async () => (await fetch(endpoint + '/_kms/health')).status);
    console.log('done');`;

  test.for([
    ['lets the page call KMS, but not the control API, if `cors` contains its origin', true, 1],
    ['blocks the page if `cors` contains only another origin', false, 0],
  ] as const)('the browser %s', async ([, isAllowed, keys]) => {
    if ('reason' in launched) throw new Error(launched.reason);
    const site = await serveSite(await bundleScript(script, root));
    const cors = [isAllowed ? new URL(site).origin : 'http://127.0.0.1:1'];
    const emulator = await startEmulator({ cors, seed: 'none' });
    const client = clientFor(emulator.endpoint);
    onTestFinished(async () => {
      client.destroy();
      await emulator.close();
    });
    expect(await readConsole(await launched.browser.newPage(), `${site}#${emulator.endpoint}`)).toEqual([
      `encrypt, decrypt ${isAllowed ? '1,2,3 string' : 'TypeError'}`,
      `missing key ${isAllowed ? 'NotFoundException' : 'TypeError'}`,
      'control API TypeError',
      'done',
    ]);
    expect((await client.send(new ListKeysCommand({}))).Keys).toHaveLength(keys);
  });
});

describe('stage local', () => {
  const preflight = (origin: string) =>
    fetch(`${api}/keys`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });

  test.for(['http://localhost:8080', 'http://127.0.0.1:5173'])(
    'stage local allows a page from %s to send JSON',
    async (origin) => {
      const { headers } = await preflight(origin);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
    },
  );

  test.for(['https://example.com', 'http://localhost.example.com:80', 'null'])(
    'stage local does not allow a page from %s to send JSON',
    async (origin) => {
      const { headers } = await preflight(origin);
      expect(headers.get('access-control-allow-origin')).toBe(null);
    },
  );
});
