import { styleText } from 'node:util';
import { escapeControls } from '../../emulator/http/requests/escape-controls.ts';
import { formatLocalTime } from '../../emulator/http/requests/format-request.ts';
import { isObject } from '../../shared/declaration/json-object.ts';
import { isKeyIdentifier } from '../../shared/declaration/key-identifier.ts';
import { fromPathKey } from '../../shared/http/path-key.ts';
import { boundText } from '../../shared/observability/bound-text.ts';
import type { Reply } from './front.ts';
import type { MatchedRoute } from './routes.ts';

/** What `npm start` prints for each call: a short line, or the JSON record of the function. */
export type CallLog = 'text' | 'json';

/** The variable that selects what `npm start` prints. */
export const callLogVariable = 'KMS_FUNCTIONS_LOG';

/** Reads the variable. Throws TypeError if its value is not valid. */
export function readCallLog(environment: NodeJS.ProcessEnv): CallLog {
  const value = environment[callLogVariable] ?? 'text';
  if (value !== 'text' && value !== 'json') throw new TypeError(`${callLogVariable} must be text or json.`);
  return value;
}

/**
 * Prints a call to a function, such as `14:22:01 POST /keys/alias.app/encrypt 400 ValidationException: /Plaintext is
 * required.  3 ms`. The reason is the detail that the caller received, which contains no sensitive values.
 */
export type PrintCall = (name: string, reply: Reply, durationMs: number) => void;

export function createCallPrinter(log: CallLog, stream: NodeJS.WritableStream = process.stdout): PrintCall {
  if (log === 'json') return () => {};
  return (name, reply, durationMs) => stream.write(formatCall(name, reply, durationMs, stream));
}

const maxNameLength = 300;

/**
 * Returns the method and path of a call. Shows a value in the path only if it is a key identifier, because callers can
 * send a secret instead of an identifier by mistake.
 */
export function nameRoute({ route: { method, path }, parameters }: MatchedRoute): string {
  const show = (segment: string) => (isKeyIdentifier(fromPathKey(segment)) ? segment : '…');
  return `${method} ${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => show(parameters[name] ?? ''))}`;
}

function formatCall(name: string, reply: Reply, durationMs: number, stream: NodeJS.WritableStream): string {
  const { outcome, reason } = describeReply(reply);
  const isFailure = reply.status >= 500 || outcome === 'error';
  const style = isFailure ? 'red' : reply.status >= 400 ? 'yellow' : 'green';
  return `${[
    styleText('dim', formatLocalTime(new Date()), { stream }),
    escapeControls(boundText(name, maxNameLength)),
    styleText(style, outcome, { stream }),
    ...(reason === undefined ? [] : [escapeControls(boundText(reason))]),
    styleText('dim', ` ${Math.round(durationMs)} ms`, { stream }),
  ].join(' ')}\n`;
}

interface Description {
  readonly outcome: string;
  readonly reason?: string;
}

/** Describes a problem document, an error of Lambda, or the error of a function that was invoked directly. */
function describeReply({ status, headers, body }: Reply): Description {
  const isFunctionError = headers['x-amz-function-error'] !== undefined;
  if (status < 400 && !isFunctionError) return { outcome: String(status) };
  const { code, detail, errorType, errorMessage, Message, message } = parseObject(body);
  return {
    outcome: isFunctionError ? 'error' : String(status),
    reason: joinReason(code ?? errorType ?? headers['x-amzn-errortype'], detail ?? errorMessage ?? Message ?? message),
  };
}

function parseObject(body: string | Buffer): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(String(body));
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

/** Puts the error code before the text. The message of a direct invocation already starts with the code. */
function joinReason(code: unknown, text: unknown): string {
  const parts = [code, text].filter((part) => typeof part === 'string' && part !== '');
  return String(text).startsWith(`${code}: `) ? String(text) : parts.join(': ');
}
