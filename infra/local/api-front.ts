import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isObject } from '../../shared/declaration/json-object.ts';
import { answerPreflight, buildCorsHeaders } from './api-cors.ts';
import { buildApiEvent } from './api-event.ts';
import { nameRoute, type PrintCall } from './call-lines.ts';
import { type Authorize, createAuthorize, type Refusal } from './callers/authorize.ts';
import type { AllowsRoute } from './callers/authorize-route.ts';
import type { Answer, Invoke, Reply } from './front.ts';
import { maxPayloadBytes } from './lambda-front.ts';
import type { LocalSettings } from './local-settings.ts';
import { answerPage } from './pages/local-pages.ts';
import { acceptsHtml } from './pages/page-layout.ts';
import { buildUnknownRoutePage } from './pages/unknown-route-page.ts';
import { explainUnknownRoute, type LocalUrls } from './route-hints.ts';
import { decodePath, type LocalRoute, type MatchedRoute, matchRoute } from './routes.ts';
import { createThrottle, type TakeToken } from './throttle.ts';

/** The size limit of a request (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). */
export const maxApiBodyBytes = 10 * 1024 * 1024;

const tooLarge = buildGatewayReply(413, 'Request Entity Too Large');
const tooManyRequests = buildGatewayReply(429, 'Too Many Requests');

/**
 * Answers requests as an HTTP API does: finds the route, invokes its function with an event in payload version 2.0, and
 * converts the function's result to a response. Also serves the local pages, which a deployed API does not have.
 */
export function createApiFront(
  routes: readonly LocalRoute[],
  invoke: Invoke,
  urls: LocalUrls,
  printCall: PrintCall,
  settings: LocalSettings,
  allowsRoute: AllowsRoute,
): Answer {
  const { corsOrigins, throttles } = settings;
  const authorize = createAuthorize(settings, urls.emulator, allowsRoute);
  const services = { routes, invoke, urls, settings, printCall, authorize, takeToken: createThrottle(throttles) };
  return async (message, body) => {
    const requestId = randomUUID();
    const preflight = answerPreflight(message.method ?? '', message.headers, corsOrigins);
    const { status, headers, body: text } = preflight ?? (await answer(services, message, body, requestId));
    return {
      status,
      headers: { ...headers, ...buildCorsHeaders(message.headers, corsOrigins), 'apigw-requestid': requestId },
      body: text,
    };
  };
}

interface ApiServices {
  readonly routes: readonly LocalRoute[];
  readonly invoke: Invoke;
  readonly urls: LocalUrls;
  readonly settings: LocalSettings;
  readonly printCall: PrintCall;
  readonly authorize: Authorize;
  readonly takeToken: TakeToken;
}

async function answer(
  services: ApiServices,
  message: IncomingMessage,
  body: Buffer | undefined,
  requestId: string,
): Promise<Reply> {
  const { routes, urls, settings, printCall } = services;
  const { method = '', url = '/' } = message;
  const [path = ''] = url.split('?', 1);
  const matched = matchRoute(routes, method, path);
  if (matched === undefined)
    return (await answerPage(message, path, urls, routes, settings)) ?? answerUnknownRoute(routes, urls, message, path);
  const startedMs = performance.now();
  const reply = await answerRoute(services, message, body, matched, requestId);
  printCall(nameRoute(matched), reply, performance.now() - startedMs);
  return reply;
}

async function answerRoute(
  { invoke, authorize, takeToken }: ApiServices,
  message: IncomingMessage,
  body: Buffer | undefined,
  matched: MatchedRoute,
  requestId: string,
): Promise<Reply> {
  const { authorizer, functionName, method, path } = matched.route;
  if (!takeToken(`${method} ${path}`)) return tooManyRequests;
  const { identity, refusal } = await authorize(authorizer, {
    // An HTTP API joins the values of a header, so that two tokens or signatures are neither.
    headers: { ...message.headers, authorization: message.headersDistinct.authorization?.join(',') },
    method,
    path: decodePath(message.url?.split('?', 1)[0] ?? '') ?? '',
    sourceIp: message.socket.remoteAddress,
  });
  if (refusal !== undefined) return toGatewayReply(refusal);
  if (body === undefined) return tooLarge;
  return invokeFunction(invoke, functionName, buildApiEvent(message, body, matched, requestId, identity));
}

function toGatewayReply({ status, message, headers }: Refusal): Reply {
  const reply = buildGatewayReply(status, message);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

async function invokeFunction(invoke: Invoke, functionName: string, event: object): Promise<Reply> {
  const payload = JSON.stringify(event);
  if (Buffer.byteLength(payload) > maxPayloadBytes.RequestResponse) return tooLarge;
  const result = await invoke(functionName, { payload, isGateway: true });
  return result.isError || result.status !== 200 ? internalError : toReply(JSON.parse(result.payload));
}

const internalError = buildGatewayReply(500, 'Internal Server Error');

/** Builds a response of API Gateway itself. */
function buildGatewayReply(status: number, message: string): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}

/**
 * Converts a function's result to a response
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
function toReply(result: unknown): Reply {
  if (!isObject(result) || typeof result.statusCode !== 'number') return internalError;
  const headers = isObject(result.headers) ? result.headers : {};
  const body = String(result.body ?? '');
  return {
    status: result.statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
    body: result.isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}

/**
 * Answers as API Gateway does. Prints a hint for the person who runs `npm start`. A browser receives a page with the same
 * hint.
 */
function answerUnknownRoute(
  routes: readonly LocalRoute[],
  urls: LocalUrls,
  { method = '', headers }: IncomingMessage,
  path: string,
): Reply {
  const isKmsProtocol = headers['x-amz-target'] !== undefined;
  const hint = explainUnknownRoute(routes, { method, path, isKmsProtocol }, urls);
  // Control characters cannot occur in a path, because Node.js rejects them.
  process.stdout.write(`No route ${method} ${path}.${hint === undefined ? '' : ` ${hint.sentence}`}\n`);
  return acceptsHtml(headers.accept)
    ? buildUnknownRoutePage(method, path, hint, urls)
    : buildGatewayReply(404, 'Not Found');
}
