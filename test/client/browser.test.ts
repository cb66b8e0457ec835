import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LaunchedBrowser, launchBrowser } from '../support/browser.ts';
import { readDocBlocks, readPromisedLines } from '../support/doc-blocks.ts';
import { useFixedPorts } from '../support/fixed-ports.ts';
import { installPackedPackage, type Project } from '../support/packed-package.ts';
import type { Running } from '../support/process.ts';
import { useProjectCopy } from '../support/project-copy.ts';
import { startService } from '../support/start.ts';

const api = 'http://localhost:3000';
/** The first code block in docs/guides/client.md. It creates a key, encrypts, decrypts and schedules the deletion. */
const firstPage = readDocBlocks('docs/guides/client.md')[0]!.code;

useFixedPorts();
const copy = useProjectCopy();
let service: Running;
let site: Server;
let project: Project;
let launched: LaunchedBrowser | { reason: string } = { reason: 'the browser was not launched' };

beforeAll(async () => {
  launched = await launchBrowser();
  if ('reason' in launched) return;
  project = await installPackedPackage();
  ({ process: service } = await startService(copy.directory));
}, 120_000);
afterAll(async () => {
  if ('browser' in launched) await launched.close();
  site?.close();
  project?.remove();
  if (service !== undefined) expect((await service.end()).code).toBe(0);
});
beforeEach(({ skip }) => {
  if ('reason' in launched) skip(launched.reason);
});

/** Bundles the page's script in the empty project, with only the packed package. */
async function bundleScript(code: string): Promise<string> {
  project.write('page.ts', code);
  const { outputFiles } = await build({
    absWorkingDir: project.folder,
    entryPoints: [join(project.folder, 'page.ts')],
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
  site = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html; charset=utf-8' });
    response.end(
      isScript
        ? script
        : '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
    );
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
}

test('the packed client creates a key, encrypts, decrypts and schedules the key deletion in a browser', async () => {
  if ('reason' in launched) throw new Error(launched.reason);
  const signed = `
    const signing = createClient({ transport: http({ endpoint: '${api}', region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: 'local' } }) });
    console.log((await signing.describeKey({ KeyId: 'alias/example' })).KeyMetadata.KeyState);
    try { await signing.describeKey({ KeyId: 'alias/missing' }); } catch (error) { console.log(error.code, error.status); }
    console.log('done');`;
  const url = await serveSite(await bundleScript(firstPage + signed));
  const page = await launched.browser.newPage();
  const consoleLines: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => consoleLines.push(message.text()));
  page.on('pageerror', (error) => consoleLines.push(error.message, 'done'));
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).origin}`));
  await page.goto(url);
  await expect.poll(() => consoleLines, { timeout: 15_000 }).toContain('done');
  // The browser logs every response with a status of 400 or more.
  expect(consoleLines.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([
    ...readPromisedLines(firstPage),
    'Enabled',
    'NotFoundException 404',
    'done',
  ]);
  expect(requests.filter((request) => request === `POST ${api}`)).toHaveLength(4);
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
