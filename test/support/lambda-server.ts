import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Invoker } from '../../client/index.ts';
import { maxEventBytes } from '../../shared/declaration/operation.ts';
import { readInvocation } from './fakes/lambda.ts';
import { FakeError } from './fakes/rule.ts';

export interface LambdaServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Serves Lambda's Invoke operation over HTTP with an invoker (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
export async function startLambdaServer(invoker: Invoker): Promise<LambdaServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const Payload = Buffer.concat(chunks);
    if (Payload.length > maxEventBytes) {
      response.writeHead(413, { 'x-amzn-errortype': 'RequestTooLargeException' });
      return response.end('{"Message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}');
    }
    const type = request.headers['x-amz-invocation-type'];
    const invocation = catchRejection(() => readInvocation(request.url ?? '', type?.toString(), Payload.toString()));
    if (invocation instanceof FakeError) {
      response
        .writeHead(400, { 'x-amzn-errortype': invocation.code })
        .end(JSON.stringify({ Message: invocation.message }));
      return;
    }
    const { FunctionName } = invocation;
    const answer = await invoker.invoke({ FunctionName, Payload }, { abortSignal: new AbortController().signal });
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

function catchRejection<T>(read: () => T): T | FakeError {
  try {
    return read();
  } catch (error) {
    if (error instanceof FakeError) return error;
    throw error;
  }
}
