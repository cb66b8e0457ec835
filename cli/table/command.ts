import type { Client } from '../../client/client.ts';
import type { Terminal } from '../terminal.ts';
import type { FlagName, FlagValues } from './flags.ts';
import type { ValueSource } from './value-sources.ts';

/** An argument without a flag. */
export interface Argument {
  readonly name: string;
  readonly summary: string;
  readonly isOptional?: true;
  /** `true` if the last argument can be repeated. */
  readonly isRepeatable?: true;
  readonly completes?: ValueSource;
}

export interface Example {
  readonly summary: string;
  readonly line: string;
}

/** A command. The program, its help, the shell completion and the reference page are derived from it. */
export interface Command {
  /** The words of the command, such as `keys list`. */
  readonly name: string;
  readonly summary: string;
  /** More sentences for the help of the command. */
  readonly description?: string;
  readonly arguments?: readonly Argument[];
  /** The flags besides those that every command has. */
  readonly flags?: readonly FlagName[];
  /** The flags that must have a value, from the command line or from a variable. */
  readonly requiredFlags?: readonly FlagName[];
  readonly examples: readonly [Example, ...Example[]];
}

/** One use of a command. */
export interface Invocation {
  readonly args: readonly string[];
  readonly flags: FlagValues;
  readonly terminal: Terminal;
  /** Creates the client from the flags and variables. */
  connect(): Promise<Client>;
}

export type Run = (invocation: Invocation) => Promise<void>;
