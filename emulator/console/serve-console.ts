import type { IncomingMessage, ServerResponse } from 'node:http';
import { readAsset } from '../core/read-asset.ts';
import { isLocalRequest } from '../http/control-server.ts';

/** The console's files by URL path. `npm run build:console` writes them to dist/. */
const files: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/_kms/console/console.js': { name: 'console.js', type: 'text/javascript; charset=utf-8' },
  '/_kms/console/console.css': { name: 'console.css', type: 'text/css; charset=utf-8' },
  '/_kms/console/icon.svg': { name: 'icon.svg', type: 'image/svg+xml' },
  '/_kms/console/licenses.txt': { name: 'licenses.txt', type: 'text/plain; charset=utf-8' },
};

const text = 'text/plain; charset=utf-8';

/**
 * The console's page loads nothing from other origins and sends requests only to the emulator.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Serves the console's page and its assets. Accepts only requests from this machine, as the control API does. */
export function serveConsole(request: IncomingMessage, response: ServerResponse): void {
  if (!isLocalRequest(request)) {
    send(response, 403, text, 'The console accepts only requests from this machine.\n');
    return;
  }
  const [path = '/'] = (request.url ?? '/').split('?');
  const file = Object.hasOwn(files, path) ? files[path] : undefined;
  if (file === undefined) {
    send(response, 404, text, 'The console has no file at this path. Open it at /\n');
    return;
  }
  if (path === '/' && !isBrowser(request)) {
    send(response, 200, 'application/json', `${JSON.stringify(description)}\n`);
    return;
  }
  try {
    send(response, 200, file.type, readAsset(`console/dist/${file.name}`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    send(response, 503, text, 'The console is not built. Run `npm run build:console`, and reload this page.\n');
  }
}

/** The answer at `/` for programs other than browsers. */
const description = {
  message:
    'This is a KMS emulator. Send AWS KMS requests with POST to this URL. Open this URL in a browser to use the console.',
  health: '/_kms/health',
};

/** Returns whether a request comes from a browser's address bar or a link. SDKs and tools do not accept HTML. */
function isBrowser({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  response.end(body);
}
