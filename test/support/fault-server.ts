import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** KMS as it is on a bad day: an endpoint on this machine that does what `answer` says. */
export interface FaultServer {
  endpoint: string;
  answer: Answer;
  requests: number;
}

/** What KMS sends with an error. */
export function kmsError(type: string, message = 'A message of KMS.', status = 400): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'kms-request' });
    response.end(JSON.stringify({ __type: type, message }));
  };
}

export function useFaultServer(): FaultServer {
  const faults: FaultServer = { endpoint: '', answer: kmsError('KMSInternalException', '', 500), requests: 0 };
  const server = createServer((request, response) => {
    faults.requests += 1;
    request.resume();
    request.on('end', () => faults.answer(response, request));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    faults.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return faults;
}
