import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Invoker } from '../../client/index.ts';

export interface LambdaServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Serves Lambda's Invoke operation over HTTP with an invoker (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
export async function startLambdaServer(invoker: Invoker): Promise<LambdaServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, FunctionName = ''] = /functions\/([^/]+)\/invocations/.exec(request.url ?? '') ?? [];
    const invocation = { FunctionName, Payload: Buffer.concat(chunks) };
    const answer = await invoker.invoke(invocation, { abortSignal: new AbortController().signal });
    response.writeHead(200, answer.FunctionError === undefined ? {} : { 'x-amz-function-error': answer.FunctionError });
    response.end(answer.Payload);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
