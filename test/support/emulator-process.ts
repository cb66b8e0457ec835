import { Running } from './process.ts';

/** The emulator in a process of its own, by its command line; it listens when this returns. */
export class EmulatorProcess {
  readonly endpoint: string;
  readonly process: Running;

  private constructor(process: Running, endpoint: string) {
    this.process = process;
    this.endpoint = endpoint;
  }

  static async start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<EmulatorProcess> {
    const process = startEmulatorCommand(['--port', '0', ...args], env);
    const [, endpoint = ''] = await process.waitFor(/KMS emulator: (http:\S+)/);
    return new EmulatorProcess(process, endpoint);
  }
}

/** The command alone, for where it is expected to fail. */
export function startEmulatorCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  return new Running(['node', 'emulator/cli.ts', ...args], { env });
}
