import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Reply } from '../front.ts';
import type { LocalSettings } from '../local-settings.ts';
import type { LocalUrls } from '../route-hints.ts';
import type { LocalRoute } from '../routes.ts';
import { assets, bundleAsset } from './assets.ts';
import { readDocumentation } from './documentation-page.ts';
import { html } from './html.ts';
import { buildLandingPage } from './landing-page.ts';
import { acceptsHtml, buildPage, buildTextReply } from './page-layout.ts';

/** Returns a page of `npm start`, or `undefined` if the path belongs to the API. A deployed API has none of these pages. */
export async function answerPage(
  { method, headers }: IncomingMessage,
  path: string,
  urls: LocalUrls,
  routes: readonly LocalRoute[],
  settings: LocalSettings,
): Promise<Reply | undefined> {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (path === '/') return buildLandingPage(urls, routes, settings, acceptsHtml(headers.accept));
  if (path === '/docs' || path === '/docs/') return buildApiPage(urls);
  if (path === '/openapi.json') return buildTextReply(200, 'application/json', await readOpenApi());
  const [, name = ''] = /^\/docs\/([\w.-]+)$/.exec(path) ?? [];
  if (assets.has(name))
    return buildTextReply(200, name.endsWith('.css') ? 'text/css' : 'text/javascript', await bundleAsset(name));
  return readDocumentation(path, urls.emulator);
}

function buildApiPage({ emulator }: LocalUrls): Reply {
  const body = html`<div id="api-page"><noscript>This page requires JavaScript. <a href="/docs/reference/operations.md">Operations</a> contains the same list of operations.</noscript></div>`;
  return buildPage(200, { title: 'API · kms-functions', section: '/docs', body, script: 'api-page.js' }, emulator);
}

/** Returns the OpenAPI document with a relative server URL, so that the API page calls the host that served it. */
async function readOpenApi(): Promise<string> {
  const document = JSON.parse(await readFile(new URL('../../../docs/reference/openapi.json', import.meta.url), 'utf8'));
  return JSON.stringify({ ...document, servers: [{ url: '/', description: 'This server' }] });
}
