import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { type CallId, findCallId } from './call-id.ts';
import type { Fault } from './faults.ts';

export interface FaultProxy {
  readonly endpoint: string;
}

/** Observes the requests to KMS. */
export interface ProxyObserver {
  onRequest(id: CallId): void;
  /** KMS has executed the request, even if its response does not arrive. */
  onExecuted(id: CallId): void;
}

const internalError = {
  status: 500,
  type: 'application/x-amz-json-1.1',
  body: Buffer.from('{"__type":"KMSInternalException"}'),
};

/** Starts a proxy in front of KMS that injects a fault. */
export async function startFaultProxy(kms: string, fault: Fault, observer: ProxyObserver): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const id = findCallId(body.toString());
    observer.onRequest(id);
    if (fault.kind === 'hang') return;
    if (fault.kind === 'reset' && Math.random() < fault.share) return response.destroy();
    if (fault.kind === 'internal error') return respond(response, internalError);
    const received = await forward(kms, agent, request, body);
    if (received.status === 200) observer.onExecuted(id);
    if (fault.kind === 'stalled body') return stall(response, received);
    const isLate = fault.kind === 'latency' && Math.random() < (fault.share ?? 1);
    if (isLate) setTimeout(() => respond(response, received), fault.latencyMs);
    else respond(response, received);
  });
  const tcpServer = createTcpServer((socket) => {
    if (fault.kind === 'half-open') ignore(socket, observer);
    else server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => tcpServer.listen(0, '127.0.0.1', resolve));
  return { endpoint: `http://127.0.0.1:${(tcpServer.address() as AddressInfo).port}` };
}

interface Received {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** Reads the requests only to count them. */
function ignore(socket: Socket, observer: ProxyObserver): void {
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    text += part;
    if (!text.endsWith('}')) return;
    observer.onRequest(findCallId(text));
    text = '';
  });
  socket.on('error', () => undefined);
}

function respond(response: ServerResponse, { status, type, body }: Received): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
}

function stall(response: ServerResponse, { status, type, body }: Received): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length }).write(body.subarray(0, 1));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(kms: string, agent: Agent, { headers, url }: IncomingMessage, body: Buffer): Promise<Received> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { ...headers, host: new URL(kms).host } };
    const sent = httpRequest(new URL(url ?? '/', kms), options, async (response) => {
      const type = String(response.headers['content-type']);
      resolve({ status: response.statusCode ?? 0, type, body: await readBody(response) });
    });
    sent.on('error', reject).end(body);
  });
}
