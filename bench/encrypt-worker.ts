/**
 * Measures Encrypt calls in a separate process, whose standard output is the function log. Calls the bundled function and
 * the plain SDK client in blocks, and alternates which of them runs first. The parent process sends the task and receives
 * the figures.
 */
import { createRequire } from 'node:module';
import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { quantile } from './statistics.ts';

export interface EncryptTask {
  readonly bundle: string;
  readonly endpoint: string;
  readonly trigger: 'direct' | 'http';
  /** The number of calls to the handler, and also to the plain SDK client. Must be a multiple of the block size. */
  readonly calls: number;
  readonly payloadBytes: number;
  readonly contextBytes: number;
  /** Makes the worker call only the function, and measure the heap after the warm-up and after each group of calls. */
  readonly memory?: { readonly warmUpCalls: number; readonly groups: number; readonly concurrency: number };
}

export interface EncryptFigures {
  readonly handler: Block[];
  readonly sdk: Block[];
  readonly heapBytes: number[];
}

/** The time per call in a block of calls. */
export interface Block {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The CPU time that all threads of the process use for a call. */
  readonly cpuMs: number;
}

const blockCalls = 100;
const warmUpBlocks = 5;

type Handler = (event: unknown, context: unknown) => Promise<{ statusCode?: number; CiphertextBlob?: string }>;

const KeyId = 'alias/example';
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 10_000 };

process.once('message', async (task: EncryptTask) => {
  const { handler } = createRequire(import.meta.url)(task.bundle) as { handler: Handler };
  const client = new KMSClient({ endpoint: task.endpoint });
  const bytes = Buffer.alloc(task.payloadBytes, 7);
  const EncryptionContext = createContext(task.contextBytes);
  const members = { Plaintext: bytes.toString('base64'), ...(EncryptionContext && { EncryptionContext }) };
  const event = task.trigger === 'http' ? createHttpEvent(members) : { KeyId, ...members };

  const callHandler = async () => {
    const response = await handler(event, context);
    if (response.statusCode !== 200 && response.CiphertextBlob === undefined) throw new Error(JSON.stringify(response));
  };
  const callSdk = () =>
    client.send(new EncryptCommand({ KeyId, Plaintext: bytes, ...(EncryptionContext && { EncryptionContext }) }));

  const figures =
    task.memory === undefined
      ? await compareCalls(task.calls, callHandler, callSdk)
      : { handler: [], sdk: [], heapBytes: await measureHeap(task.calls, task.memory, callHandler) };
  process.send?.(figures, () => process.exit());
});

async function compareCalls(
  calls: number,
  callHandler: () => Promise<unknown>,
  callSdk: () => Promise<unknown>,
): Promise<EncryptFigures> {
  const figures: EncryptFigures = { handler: [], sdk: [], heapBytes: [] };
  for (let index = -warmUpBlocks; index < calls / blockCalls; index += 1) {
    const isHandlerFirst = index % 2 === 0;
    const first = isHandlerFirst ? await measureBlock(callHandler) : undefined;
    const sdkBlock = await measureBlock(callSdk);
    const handlerBlock = first ?? (await measureBlock(callHandler));
    if (index < 0) continue;
    figures.handler.push(handlerBlock);
    figures.sdk.push(sdkBlock);
  }
  return figures;
}

async function measureHeap(
  calls: number,
  { warmUpCalls, groups, concurrency }: NonNullable<EncryptTask['memory']>,
  call: () => Promise<unknown>,
): Promise<number[]> {
  const heapBytes: number[] = [];
  for (let group = 0; group <= groups; group += 1) {
    let left = group === 0 ? warmUpCalls : calls / groups;
    const worker = async () => {
      while (left-- > 0) await call();
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    global.gc?.();
    heapBytes.push(process.memoryUsage().heapUsed);
  }
  return heapBytes;
}

async function measureBlock(call: () => Promise<unknown>): Promise<Block> {
  const cpuBefore = process.cpuUsage();
  const timesMs: number[] = [];
  for (let index = 0; index < blockCalls; index += 1) {
    const startMs = performance.now();
    await call();
    timesMs.push(performance.now() - startMs);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    p50Ms: quantile(timesMs, 0.5),
    p99Ms: quantile(timesMs, 0.99),
    cpuMs: (user + system) / 1000 / blockCalls,
  };
}

/** Creates an encryption context whose JSON is about `size` bytes long. */
function createContext(size: number): Record<string, string> | undefined {
  if (size === 0) return undefined;
  const pairs = Math.ceil(size / 256);
  return Object.fromEntries(
    Array.from({ length: pairs }, (_, index) => [`name${index}`, 'v'.repeat(Math.min(size, 256) - 15)]),
  );
}

function createHttpEvent(body: object): object {
  return {
    version: '2.0',
    routeKey: 'POST /keys/{KeyId}/encrypt',
    rawPath: '/keys/alias.example/encrypt',
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    requestContext: {
      http: { method: 'POST', path: '/keys/alias.example/encrypt' },
      requestId: 'bench',
      stage: '$default',
    },
    pathParameters: { KeyId: 'alias.example' },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}
