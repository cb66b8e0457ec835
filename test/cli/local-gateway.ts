import { request } from 'node:http';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encrypt as encryptOperation } from '../../functions/operations.ts';
import { variableNames } from '../../shared/config/variable-names.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { buildBundles } from '../support/bundles.ts';
import type { HttpEventV2 } from '../support/http-events.ts';
import type { Running } from '../support/process.ts';

const notFound = { status: 404, type: 'application/json', body: { message: 'Not Found' } };
const jsonType = { 'content-type': 'application/json' };
const encrypt = '/keys/alias.example/encrypt';
const plaintext = '{"Plaintext":"aGVsbG8="}';
const routesGuide = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html';
const corsGuide = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html';
const invokeReference = 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html';

interface Response {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: the assertions check the members.
  readonly body: any;
}

/** Sends a request with exactly the given headers. `fetch` adds a content type and changes paths. */
function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode: status = 0, headers } = response;
        resolve({ status, type: headers['content-type'], headers, body: text === '' ? undefined : JSON.parse(text) });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Requests for which API Gateway finds no route. */
const unknownRoutes: readonly (readonly [title: string, method: string, path: string])[] = [
  ['a trailing slash', 'GET', '/keys/'],
  ['an unknown path', 'GET', '/kesy'],
  ['another method on a known path', 'DELETE', '/keys'],
  ['OPTIONS without a preflight', 'OPTIONS', '/keys'],
  ['an empty path variable', 'GET', '/keys//policy'],
  ['an encoded slash in a path variable', 'GET', '/keys/alias%2Fexample'],
  ['a path in upper case', 'GET', '/KEYS'],
  ['a path that cannot be decoded', 'GET', '/keys/%E0%A4%A'],
];

/** Requests that reach the function. `body` is what API Gateway passes to the function. */
const bodies: readonly (readonly [title: string, headers: Record<string, string>, body: string, status: number])[] = [
  ['a body without a content type', {}, plaintext, 415],
  ['a body with another content type', { 'content-type': 'text/plain' }, plaintext, 415],
  ['the body null', jsonType, 'null', 400],
  ['an empty body', jsonType, '', 400],
  ['a body that is a list', jsonType, '[]', 400],
  ['a body that is not JSON', jsonType, '{', 400],
  [
    'a content type with a space before the semicolon',
    { 'content-type': 'application/json ; charset=utf-8' },
    plaintext,
    200,
  ],
];

