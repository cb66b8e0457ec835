import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { PrintCall } from './call-lines.ts';
import type { Answer, InvocationResult, Invoke, Reply } from './front.ts';
import { formatFunctionArn, functionsPath, type LambdaScope, listFunctions } from './list-functions.ts';

/** The size limits of events (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
export const maxPayloadBytes = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024, DryRun: 6 * 1024 * 1024 };
type InvocationType = keyof typeof maxPayloadBytes;

/** The formats of FunctionName: a name, a partial ARN or an ARN, each with an optional version or alias. */
const functionNamePattern =
  /^(?:arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w-]+)(?::(?<qualifier>\$LATEST|[\w-]+))?$/;
const path = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/**
 * Answers Lambda's operation Invoke (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html), and ListFunctions, which
 * `npm run verify` uses. `environment` contains the variables of the functions.
 */
export function createLambdaFront(
  functionNames: ReadonlySet<string>,
  scope: LambdaScope,
  invoke: Invoke,
  printCall: PrintCall,
  environment: Readonly<Record<string, unknown>>,
): Answer {
  return async (message, body) => {
    const { method = '', url = '', headers } = message;
    const startedMs = performance.now();
    const reply = await answer(method, url, headers, body).catch(toErrorReply);
    printCall(nameInvocation(method, url), reply, performance.now() - startedMs);
    return { ...reply, headers: { ...reply.headers, 'x-amzn-requestid': randomUUID() } };
  };

  async function answer(
    method: string,
    url: string,
    headers: IncomingHttpHeaders,
    body: Buffer | undefined,
  ): Promise<Reply> {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    if (method === 'GET' && functionsPath.test(pathname)) return listFunctions(functionNames, scope, environment);
    const [, encodedName] = path.exec(pathname) ?? [];
    if (method !== 'POST' || encodedName === undefined) throw new LambdaError(404, 'UnknownOperationException');
    const type = readInvocationType(headers['x-amz-invocation-type']);
    const name = resolveFunction(encodedName, searchParams.get('Qualifier') ?? undefined);
    const limit = maxPayloadBytes[type];
    if (body === undefined || body.length > limit) {
      throw new LambdaError(
        413,
        'RequestTooLargeException',
        `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      );
    }
    requireJson(body);
    if (type === 'DryRun') return { status: 204, headers: {}, body: '' };
    const context = headers['x-amz-client-context'];
    const clientContext = typeof context === 'string' ? context : undefined;
    const result = await invoke(name, { payload: body, type, clientContext });
    return type === 'Event' ? { status: 202, headers: {}, body: '' } : toReply(result);
  }

  /** Finds a function by its name or ARN. Functions have only the version `$LATEST`. */
  function resolveFunction(encodedName: string, queryQualifier: string | undefined): string {
    const text = decodeURIComponent(encodedName);
    const groups = functionNamePattern.exec(text)?.groups;
    if (groups === undefined) {
      throw new LambdaError(
        400,
        'ValidationException',
        `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${functionNamePattern.source}`,
      );
    }
    const { region = scope.region, account = scope.account, name = '', qualifier = queryQualifier } = groups;
    if (queryQualifier !== undefined && qualifier !== queryQualifier) {
      throw new LambdaError(
        400,
        'InvalidParameterValueException',
        'The derived qualifier from the function name does not match the specified qualifier.',
      );
    }
    const isHere = region === scope.region && account === scope.account;
    if (isHere && functionNames.has(name) && (qualifier === undefined || qualifier === '$LATEST')) return name;
    const suffix = qualifier === undefined ? '' : `:${qualifier}`;
    throw new LambdaError(
      404,
      'ResourceNotFoundException',
      `Function not found: ${formatFunctionArn({ region, account }, name)}${suffix}`,
    );
  }
}

/** Returns `invoke` and the function's name in a request, or the method and path of any other request. */
function nameInvocation(method: string, url: string): string {
  const [pathname = ''] = url.split('?', 1);
  const [, name] = path.exec(pathname) ?? [];
  return name === undefined ? `${method} ${pathname}` : `invoke ${name}`;
}

function readInvocationType(header: string | string[] | undefined): InvocationType {
  if (header === undefined) return 'RequestResponse';
  if (typeof header === 'string' && Object.hasOwn(maxPayloadBytes, header)) return header as InvocationType;
  throw new LambdaError(
    400,
    'ValidationException',
    `1 validation error detected: Value '${header}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]`,
  );
}

function requireJson(body: Buffer): void {
  if (body.length === 0) return;
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    const { message } = error as Error;
    throw new LambdaError(
      400,
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${message}`,
    );
  }
}

/** An error of Lambda itself. The function was not invoked. */
class LambdaError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message = '') {
    super(message);
    this.status = status;
    this.type = type;
  }
}

function toErrorReply(error: unknown): Reply {
  if (!(error instanceof LambdaError)) throw error;
  const { status, type, message } = error;
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
    body: JSON.stringify({ Type: 'User', Message: message }),
  };
}

/**
 * Converts a result to Lambda's response. For an error, serverless-offline reports the type `Error`. The Lambda runtime
 * reports the error's name (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html), which is the first word
 * of the stack.
 */
function toReply({ isError, payload }: InvocationResult): Reply {
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
  if (!isError) return { status: 200, headers, body: payload === '' ? 'null' : payload };
  const { errorType, errorMessage, trace } = JSON.parse(payload) as Record<string, unknown>;
  const [, name] = /^(\w+)(?::|$)/.exec(String((trace as string[])[0])) ?? [];
  return {
    status: 200,
    headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
    body: JSON.stringify({ errorType: name ?? errorType, errorMessage, trace }),
  };
}
