import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { suggestName } from '../../shared/errors/closest-name.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { ControlApi } from './control-api.ts';
import { parseExplainRequest } from './explain-request.ts';
import { isForeignPage, isLocalHost } from './local-origin.ts';

/** The path prefix of the control API. KMS uses only the path `/`. */
export const controlPrefix = '/_kms/';

/** Handles a control API request. Receives the request body and returns the JSON response. */
type ControlRoute = (body: string) => unknown;

const clockRequest = z.union([
  z.strictObject({ now: z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))) }),
  z.strictObject({ advanceMs: z.number() }),
]);

/** Returns the control API routes by method and path below `/_kms/`. */
export function createControlRoutes(control: ControlApi): Record<string, ControlRoute> {
  const { clock } = control;
  const readTime = () => ({ now: new Date(clock.now()).toISOString() });
  return {
    'GET health': () => ({ status: 'ok', pid: process.pid }),
    'GET clock': readTime,
    'PUT clock': (body) => {
      const parsed = z.safeParse(clockRequest, JSON.parse(body));
      if (!parsed.success) throw new TypeError('The body must be {"now": "ISO 8601 time"} or {"advanceMs": number}.');
      if ('now' in parsed.data) clock.set(new Date(parsed.data.now));
      else clock.advance(parsed.data.advanceMs);
      return readTime();
    },
    'POST restore-seed': () => control.restoreSeed(),
    'POST reset': () => control.reset(),
    'POST explain': (body) => control.explain(parseExplainRequest(body)),
    'GET snapshot': () => control.snapshot(),
    'PUT snapshot': (body) => control.restore(JSON.parse(body) as Snapshot),
  };
}

/** Serves the control API over HTTP. Accepts only requests from this machine. */
export class ControlServer {
  readonly #routes: ReadonlyMap<string, ControlRoute>;

  constructor(control: ControlApi) {
    this.#routes = new Map(Object.entries(createControlRoutes(control)));
  }

  async respond(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const name = `${request.method} ${request.url?.slice(controlPrefix.length)}`;
    const route = this.#routes.get(name);
    if (!isLocalRequest(request)) {
      send(response, 403, { message: 'The control API accepts only requests from this machine.' });
    } else if (route === undefined) {
      const hint = suggestName(name, [...this.#routes.keys()]);
      send(response, 404, { message: `The control API does not support this method and path.${hint}` });
    } else {
      try {
        send(response, 200, (await route(body)) ?? {});
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
  const { host = '', origin } = headers;
  return loopbackAddress.test(socket.remoteAddress ?? '') && isLocalHost(host) && !isForeignPage(origin);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
