import { spawn } from 'node:child_process';
import type { Command } from './client.ts';

interface Options {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs a command, after it replaces `$OUTPUT` with the variable. Resolves to the exit code and the combined output. */
export function runCommand(
  command: Command,
  { cwd, env, timeoutMs }: Options,
): Promise<{ code: number; output: string }> {
  const [file = '', ...args] = command.map((part) => part.replaceAll('$OUTPUT', env.OUTPUT ?? ''));
  const child = spawn(file, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(timeoutMs && { timeout: timeoutMs }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
