import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { suggestName } from '../../shared/errors/closest-name.ts';
import type { Clock, Duration } from '../core/clock.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { ControlApi } from './control-api.ts';
import { hasControlToken } from './control-token.ts';
import { parseExplainRequest } from './explain-request.ts';
import { isForeignPage, isLocalHost } from './local-origin.ts';
import { parseBody } from './parse-body.ts';
import type { RequestLog } from './requests/request-log.ts';
import { streamRequests } from './requests/stream-requests.ts';

/** The path prefix of the control API. KMS uses only the path `/`. */
export const controlPrefix = '/_kms/';

/** Handles a control API request. Receives the request body and the query, and returns the JSON response. */
type ControlRoute = (body: string, query: URLSearchParams) => unknown;

const clockRequest = z.strictObject({
  now: z.optional(z.string()),
  advanceMs: z.optional(z.number()),
  advance: z.optional(z.record(z.string(), z.number())),
});
const clockExample = '{"now": "ISO 8601 time"}, {"advanceMs": 1000} or {"advance": {"days": 1}}';

/** Sets or advances the clock. Throws TypeError if the request does not have exactly one member. */
function moveClock(clock: Clock, body: string): void {
  const request = parseBody(clockRequest, body, clockExample);
  const { now, advanceMs, advance } = request;
  const nowMs = Date.parse(now ?? '');
  if (Object.keys(request).length !== 1 || (now !== undefined && Number.isNaN(nowMs))) {
    throw new TypeError(`The body must be ${clockExample}.`);
  }
  if (now === undefined) clock.advance(advanceMs ?? (advance as Duration));
  else clock.set(new Date(nowMs));
}

/** Returns the control API routes by method and path below `/_kms/`. */
export function createControlRoutes(control: ControlApi): Record<string, ControlRoute> {
  const { clock } = control;
  const readTime = () => ({ now: new Date(clock.now()).toISOString() });
  return {
    'GET health': () => ({ status: 'ok', pid: process.pid }),
    'GET clock': readTime,
    'PUT clock': (body) => {
      moveClock(clock, body);
      return readTime();
    },
    'POST restore-seed': () => control.restoreSeed(),
    'POST reset': () => control.reset(),
    'POST explain': (body) => control.explain(parseExplainRequest(body)),
    'GET requests': (_, query) => ({ requests: control.listRequests(readSequence(query)) }),
    'GET principals': () => ({ principals: control.listPrincipals() }),
    'GET snapshot': () => control.snapshot(),
    'PUT snapshot': (body) => control.restore(JSON.parse(body) as Snapshot),
  };
}

/** Reads the sequence number in the query. Throws TypeError if it is not valid. */
function readSequence(query: URLSearchParams): number | undefined {
  const after = query.get('after');
  if (after === null) return undefined;
  if (!/^\d{1,15}$/.test(after)) throw new TypeError('after must be the sequence number of a request.');
  return Number(after);
}

const streamRoute = 'GET requests/stream';

/** Serves the control API over HTTP. By default, accepts only requests from this machine. */
export class ControlServer {
  readonly #routes: ReadonlyMap<string, ControlRoute>;
  readonly #requests: RequestLog;
  readonly #token: string | undefined;

  /** With a token, also accepts requests from other machines that contain the token. */
  constructor(control: ControlApi, requests: RequestLog, token?: string) {
    this.#routes = new Map(Object.entries(createControlRoutes(control)));
    this.#requests = requests;
    this.#token = token;
  }

  accepts(request: IncomingMessage): boolean {
    return isLocalRequest(request) || (this.#token !== undefined && hasControlToken(request, this.#token));
  }

  async respond(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const [path = '', query] = request.url?.slice(controlPrefix.length).split('?') ?? [];
    const name = `${request.method} ${path}`;
    const route = this.#routes.get(name);
    if (!this.accepts(request)) {
      send(response, 403, { message: 'The control API accepts only requests from this machine.' });
    } else if (name === streamRoute) {
      streamRequests(this.#requests, request, response);
    } else if (route === undefined) {
      const hint = suggestName(name, [...this.#routes.keys(), streamRoute]);
      send(response, 404, { message: `The control API does not support this method and path.${hint}` });
    } else {
      try {
        send(response, 200, (await route(body, new URLSearchParams(query))) ?? {});
      } catch (error) {
        send(response, 400, { message: (error as Error).message });
      }
    }
  }
}

const loopbackAddress = /^(::ffff:)?127\.|^::1$/;

/**
 * Returns whether a request comes from this machine, and not from a web page with another origin. The connection, the
 * Host header and the Origin header (if present) must all be local.
 */
export function isLocalRequest({ socket, headers }: IncomingMessage): boolean {
  const { host = '' } = headers;
  return loopbackAddress.test(socket.remoteAddress ?? '') && isLocalHost(host) && !isForeignPage(headers);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  // Before the headers, because a snapshot can be too long for a string.
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(text);
}
