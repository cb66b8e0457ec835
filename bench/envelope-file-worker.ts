/** Seals or opens one file with streams in a separate process, and sends the time and the growth of memory to the parent. */
import { createCipheriv } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createOpenStream, createSealStream } from '../envelope/index.ts';
import { createRawDataKeys } from '../test/support/raw-data-keys.ts';

export interface FileTask {
  readonly kind: 'seal' | 'open' | 'rawSeal' | 'rawOpen';
  readonly input: string;
  readonly output: string;
}

export interface FileFigures {
  readonly ms: number;
  readonly cpuMs: number;
  /** The largest growth of the resident set after the first tenth of the file. */
  readonly growthBytes: number;
}

/** A fixed wrapping key, so that another process can open what one process sealed. */
const key = new Uint8Array(32).fill(7);
const iv = new Uint8Array(12);
const dataKeys = createRawDataKeys(key);

const streams: Readonly<Record<FileTask['kind'], () => Transform>> = {
  seal: () => createSealStream({ dataKeys }),
  open: () => createOpenStream({ dataKeys }),
  rawSeal: () => createCipheriv('aes-256-gcm', key, iv),
  // GCM decrypts as it encrypts, with the same counter and the same hash. Only the comparison of the tags is missing.
  rawOpen: () => createCipheriv('aes-256-gcm', key, iv),
};

/** The part of the file after which the code is compiled and the buffers are allocated. */
const warmUpShare = 0.1;

process.once('message', async ({ kind, input, output }: FileTask) => {
  const source = createReadStream(input);
  const warmUpBytes = statSync(input).size * warmUpShare;
  const sizes: number[] = [];
  const timer = setInterval(() => {
    if (source.bytesRead > warmUpBytes) sizes.push(process.memoryUsage.rss());
  }, 10);
  const [start, cpuStart] = [performance.now(), process.threadCpuUsage()];
  await pipeline(source, streams[kind](), createWriteStream(output));
  const { user, system } = process.threadCpuUsage(cpuStart);
  const ms = performance.now() - start;
  clearInterval(timer);
  const growthBytes = Math.max(...sizes) - (sizes[0] as number);
  process.send?.({ ms, cpuMs: (user + system) / 1000, growthBytes } satisfies FileFigures);
  process.disconnect?.();
});
