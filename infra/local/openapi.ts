import document from '../../docs/reference/openapi.json' with { type: 'json' };
import { type HttpAnswer, jsonAnswer } from '../../shared/http/http-response.ts';

/** The document with the server that it was read from: whichever name and port that has, 'try it' stays on it. */
const served = { ...document, servers: [{ url: '/', description: 'This server' }] };

export async function handler(): Promise<HttpAnswer> {
  return jsonAnswer(200, served);
}
