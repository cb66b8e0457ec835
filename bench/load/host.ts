/**
 * Runs an HTTP API, its functions and a proxy in front of KMS in a separate process. Receives a task from the parent
 * process, sends the endpoint of the API, and sends figures for each call when the parent requests them.
 */
import { type CallId, findCallId } from './call-id.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { Fault } from './faults.ts';
import { type FunctionName, startGateway } from './gateway.ts';
import { type FunctionPackage, Sandboxes } from './sandboxes.ts';

export interface HostTask {
  readonly functions: Readonly<Record<FunctionName, FunctionPackage>>;
  readonly kms: string;
  readonly fault: Fault;
  readonly warmSandboxes: Readonly<Partial<Record<FunctionName, number>>>;
}

/** The figures of a call inside of the service. */
export interface ServiceFigures {
  readonly id: CallId;
  invocations: number;
  billedMs: number;
  /** The number of requests to KMS, and the number that KMS executed. */
  kmsAttempts: number;
  executions: number;
  /** The Lambda request id of each call record that the functions wrote. */
  readonly recordedRequestIds: string[];
}

export interface HostReport {
  readonly calls: readonly ServiceFigures[];
  readonly maxBusy: number;
}

const figures = new Map<CallId, ServiceFigures>();
/** The call of each invocation, by Lambda request id. */
const callIds = new Map<string, CallId>();
const recordedRequestIds: string[] = [];

process.on('message', async (message: HostTask | 'report') => {
  if (message === 'report') process.send?.(report());
  else process.send?.(await start(message));
});

let pools: Readonly<Record<FunctionName, Sandboxes>>;

async function start({ functions, kms, fault, warmSandboxes }: HostTask): Promise<string> {
  captureRecords();
  const proxy = await startFaultProxy(kms, fault, {
    onRequest: (id) => {
      find(id).kmsAttempts += 1;
    },
    onExecuted: (id) => {
      find(id).executions += 1;
    },
  });
  // The functions read this variable while they load.
  process.env.AWS_ENDPOINT_URL_KMS = proxy.endpoint;
  pools = { encrypt: new Sandboxes(functions.encrypt), createKey: new Sandboxes(functions.createKey) };
  for (const [name, count] of Object.entries(warmSandboxes)) pools[name as FunctionName].warmUp(count);
  return await startGateway(async (name, event, body) => {
    const id = findCallId(body);
    find(id).invocations += 1;
    const invocation = await pools[name].invoke(event);
    callIds.set(invocation.requestId, id);
    find(id).billedMs += invocation.billedMs;
    return invocation;
  });
}

function find(id: CallId): ServiceFigures {
  const known = figures.get(id);
  if (known !== undefined) return known;
  const created = { id, invocations: 0, billedMs: 0, kmsAttempts: 0, executions: 0, recordedRequestIds: [] };
  figures.set(id, created);
  return created;
}

/** Reads the call records, which the functions write to standard output and, if KMS failed, to standard error. */
function captureRecords(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array) => {
      const text = String(chunk);
      if (!text.includes('"schema":"kms-functions.call/')) return write(chunk);
      for (const line of text.trim().split('\n')) recordedRequestIds.push(JSON.parse(line).requestId);
      return true;
    };
  }
}

function report(): HostReport {
  for (const requestId of recordedRequestIds.splice(0)) {
    const id = callIds.get(requestId);
    if (id !== undefined) find(id).recordedRequestIds.push(requestId);
  }
  return { calls: [...figures.values()], maxBusy: Math.max(...Object.values(pools).map(({ maxBusy }) => maxBusy)) };
}
