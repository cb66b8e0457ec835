import document from '../../docs/reference/openapi.json' with { type: 'json' };
import { buildJsonResponse, type HttpResponse } from '../../shared/http/http-response.ts';

/** The document with the server that it was read from: whichever name and port that has, 'try it' stays on it. */
const served = { ...document, servers: [{ url: '/', description: 'This server' }] };

export async function handler(): Promise<HttpResponse> {
  return buildJsonResponse(200, served);
}
