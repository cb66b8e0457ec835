import document from '../../docs/reference/openapi.json' with { type: 'json' };
import { buildJsonResponse, type HttpResponse } from '../../shared/http/http-response.ts';

/** The OpenAPI document with a relative server URL, so that "Try it out" calls the host and port that served the page. */
const served = { ...document, servers: [{ url: '/', description: 'This server' }] };

export async function handler(): Promise<HttpResponse> {
  return buildJsonResponse(200, served);
}
