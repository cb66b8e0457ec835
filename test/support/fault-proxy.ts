import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may happen to a request on its way to KMS, or to the answer on its way back. */
export type Fault =
  | 'slow'
  | 'throttled'
  | 'reset before'
  | 'reset after'
  | 'answer lost'
  | 'garbage'
  | 'cut short'
  | 'none';

export interface FaultProxy {
  readonly endpoint: string;
  fault: Fault;
  /** How often KMS did what it was asked, by operation. */
  readonly done: Map<string, number>;
  /** How often a request came, by operation. */
  readonly asked: Map<string, number>;
  close(): Promise<void>;
}

/** A proxy on this machine before `target` that injects faults. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const body = await bodyOf(request);
    count(proxy.asked, operation);
    const early = before[proxy.fault];
    if (early !== undefined) return early(response);
    const answer = await forward(target, request, body);
    if (answer.status === 200) count(proxy.done, operation);
    const late = after[proxy.fault];
    if (late !== undefined) return late(response, answer);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: 'none',
    done: new Map(),
    asked: new Map(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const before: Partial<Record<Fault, (response: ServerResponse) => void>> = {
  throttled: (response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{"__type":"ThrottlingException","message":"Rate exceeded"}');
  },
  'reset before': (response) => response.destroy(),
};

const after: Partial<Record<Fault, (response: ServerResponse, answer: Answer) => void>> = {
  'reset after': (response) => response.destroy(),
  // No answer ever comes: the caller's own time-out must end it.
  slow: () => {},
  'answer lost': (response) => {
    response.writeHead(500, { 'content-type': 'application/x-amz-json-1.1' }).end('{"__type":"KMSInternalException"}');
  },
  garbage: (response) => response.writeHead(200).end('<html>a proxy in between</html>'),
  'cut short': (response, { headers, body }) => {
    response.writeHead(200, { ...headers, 'content-length': String(body.length + 10) });
    response.write(body.subarray(0, -1), () => response.destroy());
  },
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const host = new URL(target).host;
    const sent = httpRequest(new URL(url ?? '/', target), { method, headers: { ...headers, host } }, async (answer) => {
      const type = String(answer.headers['content-type']);
      resolve({ status: answer.statusCode ?? 0, headers: { 'content-type': type }, body: await bodyOf(answer) });
    });
    sent.on('error', reject).end(body);
  });
}

function count(counts: Map<string, number>, operation: string): void {
  counts.set(operation, (counts.get(operation) ?? 0) + 1);
}
