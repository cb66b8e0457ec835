import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that passes through the proxy. `path` has no query. */
export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  /** The operation in `X-Amz-Target`, for requests to KMS. */
  readonly target: string;
  readonly body: string;
}

export interface ProxiedResponse {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns a response instead of the upstream's. Calls `forward` to pass the request on, optionally with another body. */
export type Rewrite = (
  request: ProxiedRequest,
  forward: (body?: string) => Promise<ProxiedResponse>,
) => Promise<ProxiedResponse> | undefined;

export interface RewritingProxy {
  readonly url: string;
  rewrite: Rewrite | undefined;
  close(): Promise<void>;
}

/** Starts a proxy in front of `upstream` that injects faults into selected requests. */
export async function startRewritingProxy(upstream: string): Promise<RewritingProxy> {
  const server = createServer(async (request, response) => {
    const bytes = await readBody(request);
    const body = bytes.toString('utf8');
    const { method = 'GET', url = '/', headers } = request;
    const forward = async (sent: string | Buffer = bytes) => {
      const received = await send(upstream + url, method, headers, sent);
      return { ...received, body: received.bytes.toString('utf8') };
    };
    const target = String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const rewritten = proxy.rewrite?.({ method, path: url.split('?')[0] ?? '', target, body }, forward);
    const answer = await (rewritten ?? send(upstream + url, method, headers, bytes));
    const content = 'bytes' in answer ? answer.bytes : answer.body;
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: RewritingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rewrite: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

const passedHeaders = [
  'authorization',
  'content-type',
  'kms-parameters',
  'x-amz-target',
  'x-amz-date',
  'x-amz-security-token',
];
const returnedHeaders = ['content-type', 'kms-parameters', 'x-amz-function-error', 'apigw-requestid'];

async function send(
  url: string,
  method: string,
  received: IncomingMessage['headers'],
  body: string | Buffer,
): Promise<Pick<ProxiedResponse, 'status' | 'headers'> & { readonly bytes: Buffer }> {
  const headers = pick(passedHeaders, (name) => received[name] as string | undefined);
  const response = await fetch(url, {
    method,
    headers,
    ...(body.length === 0 ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, bytes, headers: pick(returnedHeaders, (name) => response.headers.get(name)) };
}

function pick(names: readonly string[], read: (name: string) => string | null | undefined): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (read(name) ? [[name, String(read(name))]] : [])));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Changes a JSON response. */
export async function changeJson(
  response: Promise<ProxiedResponse>,
  // biome-ignore lint/suspicious/noExplicitAny: the faults know the responses.
  change: (body: any) => unknown,
): Promise<ProxiedResponse> {
  const { status, body, headers } = await response;
  return { status, body: JSON.stringify(change(JSON.parse(body))), ...(headers === undefined ? {} : { headers }) };
}
