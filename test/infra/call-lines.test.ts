import { Writable } from 'node:stream';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCallPrinter, readCallLog } from '../../infra/local/call-lines.ts';
import { createErrorFilter } from '../../infra/local/offline-log.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';

const used = useEmulator();
let stage: LocalStage;
let output = '';
const stream = new Writable({
  write: (chunk, _, done) => {
    output += chunk;
    done();
  },
});

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startLocalStage({ printCall: createCallPrinter('text', stream) });
});
afterAll(() => stage.close());
beforeEach(() => {
  output = '';
});

/** Returns the printed lines without their times and durations, which differ in each run. */
function readLines(): string[] {
  return output
    .trim()
    .split('\n')
    .map((line) => {
      const [, middle] = /^\d\d:\d\d:\d\d (.*) {2}\d+ ms$/.exec(line) ?? [];
      return middle ?? line;
    });
}

const secret = 'Canary7InARequest';

describe('the line that npm start prints for a call', () => {
  test.for([
    ['POST', '/keys/alias.example/encrypt', { Plaintext: 'aGVsbG8=' }, 'POST /keys/alias.example/encrypt 200'],
    ['GET', '/keys?Limit=1', undefined, 'GET /keys 200'],
    [
      'POST',
      '/keys/alias.example/encrypt',
      {},
      'POST /keys/alias.example/encrypt 400 ValidationException: /Plaintext is required.',
    ],
    [
      'POST',
      '/keys/alias.none/encrypt',
      { Plaintext: 'aGVsbG8=' },
      'POST /keys/alias.none/encrypt 404 NotFoundException: Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.',
    ],
    ['POST', `/keys/${secret}/encrypt`, { Plaintext: 'aGVsbG8=' }, /^POST \/keys\/…\/encrypt 4\d\d \w+: /],
    ['POST', '/keys/a%0A%1B[31m/encrypt', { Plaintext: 'aGVsbG8=' }, /^POST \/keys\/…\/encrypt 4\d\d \w+: /],
    ['POST', '/keys/alias.example/encrypt', { Plaintext: secret }, /^POST \/keys\/alias\.example\/encrypt 400 \w+: /],
    [
      'POST',
      `/decrypt?${secret}=${secret}`,
      { CiphertextBlob: 'aGVsbG8=', GrantTokens: [secret], EncryptionContext: { team: secret } },
      /^POST \/decrypt 4\d\d \w+: /,
    ],
  ] as const)('%s %s', async ([method, path, body, line]) => {
    const headers = { 'content-type': 'application/json' };
    await fetch(`${stage.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    expect(readLines()).toEqual([line instanceof RegExp ? expect.stringMatching(line) : line]);
    expect(output).toMatch(/^[^\p{Cc}]+\n$/u);
    expect(output).not.toContain(secret);
    expect(output).not.toContain(Buffer.from(secret).toString('base64'));
  });

  test.for([
    ['encrypt', { KeyId: 'alias/example', Plaintext: 'aGVsbG8=' }, 'invoke kms-functions-local-encrypt 200'],
    [
      'describeKey',
      { KeyId: 'alias/none' },
      'invoke kms-functions-local-describeKey error NotFoundException: Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.',
    ],
    [
      'none',
      {},
      'invoke kms-functions-local-none 404 ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:000000000000:function:kms-functions-local-none',
    ],
  ] as const)('an invocation of %s', async ([name, event, line]) => {
    const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
    const lambda = new LambdaClient({ endpoint: stage.urls.lambda, region: 'us-east-1', credentials });
    const FunctionName = `kms-functions-local-${name}`;
    await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) })).catch(() => {});
    lambda.destroy();
    expect(readLines()).toEqual([line]);
  });

  test('requests for pages print no line', async () => {
    for (const path of ['/', '/docs', '/openapi.json']) await fetch(`${stage.url}${path}`);
    expect(output).toBe('');
  });

  test('KMS_FUNCTIONS_LOG=json prints no lines, because the functions print their records', () => {
    createCallPrinter('json', stream)('GET /keys', { status: 200, headers: {}, body: '' }, 1);
    expect(output).toBe('');
  });

  test.for([
    [undefined, 'text'],
    ['text', 'text'],
    ['json', 'json'],
  ])('KMS_FUNCTIONS_LOG=%s selects %s', ([value, expected]) => {
    expect(readCallLog({ KMS_FUNCTIONS_LOG: value })).toBe(expected);
  });

  test('another value of KMS_FUNCTIONS_LOG is rejected', () => {
    expect(() => readCallLog({ KMS_FUNCTIONS_LOG: 'xml' })).toThrow('KMS_FUNCTIONS_LOG must be text or json.');
  });
});

describe('the errors that serverless-offline prints', () => {
  const heading = "Unhandled exception in handler 'encrypt'.";
  const expected = Object.assign(new Error('NotFoundException: none'), { name: 'NotFoundException' });
  const bug = new SyntaxError('Unexpected token');

  test.for([
    ['an error of a function with a code of the API', [heading, expected], []],
    ["serverless-offline's line about such an error", [`Unhandled Lambda Error during invoke of 'f': ${expected}`], []],
    ['an error while a function loads', [heading, bug], [heading, bug]],
    ['any other text', ['Port is in use'], ['Port is in use']],
    ['a bug after an expected error', [heading, expected, heading, bug], [heading, bug]],
  ] as const)('%s', ([, printed, shown]) => {
    const texts: unknown[] = [];
    const filter = createErrorFilter((...text) => texts.push(...text));
    for (const text of printed) filter(text);
    expect(texts).toEqual(shown);
  });
});
