import { constants } from 'node:os';

/** The exit codes, with the rows of the table in the documentation. */
export const exitCodes = {
  success: { code: 0, meaning: 'The command succeeded.' },
  service: { code: 1, meaning: 'The service answered with an error. An invalid signature is also such an error.' },
  usage: { code: 2, meaning: 'The command, a flag or the configuration is wrong. The command changed nothing.' },
  unreachable: { code: 3, meaning: 'The service could not be reached, or did not answer in time.' },
  file: { code: 4, meaning: 'A file could not be read or written.' },
  message: { code: 5, meaning: 'The sealed message is damaged or incomplete, or is not what the flags require.' },
  fault: { code: 70, meaning: 'The command has an error of its own.' },
} as const;

export type Outcome = keyof typeof exitCodes;

/** An error that the user can understand and correct. `code` names it in the output. */
export class CommandError extends Error {
  readonly outcome: Outcome;
  readonly code: string;

  constructor(outcome: Outcome, code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = code;
    this.outcome = outcome;
    this.code = code;
  }
}

/** Thrown if the command line or the configuration is wrong. */
export class UsageError extends CommandError {
  constructor(message: string, cause?: unknown) {
    super('usage', 'UsageError', message, cause);
  }
}

/** Thrown if a file cannot be read or written. */
export class FileError extends CommandError {
  constructor(message: string, cause?: unknown) {
    super('file', 'FileError', message, cause);
  }
}

/** The reason of the abort when a signal ends the program. */
export class Interrupted extends Error {
  /** 128 and the number of the signal, as in shells. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE') {
    super(`${signal} ended the command.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}
