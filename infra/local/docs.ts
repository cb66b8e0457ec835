import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isHttpEvent, readHttpEvent } from '../../shared/http/http-request.ts';
import { buildJsonResponse, type HttpResponse, securityHeaders } from '../../shared/http/http-response.ts';
import { page, start } from './docs-page.ts';

/** Nothing from outside, and nothing inline. Swagger UI's style sheet has its icons as `data:`. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

interface File {
  readonly type: string;
  readonly content: () => Promise<string>;
}

/** The files of the page by their names under /docs/; no other file of the disk has a way out. */
const files: ReadonlyMap<string, File> = new Map([
  ['swagger-ui.css', { type: 'text/css', content: () => ofSwaggerUi('swagger-ui.css') }],
  ['swagger-ui-bundle.js', { type: 'text/javascript', content: () => ofSwaggerUi('swagger-ui-bundle.js') }],
  ['start.js', { type: 'text/javascript', content: async () => start }],
]);

const pageFile: File = { type: 'text/html', content: async () => page };

export async function handler(event: unknown): Promise<HttpResponse> {
  const name = isHttpEvent(event) ? readHttpEvent(event).pathParameters.get('file') : undefined;
  const file = name === undefined ? pageFile : files.get(name);
  if (file === undefined) return buildJsonResponse(404, { message: 'Not Found' });
  return {
    statusCode: 200,
    headers: {
      ...securityHeaders,
      'content-type': `${file.type}; charset=utf-8`,
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
    },
    body: await file.content(),
    isBase64Encoded: false,
  };
}

/** By the working directory, which is the service's: `invoke local` moves this code to another folder. */
function ofSwaggerUi(name: string): Promise<string> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  return readFile(require.resolve(`swagger-ui-dist/${name}`), 'utf8');
}
