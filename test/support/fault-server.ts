import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

export type Respond = (response: ServerResponse, request: IncomingMessage & { readonly body: string }) => void;

/** A local KMS endpoint whose responses the test defines. */
export interface FaultServer {
  endpoint: string;
  respond: Respond;
  requests: number;
}

/** Creates a KMS error response. */
export function kmsError(type: string, message = 'A KMS message.', status = 400): Respond {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'kms-request' });
    response.end(JSON.stringify({ __type: type, message }));
  };
}

/** Starts an endpoint. */
export async function startFaultServer(respond: Respond): Promise<FaultServer & { close(): Promise<void> }> {
  const server = createServer((request, response) => {
    faults.requests += 1;
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => faults.respond(response, Object.assign(request, { body })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const faults = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    respond,
    requests: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return faults;
}

/** Starts the endpoint for the tests in a file. */
export function useFaultServer(): FaultServer {
  const faults: FaultServer = { endpoint: '', respond: kmsError('KMSInternalException', '', 500), requests: 0 };
  let close: () => Promise<void>;
  beforeAll(async () => {
    const server = await startFaultServer((response, request) => {
      faults.requests += 1;
      faults.respond(response, request);
    });
    faults.endpoint = server.endpoint;
    close = server.close;
  });
  afterAll(() => close());
  return faults;
}
