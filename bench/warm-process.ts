import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundle } from '../infra/packaging/bundle.ts';
import { functionEnvironment } from './function-environment.ts';
import { start } from './server-process.ts';
import type { Ask, Told } from './warm-calls.ts';

export type Calls = (ask: Omit<Ask, 'bundle' | 'endpoint'>) => Promise<Told & { readonly logBytes: number }>;

/** The bundle of encrypt and an emulator; each ask runs in a fresh process. */
export async function withEncrypt<T>(use: (calls: Calls) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  const path = 'functions/crypto/encrypt/handler';
  await bundle([path], folder);
  const emulator = await start(process.execPath, [
    join(import.meta.dirname, '../emulator/cli.ts'),
    ...['--port', '0', '--in-memory'],
  ]);
  try {
    return await use((ask) => callsOf({ ...ask, bundle: join(folder, `${path}.cjs`), endpoint: emulator.endpoint }));
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function callsOf(ask: Ask): Promise<Told & { logBytes: number }> {
  // Into a file: who reads a pipe would take a share of the two processors.
  const logFile = join(dirname(ask.bundle), `log-${randomUUID()}`);
  const log = openSync(logFile, 'w');
  const child = fork(join(import.meta.dirname, 'warm-calls.ts'), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', log, 'inherit', 'ipc'],
    env: functionEnvironment(ask.endpoint),
  });
  child.send(ask);
  const told = await Promise.race([
    once(child, 'message').then(([message]) => message as Told),
    once(child, 'exit').then(() => undefined),
  ]);
  if (told === undefined) throw new Error('the process of the calls ended early');
  closeSync(log);
  return { ...told, logBytes: statSync(logFile).size };
}
