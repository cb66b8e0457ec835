/**
 * In a process of its own, whose standard output is the functions' log: Encrypt through a function's bundle and
 * by the bare client, in blocks that take turns at being first. The parent says which; the figures go back to it.
 */
import { createRequire } from 'node:module';
import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { quantile } from './pairs.ts';

export interface Ask {
  readonly bundle: string;
  readonly endpoint: string;
  readonly trigger: 'direct' | 'http';
  /** Of each side, a multiple of a block's. */
  readonly calls: number;
  readonly payloadBytes: number;
  readonly contextBytes: number;
  /** Only the function, in groups, and what memory is in use after each. */
  readonly memory?: { readonly groups: number; readonly atOnce: number };
}

export interface Told {
  readonly handler: Block[];
  readonly bare: Block[];
  readonly heapBytes: number[];
}

export interface Block {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of each call, of all threads of the process. */
  readonly cpuMs: number;
}

const blockCalls = 100;
const warmUpBlocks = 5;

type Handler = (event: unknown, context: unknown) => Promise<{ statusCode?: number; CiphertextBlob?: string }>;

const KeyId = 'alias/example';
const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 10_000 };

process.once('message', async (ask: Ask) => {
  const { handler } = createRequire(import.meta.url)(ask.bundle) as { handler: Handler };
  const client = new KMSClient({ endpoint: ask.endpoint });
  const bytes = Buffer.alloc(ask.payloadBytes, 7);
  const EncryptionContext = contextOf(ask.contextBytes);
  const members = { Plaintext: bytes.toString('base64'), ...(EncryptionContext && { EncryptionContext }) };
  const event = ask.trigger === 'http' ? httpEvent(members) : { KeyId, ...members };

  const byHandler = async () => {
    const answer = await handler(event, context);
    if (answer.statusCode !== 200 && answer.CiphertextBlob === undefined) throw new Error(JSON.stringify(answer));
  };
  const bare = () =>
    client.send(new EncryptCommand({ KeyId, Plaintext: bytes, ...(EncryptionContext && { EncryptionContext }) }));

  const told: Told = { handler: [], bare: [], heapBytes: [] };
  if (ask.memory === undefined) {
    for (let number = -warmUpBlocks; number < ask.calls / blockCalls; number += 1) {
      const isFirst = number % 2 === 0;
      const before = isFirst ? await block(byHandler) : undefined;
      const bareBlock = await block(bare);
      const handlerBlock = before ?? (await block(byHandler));
      if (number < 0) continue;
      told.handler.push(handlerBlock);
      told.bare.push(bareBlock);
    }
  } else {
    const { groups, atOnce } = ask.memory;
    for (let group = 0; group <= groups; group += 1) {
      let left = group === 0 ? 1_000 : ask.calls / groups;
      const worker = async () => {
        while (left-- > 0) await byHandler();
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      global.gc?.();
      told.heapBytes.push(process.memoryUsage().heapUsed);
    }
  }
  process.send?.(told, () => process.exit());
});

async function block(call: () => Promise<unknown>): Promise<Block> {
  const cpuBefore = process.cpuUsage();
  const timesMs: number[] = [];
  for (let number = 0; number < blockCalls; number += 1) {
    const began = performance.now();
    await call();
    timesMs.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    p50Ms: quantile(timesMs, 0.5),
    p99Ms: quantile(timesMs, 0.99),
    cpuMs: (user + system) / 1000 / blockCalls,
  };
}

/** An encryption context of about so many bytes of JSON. */
function contextOf(size: number): Record<string, string> | undefined {
  if (size === 0) return undefined;
  const pairs = Math.ceil(size / 256);
  return Object.fromEntries(
    Array.from({ length: pairs }, (_, index) => [`name${index}`, 'v'.repeat(Math.min(size, 256) - 15)]),
  );
}

function httpEvent(body: object): object {
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
