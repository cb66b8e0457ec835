import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatOrigin, listen } from '../../../emulator/http/listen.ts';
import { isTemporaryAwsError, sendAwsRequest } from '../../../shared/aws/send-aws-request.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';

/** Answers `/500` with the status 500, and never answers `/0`. */
const server = createServer(({ url = '' }, response) => {
  const status = Number(url.slice(1));
  if (status !== 0) response.writeHead(status).end('a secret of the response');
});
let origin = '';
beforeAll(async () => {
  origin = formatOrigin(await listen(server, 0, '127.0.0.1'));
  setLocalEnvironment(origin);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const send = (status: number, options: { limitMs?: number; signal?: AbortSignal } = {}) =>
  sendAwsRequest({
    ...{ service: 's3', region: 'us-east-1', method: 'PUT', body: 'a secret of the request', limitMs: 60_000 },
    url: new URL(`${origin}/${status}`),
    ...options,
  }).catch((error: Error) => error);

describe('requests to AWS services', () => {
  test.for([
    [500, true],
    [503, true],
    [429, true],
    [403, false],
    [404, false],
  ] as const)(
    'a response with status %i is an error without secrets, and temporary: %s',
    async ([status, expected]) => {
      const error = await send(status);
      expect(error).toMatchObject({ name: 'AwsRequestError', message: `s3 returned ${status} for PUT.`, status });
      expect(isTemporaryAwsError(error)).toBe(expected);
    },
  );

  test('a request without a response ends at its time limit, and is temporary', async () => {
    const error = await send(0, { limitMs: 50 });
    expect(error).toMatchObject({ name: 'TimeoutError' });
    expect(isTemporaryAwsError(error)).toBe(true);
  });

  test('an aborted request ends at once, and is not temporary', async () => {
    const error = await send(0, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(isTemporaryAwsError(error)).toBe(false);
  });

  test('a connection that fails is temporary', async () => {
    const closed = createServer();
    origin = formatOrigin(await listen(closed, 0, '127.0.0.1'));
    await new Promise((resolve) => closed.close(resolve));
    expect(isTemporaryAwsError(await send(200))).toBe(true);
  });
});
