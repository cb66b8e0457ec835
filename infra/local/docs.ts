import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isHttpEvent, readHttpEvent } from '../../shared/http/http-request.ts';
import { buildJsonResponse, type HttpResponse, securityHeaders } from '../../shared/http/http-response.ts';
import { page, start } from './docs-page.ts';

/** Blocks inline content and other origins. Allows `data:` images, which the Swagger UI style sheet uses as icons. */
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
  readonly read: () => Promise<string>;
}

/** The files below `/docs/`, by name. For all other names, the function returns 404. */
const files: ReadonlyMap<string, File> = new Map([
  ['swagger-ui.css', { type: 'text/css', read: () => readSwaggerUiFile('swagger-ui.css') }],
  ['swagger-ui-bundle.js', { type: 'text/javascript', read: () => readSwaggerUiFile('swagger-ui-bundle.js') }],
  ['start.js', { type: 'text/javascript', read: async () => start }],
]);

const pageFile: File = { type: 'text/html', read: async () => page };

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
    body: await file.read(),
    isBase64Encoded: false,
  };
}

/** Resolves the file from the working directory, because `invoke local` runs this code from the build folder. */
function readSwaggerUiFile(name: string): Promise<string> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  return readFile(require.resolve(`swagger-ui-dist/${name}`), 'utf8');
}
