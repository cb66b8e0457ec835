import type { KmsFunctionsClientError } from '../client/errors.ts';
import { escapeControls, formatJson } from './escape-controls.ts';
import { CommandError, exitCodes, Interrupted, type Outcome } from './exit-codes.ts';
import { ExplainedError } from './explained-error.ts';
import { describeFileError } from './files/describe-file-error.ts';
import { findHint } from './hints.ts';
import { type Terminal, writeLine } from './terminal.ts';

/** The members of an error in `--json` output. */
interface Report {
  readonly code: string;
  readonly detail: string;
  readonly hint?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly errors?: KmsFunctionsClientError['errors'];
}

/** Prints an error as one line, or as JSON, and returns the exit code. */
export async function reportError(error: unknown, terminal: Terminal, asJson: boolean): Promise<number> {
  if (terminal.signal.aborted && terminal.signal.reason instanceof Interrupted) return terminal.signal.reason.exitCode;
  // The program that reads the output has ended, such as `head`.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return new Interrupted('SIGPIPE').exitCode;
  const { outcome, report } = describeError(error);
  const text = asJson ? formatJson(report) : `kms-functions: ${formatReport(report)}`;
  await writeLine(terminal.stderr, text).catch(() => {});
  return exitCodes[outcome].code;
}

function formatReport({ code, detail, hint, requestId }: Report): string {
  const request = requestId === undefined ? '' : ` (request id ${requestId})`;
  return escapeControls([`${code}: ${detail}${request}`, hint].filter(Boolean).join(' '));
}

function describeError(error: unknown): { readonly outcome: Outcome; readonly report: Report } {
  if (error instanceof ExplainedError) {
    const { outcome, report } = describeError(error.cause);
    const { hint, outcome: explained = outcome } = error.explanation;
    return { outcome: explained, report: { ...report, detail: error.message, hint } };
  }
  if (error instanceof CommandError) {
    return { outcome: error.outcome, report: { code: error.code, detail: error.message } };
  }
  if (isClientError(error)) {
    const { code, message, status, requestId, retryable, errors } = error;
    const outcome = selectOutcome(code);
    return { outcome, report: { code, detail: message, hint: findHint(error), status, requestId, retryable, errors } };
  }
  if (isEnvelopeError(error)) {
    const { code, message } = error;
    return { outcome: selectEnvelopeOutcome(error), report: { code, detail: message, hint: findHint({ code }) } };
  }
  // Errors of other files are described where they occur.
  if ((error as NodeJS.ErrnoException).syscall === 'write') {
    return { outcome: 'file', report: { code: 'FileError', detail: describeFileError(error, 'standard output') } };
  }
  const { name, message } = error as Error;
  return { outcome: 'fault', report: { code: name, detail: `${message} This is an error in kms-functions.` } };
}

/** Checks the members instead of the class, so that the help and wrong usage do not load the client. */
function isClientError(error: unknown): error is KmsFunctionsClientError {
  return error instanceof Error && 'retryable' in error && 'attempts' in error;
}

/** An error of the message format, or of the keys of a message. */
interface EnvelopeError extends Error {
  readonly code: string;
  readonly failures?: readonly unknown[];
}

function isEnvelopeError(error: unknown): error is EnvelopeError {
  const { name } = error as Error;
  return name === 'EnvelopeError' || name === 'DataKeyUnavailableError';
}

function selectEnvelopeOutcome({ code, failures = [] }: EnvelopeError): Outcome {
  if (failures.length > 0) return 'service';
  return code === 'InvalidOption' ? 'usage' : 'message';
}

function selectOutcome(code: KmsFunctionsClientError['code']): Outcome {
  if (code === 'NetworkError' || code === 'CallTimeoutError') return 'unreachable';
  return code === 'UnsendableRequestError' ? 'usage' : 'service';
}
