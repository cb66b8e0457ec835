import type { IncomingMessage, ServerResponse } from 'node:http';
import { followRequests } from './follow-requests.ts';
import type { RequestLog } from './request-log.ts';

/**
 * Sends each request as a server-sent event
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). After a lost connection, the browser sends the id of
 * the last event, and the stream continues there. Without an id, the stream starts with the next request.
 */
export function streamRequests(log: RequestLog, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.flushHeaders();
  // An open stream must not keep the process running.
  request.socket.unref();
  const stop = followRequests(log, response, {
    after: log.resume(readLastEventId(request) ?? log.lastSequence),
    format: (record) => `id: ${record.sequence}\ndata: ${JSON.stringify(record)}\n\n`,
  });
  response.on('close', stop);
}

function readLastEventId({ headers }: IncomingMessage): number | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}
