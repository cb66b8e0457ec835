import { type CallId, encodeDescription, encodePlaintext } from './call-id.ts';
import type { Version } from './version.ts';

/** Makes a call. Returns `ok`, or the error code. */
export type Caller = (id: CallId) => Promise<string>;

const KeyId = 'alias/example';

/** Calls Encrypt with the typed client. All calls use one client, and thus one retry budget. */
export function createClientCaller({ client }: Version, endpoint: string, timeoutMs?: number): Caller {
  const kms = createClient(client, endpoint, timeoutMs);
  return (id) => readOutcome(kms.encrypt({ KeyId, Plaintext: encodePlaintext(id) }));
}

/** Calls CreateKey with the typed client. */
export function createKeyCaller({ client }: Version, endpoint: string, timeoutMs?: number): Caller {
  const kms = createClient(client, endpoint, timeoutMs);
  return (id) => readOutcome(kms.createKey({ Description: encodeDescription(id) }));
}

/** Calls Encrypt over HTTP without retries. */
export function createRawCaller(endpoint: string): Caller {
  return (id) => post(`${endpoint}/keys/alias.example/encrypt`, { Plaintext: toBase64(encodePlaintext(id)) });
}

/** Calls CreateKey over HTTP, and aborts the request after `timeoutMs`. The function is not informed. */
export function createRawKeyCaller(endpoint: string, timeoutMs: number): Caller {
  return (id) => post(`${endpoint}/keys`, { Description: encodeDescription(id) }, AbortSignal.timeout(timeoutMs));
}

function createClient({ createClient: create, http }: Version['client'], endpoint: string, timeoutMs?: number) {
  return create({ transport: http({ endpoint }), ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}

async function readOutcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return String((error as { code?: unknown }).code ?? (error as Error).name);
  }
}

async function post(url: string, body: object, signal?: AbortSignal): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  try {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: signal ?? null });
    const text = await response.text();
    if (response.ok) return 'ok';
    return String((JSON.parse(text) as { code?: unknown }).code ?? response.status);
  } catch (error) {
    return signal?.aborted ? 'CallTimeoutError' : (error as Error).name;
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
