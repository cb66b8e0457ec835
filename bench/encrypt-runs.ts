import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundle } from '../infra/packaging/bundle.ts';
import type { Row } from './benchmark.ts';
import type { Block, EncryptFigures, EncryptTask } from './encrypt-worker.ts';
import { buildFunctionEnvironment } from './function-environment.ts';
import { startEmulatorProcess } from './server-process.ts';
import { median, pairRatios, round } from './statistics.ts';

type RunEncrypt = (
  task: Omit<EncryptTask, 'bundle' | 'endpoint'>,
) => Promise<EncryptFigures & { readonly logBytes: number }>;

/** Bundles the encrypt function and starts an emulator. Passes `use` a function that runs a task in a fresh process. */
export async function withEncrypt<T>(use: (runEncrypt: RunEncrypt) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  const path = 'functions/crypto/encrypt/handler';
  await bundle([path], folder);
  const emulator = await startEmulatorProcess();
  try {
    return await use((task) =>
      runInProcess({ ...task, bundle: join(folder, `${path}.cjs`), endpoint: emulator.endpoint }),
    );
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runInProcess(task: EncryptTask): Promise<EncryptFigures & { logBytes: number }> {
  // The child writes its log to a file, because reading a pipe would cost CPU time.
  const logFile = join(dirname(task.bundle), `log-${randomUUID()}`);
  const log = openSync(logFile, 'w');
  const child = fork(join(import.meta.dirname, 'encrypt-worker.ts'), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', log, 'inherit', 'ipc'],
    env: buildFunctionEnvironment(task.endpoint),
  });
  child.send(task);
  const figures = await Promise.race([
    once(child, 'message').then(([message]) => message as EncryptFigures),
    once(child, 'exit').then(() => undefined),
  ]);
  if (figures === undefined) throw new Error('The worker process exited before it sent its figures.');
  closeSync(log);
  return { ...figures, logBytes: statSync(logFile).size };
}

export const comparisonNotes = [
  'The handler and the plain SDK client run in pairs of blocks of 100 calls, and take turns running first. Each ratio is the median over all pairs.',
  'CPU times count only the threads of the process, so load from other programs hardly affects them.',
];

/** Compares the handler's blocks with the plain SDK client's blocks. */
export function compareWithSdk(handler: readonly Block[], sdk: readonly Block[]): Row {
  const select = (blocks: readonly Block[], figure: keyof Block) => blocks.map((block) => block[figure]);
  const ratio = (figure: keyof Block) => round(median(pairRatios(select(handler, figure), select(sdk, figure))), 2);
  return {
    handlerP50Ms: round(median(select(handler, 'p50Ms')), 3),
    sdkP50Ms: round(median(select(sdk, 'p50Ms')), 3),
    p50Ratio: ratio('p50Ms'),
    cpuRatio: ratio('cpuMs'),
    handlerP99Ms: round(median(select(handler, 'p99Ms')), 2),
    sdkP99Ms: round(median(select(sdk, 'p99Ms')), 2),
  };
}