/** The environment of the packaged function, which uses the emulator that `npm start` runs. */
const environment = {
  [variableNames.stage]: 'local',
  [variableNames.accountIds]: '000000000000',
  [variableNames.kmsEndpoint]: 'http://127.0.0.1:4599',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

const functionName = 'kms-functions-local-describeKey';
const arnPrefix = 'arn:aws:lambda:us-east-1:000000000000:function:';
const event = '{"KeyId":"alias/example"}';
const formatPath = (name: string) => `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;

/** The formats of FunctionName (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
const functionNames: readonly (readonly [title: string, name: string, query?: string])[] = [
  ['a name', functionName],
  ['a name with $LATEST', `${functionName}:$LATEST`],
  ['a partial ARN', `000000000000:function:${functionName}`],
  ['an ARN', `${arnPrefix}${functionName}`],
  ['an ARN with $LATEST', `${arnPrefix}${functionName}:$LATEST`],
  ['the parameter Qualifier', functionName, '?Qualifier=%24LATEST'],
];

interface Refusal {
  readonly title: string;
  readonly name?: string;
  readonly headers?: Record<string, string>;
  readonly payload?: string;
  readonly status: number;
  readonly type: string;
  readonly message: RegExp;
}

const refusals: readonly Refusal[] = [
  {
    title: 'a payload that is not JSON',
    payload: '{x',
    status: 400,
    type: 'InvalidRequestContentException',
    message: /^Could not parse request body into json: /,
  },
  {
    title: 'a synchronous payload above 6 MB',
    payload: JSON.stringify('x'.repeat(6 * 1024 * 1024)),
    status: 413,
    type: 'RequestTooLargeException',
    message: /6291456 bytes/,
  },
  {
    title: 'an asynchronous payload above 1 MB',
    headers: { 'x-amz-invocation-type': 'Event' },
    payload: JSON.stringify('x'.repeat(1024 * 1024)),
    status: 413,
    type: 'RequestTooLargeException',
    message: /1048576 bytes/,
  },
  ...['unknown', `${functionName}:1`, `${functionName}:gateway`, `${arnPrefix}unknown`].map((name) => ({
    title: `the function ${name}`,
    name,
    status: 404,
    type: 'ResourceNotFoundException',
    message: new RegExp(`^Function not found: ${arnPrefix}${name.replace(arnPrefix, '')}$`),
  })),
  {
    title: 'a function in another account',
    name: `111122223333:function:${functionName}`,
    status: 404,
    type: 'ResourceNotFoundException',
    message: /^Function not found: arn:aws:lambda:us-east-1:111122223333:function:/,
  },
  {
    title: 'an unknown invocation type',
    headers: { 'x-amz-invocation-type': 'Sometimes' },
    status: 400,
    type: 'ValidationException',
    message: /'invocationType'/,
  },
];

/** Registers tests of the local gateway and the local Lambda service that `npm start` runs. */
export function describeLocalGateway(service: () => Running): void {
  describe('the local API answers as API Gateway does', () => {
    let deployedHandler: Handler;
    beforeAll(async () => {
      const bundles = await buildBundles();
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      deployedHandler = bundles.load(encryptOperation);
    }, 120_000);
    afterAll(() => vi.unstubAllEnvs());

    test.for(unknownRoutes)(`returns 404 {"message":"Not Found"} for %s (${routesGuide})`, async ([, method, path]) => {
      const response = await send(3000, method, path);
      expect(response).toMatchObject(notFound);
      expect(response.headers['apigw-requestid']).toMatch(/./);
    });

    test(`returns 404 for HEAD on a route for GET (${routesGuide})`, async () => {
      expect(await send(3000, 'HEAD', '/keys')).toMatchObject({ status: 404, body: undefined });
    });

    test('prints the closest route for an unknown route', async () => {
      await send(3000, 'GET', '/kesy');
      expect(service().output).toContain('No route GET /kesy. Did you mean GET /keys?');
    });

    test('prints no routes when it starts', () => {
      const [started] = service().output.split('Try: ');
      expect(started).not.toMatch(/\/keys|kms-functions-local-|socket/);
    });

    test('returns 413 for a body above 10 MB (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)', async () => {
      const response = await send(3000, 'POST', encrypt, jsonType, 'x'.repeat(10 * 1024 * 1024 + 1));
      expect(response).toMatchObject({ status: 413, body: { message: 'Request Entity Too Large' } });
    });

    test.for(bodies)('returns the status of the deployed function for %s', async ([, headers, body, status]) => {
      const local = await send(3000, 'POST', encrypt, headers, body);
      const deployed = (await invokeBundle(deployedHandler, headers, body)) as { statusCode: number; body: string };
      expect({ local: local.status, deployed: deployed.statusCode }).toEqual({ local: status, deployed: status });
      const { requestId, CiphertextBlob, ...expected } = JSON.parse(deployed.body);
      expect(local.body).toMatchObject(expected);
    });

    test.for([
      ['http://localhost:8080', 'http://localhost:8080'],
      ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
      ['http://localhost.example', undefined],
      ['https://example.com', undefined],
    ] as const)(`lets a page from %s read responses: %s (${corsGuide})`, async ([origin, allowed]) => {
      const preflight = { origin, 'access-control-request-method': 'POST' };
      for (const [response, status] of [
        [await send(3000, 'OPTIONS', '/keys', preflight), 204],
        [await send(3000, 'GET', '/health', { origin }), allowed === undefined ? 403 : 200],
      ] as const) {
        expect(response.status).toBe(status);
        expect(response.headers['access-control-allow-origin']).toBe(allowed);
      }
    });
  });

  describe(`the local Lambda service answers as Lambda does (${invokeReference})`, () => {
    test.for(functionNames)('invokes a function by %s', async ([, name, query = '']) => {
      const response = await send(3002, 'POST', `${formatPath(name)}${query}`, {}, event);
      expect(response).toMatchObject({ status: 200, body: { KeyMetadata: { KeyState: 'Enabled' } } });
    });

    test.for(refusals)('rejects $title', async ({ name = functionName, headers, payload = event, ...expected }) => {
      const { status, headers: received, body } = await send(3002, 'POST', formatPath(name), headers, payload);
      expect({ status, type: received['x-amzn-errortype'] }).toEqual({ status: expected.status, type: expected.type });
      expect(body).toEqual({ Type: 'User', Message: expect.stringMatching(expected.message) });
    });

    test.for([
      ['DryRun', 204],
      ['Event', 202],
    ] as const)('returns no result for the invocation type %s', async ([type, status]) => {
      const headers = { 'x-amz-invocation-type': type };
      const response = await send(3002, 'POST', formatPath(functionName), headers, event);
      expect(response).toMatchObject({ status, body: undefined });
    });

    test('reports the error code as errorType (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html)', async () => {
      const { status, headers, body } = await send(
        3002,
        'POST',
        formatPath(functionName),
        {},
        '{"KeyId":"alias/none"}',
      );
      expect({ status, error: headers['x-amz-function-error'] }).toEqual({ status: 200, error: 'Unhandled' });
      expect(body).toMatchObject({
        errorType: 'NotFoundException',
        errorMessage: expect.stringMatching(/^NotFoundException: /),
      });
    });
  });
}

/** Calls the packaged function with the event that API Gateway sends. */
function invokeBundle(handler: Handler, headers: Record<string, string>, body: string): Promise<unknown> {
  const isText = headers['content-type'] !== undefined;
  const sent: HttpEventV2 = {
    version: '2.0',
    routeKey: 'POST /keys/{KeyId}/encrypt',
    rawPath: encrypt,
    rawQueryString: '',
    headers,
    requestContext: { http: { method: 'POST', path: encrypt }, requestId: 'test' },
    pathParameters: { KeyId: 'alias.example' },
    ...(body === '' ? {} : { body: isText ? body : Buffer.from(body).toString('base64') }),
    isBase64Encoded: !isText,
  };
  const context = { awsRequestId: 'test', getRemainingTimeInMillis: () => 10_000 } as Context;
  return handler(sent, context);
}
