import { emulatorCommand } from './emulator-command.ts';
import { Running } from './process.ts';

/** Runs an emulator in its own process with the emulator command. */
export class EmulatorProcess {
  readonly endpoint: string;
  readonly process: Running;

  private constructor(process: Running, endpoint: string) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Starts the emulator. Resolves when it is ready. */
  static async start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<EmulatorProcess> {
    const process = startEmulatorCommand(['--port', '0', ...args], env);
    const [, endpoint = ''] = await process.waitFor(/KMS emulator: (http:\S+)/);
    return new EmulatorProcess(process, endpoint);
  }
}

/** Starts the command without waiting, for tests that expect the command to fail. */
export function startEmulatorCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  return new Running([...emulatorCommand, ...args], { env });
}
