import type { IncomingMessage, ServerResponse } from 'node:http';
import { isForeignPage, isLocalHost } from './local-origin.ts';

/** Paths under this are the emulator's own; KMS has no path but `/`. */
export const controlPrefix = '/_kms/';

const loopbackAddress = /^(::ffff:)?127\.|^::1$/;

export type ControlOperation = (body: string) => unknown;

/**
 * The emulator's own paths: health, and what tests steer it with. They never leave loopback, and a page in a browser
 * cannot drive them: the connection, the Host header and, where there is one, the Origin must be of this machine.
 */
export class ControlServer {
  readonly #actions: ReadonlyMap<string, ControlOperation>;

  /** `actions` by method and path below the prefix: `GET health`. */
  constructor(actions: Readonly<Record<string, ControlOperation>>) {
    this.#actions = new Map(Object.entries(actions));
  }

  async answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const action = this.#actions.get(`${request.method} ${request.url?.slice(controlPrefix.length)}`);
    if (!isLocal(request)) send(response, 403, { message: 'Only from this machine.' });
    else if (action === undefined) send(response, 404, { message: 'There is no such path.' });
    else {
      try {
        send(response, 200, (await action(body)) ?? {});
      } catch (error) {
        send(response, 400, { message: (error as Error).message });
      }
    }
  }
}

/** Whether a request may use the emulator's own paths, and send them a large body. */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  return loopbackAddress.test(socket.remoteAddress ?? '') && isLocalHost(host) && !isForeignPage(origin);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
