import type { Outcome } from './exit-codes.ts';

/** What a command knows about an error of the service or of a message. */
export interface Explanation {
  /** What to do, instead of the general hint for the error's code. */
  readonly hint: string | undefined;
  /** The detail, if the error's own message would mislead. */
  readonly detail?: string;
  readonly outcome?: Outcome;
}

/** An error with the explanation of a command. Its code, status and request id stay those of the cause. */
export class ExplainedError extends Error {
  readonly explanation: Explanation;

  constructor(cause: Error, explanation: Explanation) {
    super(explanation.detail ?? cause.message, { cause });
    this.explanation = explanation;
  }
}
