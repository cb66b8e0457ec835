import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A fault in a request to KMS or in its response. */
export type Fault =
  | 'no execution'
  | 'no response'
  | 'throttling'
  | 'denied'
  | 'a reset before the execution'
  | 'a reset after the execution'
  | 'an error after the execution'
  | 'an HTML response'
  | 'an incomplete response'
  | 'none';

export interface FaultProxy {
  readonly endpoint: string;
  fault: Fault;
  /** Selects the requests to which the fault applies, by operation and by their number. Default: all requests. */
  appliesTo: (operation: string, count: number) => boolean;
  /** Resolves when a request that will get no response has reached the proxy, or was executed. */
  readonly stuck: Promise<void>;
  /** The number of successful executions in KMS, by operation. */
  readonly executed: Map<string, number>;
  /** The number of requests to KMS, by operation. */
  readonly requests: Map<string, number>;
  close(): Promise<void>;
}

/** Starts a proxy in front of `target` that injects faults. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const stuck = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const body = await readBody(request);
    count(proxy.requests, operation);
    const fault = proxy.appliesTo(operation, proxy.requests.get(operation) ?? 0) ? proxy.fault : 'none';
    const early = before[fault];
    if (fault === 'no execution') stuck.resolve();
    if (early !== undefined) return early(response);
    const upstream = await forward(target, request, body);
    if (upstream.status === 200) count(proxy.executed, operation);
    const late = after[fault];
    if (fault === 'no response') stuck.resolve();
    if (late !== undefined) return late(response, upstream);
    response.writeHead(upstream.status, upstream.headers).end(upstream.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: 'none',
    appliesTo: () => true,
    stuck: stuck.promise,
    executed: new Map(),
    requests: new Map(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

interface UpstreamResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const before: Partial<Record<Fault, (response: ServerResponse) => void>> = {
  'no execution': () => {},
  throttling: (response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{"__type":"ThrottlingException","message":"Rate exceeded"}');
  },
  denied: (response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{"__type":"AccessDeniedException","Message":"No policy allows the request."}');
  },
  'a reset before the execution': (response) => response.destroy(),
};

const after: Partial<Record<Fault, (response: ServerResponse, upstream: UpstreamResponse) => void>> = {
  'a reset after the execution': (response) => response.destroy(),
  // Only the caller's timeout can end the call.
  'no response': () => {},
  'an error after the execution': (response) => {
    response.writeHead(500, { 'content-type': 'application/x-amz-json-1.1' }).end('{"__type":"KMSInternalException"}');
  },
  'an HTML response': (response) => response.writeHead(200).end('<html>a proxy in between</html>'),
  'an incomplete response': (response, { headers, body }) => {
    response.writeHead(200, { ...headers, 'content-length': String(body.length + 10) });
    response.write(body.subarray(0, -1), () => response.destroy());
  },
};

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<UpstreamResponse> {
  return new Promise((resolve, reject) => {
    const host = new URL(target).host;
    const sent = httpRequest(
      new URL(url ?? '/', target),
      { method, headers: { ...headers, host } },
      async (upstream) => {
        const type = String(upstream.headers['content-type']);
        resolve({
          status: upstream.statusCode ?? 0,
          headers: { 'content-type': type },
          body: await readBody(upstream),
        });
      },
    );
    sent.on('error', reject).end(body);
  });
}

function count(counts: Map<string, number>, operation: string): void {
  counts.set(operation, (counts.get(operation) ?? 0) + 1);
}
