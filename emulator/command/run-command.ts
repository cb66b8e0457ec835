import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { pointToEmulator } from '../core/aws-environment.ts';

/** The signals that end a program. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** The signals that a terminal sends to all processes in the foreground, so the command gets them without our help. */
const terminalSignals: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);
/** The exit codes of shells for a command that cannot be executed, and for one that does not exist. */
const notExecutable = 126;
const notFound = 127;

/**
 * Runs a command with variables that point AWS SDKs to an emulator. Passes signals on to the command. Returns the
 * command's exit code, or 128 and the signal number if a signal ended it, as shells do.
 */
export async function runCommand([file = '', ...args]: readonly string[], endpoint: string): Promise<number> {
  const env = { ...process.env, ...pointToEmulator(endpoint, process.env) };
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals) => {
    if (!(process.stdin.isTTY && terminalSignals.has(signal))) child?.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  try {
    // For some errors, `spawn` throws. For others, it emits the event `error`.
    child = spawn(file, args, { env, stdio: 'inherit' });
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such command on the PATH' : (error as Error).message;
    process.stderr.write(`kms-emulator: cannot run ${file}: ${reason}\n`);
    return code === 'ENOENT' ? notFound : notExecutable;
  } finally {
    for (const signal of signals) process.off(signal, forward);
  }
}
