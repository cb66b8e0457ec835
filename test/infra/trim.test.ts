import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as whole from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { bundle } from '../../infra/packaging/bundle.ts';
import { trims } from '../../infra/trim/trims.ts';
import { operationRows } from '../support/operations.ts';

type Sdk = typeof whole;
type Config = whole.KMSClientConfig;
type Command = Parameters<whole.KMSClient['send']>[0];

interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

interface Answer {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

let folder: string;
let trimmed: Sdk;
let inputs: string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kms-functions-trim-'));
  const metafile = await bundle(['test/support/trimmed-sdk', 'functions/crypto/encrypt/handler'], folder);
  inputs = Object.keys(metafile.inputs);
  trimmed = createRequire(join(folder, 'index.cjs'))('./test/support/trimmed-sdk.cjs') as Sdk;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };

/** What a client sends, the answers being `answers` in turn, and what it makes of the last. */
async function callWith(sdk: Sdk, command: Command, config: Config, answers: readonly Answer[]) {
  const requests: Request[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request: Request) => {
      const { statusCode, headers = {}, body = '{}' } = answers[requests.length] ?? { statusCode: 500 };
      requests.push({ ...request, headers: { ...request.headers } });
      return Promise.resolve({ response: { statusCode, headers, body: Readable.from([Buffer.from(body)]) } });
    },
  } as unknown as NonNullable<Config['requestHandler']>;
  const client = new sdk.KMSClient({ credentials, retryMode: 'standard', ...config, requestHandler });
  const outcome = await client.send(command).then(
    (answer) => answer as unknown,
    (error: Error) => ({ ...error, name: error.name, message: error.message }),
  );
  return { requests, outcome };
}

function withCommand(sdk: Sdk, name: string, input: unknown): Command {
  const Named = (sdk as unknown as Record<string, new (input: unknown) => Command>)[`${name}Command`];
  if (Named === undefined) throw new TypeError(`the SDK has no ${name}Command`);
  return new Named(input);
}

/** Without what differs from call to call, and of the user agent without versions (each build has its own) and statistics. */
function comparable({ protocol, hostname, port, path, method, headers, body }: Request) {
  const { authorization = '', ...others } = headers;
  const signed = authorization.replace(/Signature=.*|\d{8}(?=\/)/g, '');
  const steady = Object.entries(others).filter(([name]) => !/^(x-amz-date|amz-sdk-invocation-id)$/.test(name));
  return {
    ...{ protocol, hostname, port, path, method, signed, body: new TextDecoder().decode(body) },
    headers: Object.fromEntries(
      steady.map(([name, value]) => [name, value.replaceAll(/ m\/\S*|(?<=sdk-js\/|kms#)[\d.]+/g, '')]),
    ),
  };
}

interface Seen {
  readonly requests: ReturnType<typeof comparable>[];
  readonly outcome: Record<string, unknown>;
}

async function seen(sdk: Sdk, name: string, input: unknown, config: Config, answers: readonly Answer[]): Promise<Seen> {
  const { requests, outcome } = await callWith(sdk, withCommand(sdk, name, input), config, answers);
  return { requests: requests.map(comparable), outcome: JSON.parse(JSON.stringify(outcome)) };
}

async function both(
  name: string,
  input: unknown,
  config: Config = { region: 'eu-central-1' },
  answers: readonly Answer[] = [{ statusCode: 200 }],
): Promise<{ ours: Seen; theirs: Seen }> {
  const [ours, theirs] = await Promise.all([
    seen(trimmed, name, input, config, answers),
    seen(whole, name, input, config, answers),
  ]);
  return { ours, theirs };
}

const describeKey = { KeyId: 'alias/example' };

describe('the trimmed SDK sends what the whole sends', () => {
  test.for(operationRows)('$name', async ({ name, operation }) => {
    const { ours, theirs } = await both(name, z.parse(operation.input, operation.example.input));
    expect(ours).toEqual(theirs);
    expect(ours.requests).toHaveLength(1);
  });

  test('text beyond ASCII, quotes, escapes, and bytes of every remainder', async () => {
    const EncryptionContext = { 'ключ "\\\n\u0000': '€\u{1f511}\ud800', constructor: 'x' };
    for (const length of [1, 2, 3, 4095, 4096]) {
      const Plaintext = new Uint8Array(length).map((_, index) => index * 7);
      const { ours, theirs } = await both('Encrypt', { KeyId: 'k', Plaintext, EncryptionContext });
      expect(ours).toEqual(theirs);
    }
  });

  test('a point in time', async () => {
    const ValidTo = new Date('2031-02-03T04:05:06.789Z');
    const input = { KeyId: 'k', ImportToken: new Uint8Array(3), EncryptedKeyMaterial: new Uint8Array(2), ValidTo };
    const { ours, theirs } = await both('ImportKeyMaterial', input);
    expect(ours).toEqual(theirs);
  });
});

describe('the trimmed SDK reads what the whole reads', () => {
  test.for([
    ['bytes', 'GenerateRandom', { Plaintext: 'AAECAwT/' }],
    ['times', 'DescribeKey', { KeyMetadata: { KeyId: 'k', CreationDate: 1_700_000_000.123, DeletionDate: '1.7E9' } }],
    [
      'a list, a map and text beyond ASCII',
      'ListGrants',
      { Grants: [{ Constraints: { EncryptionContextSubset: { ä: '🔑' } } }] },
    ],
    [
      'members that are new',
      'DescribeKey',
      { KeyMetadata: { KeyId: 'k', New: [1e21, 0.1] }, __type: 'com.amazonaws.kms#X' },
    ],
  ] as const)('%s', async ([, name, body]) => {
    const answer = { statusCode: 200, headers: { 'x-amzn-requestid': 'id' }, body: JSON.stringify(body) };
    const { ours, theirs } = await both(name, name === 'GenerateRandom' ? {} : describeKey, undefined, [answer]);
    expect(ours).toEqual(theirs);
  });

  test('a time that cannot be read is an error', async () => {
    const body = JSON.stringify({ KeyMetadata: { KeyId: 'k', CreationDate: 'soon' } });
    const { ours } = await both('DescribeKey', describeKey, undefined, [{ statusCode: 200, body }]);
    expect(ours.outcome).toMatchObject({ name: 'TypeError', message: expect.stringMatching('^an answer has a time') });
  });

  const modelled = Object.keys(whole).filter((name) => /Exception$/.test(name) && name !== 'KMSServiceException');
  test.for([...modelled, 'ThrottlingException', 'AccessDeniedException', 'Unheard'])('error %s', async (code) => {
    expect(modelled.length).toBeGreaterThan(45);
    const body = JSON.stringify({ __type: `com.amazonaws.kms#${code}`, message: 'A message.' });
    const headers = { 'x-amzn-requestid': 'id' };
    const config = { region: 'eu-central-1', maxAttempts: 1 };
    const { ours, theirs } = await both('DescribeKey', describeKey, config, [{ statusCode: 400, headers, body }]);
    const { name, message, $metadata } = theirs.outcome;
    expect(name).toBe(code);
    expect(ours.outcome).toMatchObject({ name, message, $metadata });
  });

  test('an error without a body, with a header alone, and one that is no JSON', async () => {
    for (const answer of [
      { statusCode: 400, body: '' },
      { statusCode: 400, body: '{}', headers: { 'x-amzn-errortype': 'DisabledException:http://internal/' } },
      { statusCode: 400, body: '<html>' },
    ]) {
      const { ours, theirs } = await both('DescribeKey', describeKey, undefined, [answer]);
      const { name, message } = theirs.outcome;
      expect(ours.outcome).toMatchObject({ name, message });
    }
  });
});

describe('the trimmed SDK tries again as the whole does', () => {
  const config = { region: 'eu-central-1', maxAttempts: 3 };
  const soon = () => new Date(Date.now() + 1000).toUTCString();
  test.for([
    ['after a fault of KMS', { statusCode: 500, body: '{"__type":"KMSInternalException"}' }],
    ['when throttled', { statusCode: 400, body: '{"__type":"ThrottlingException"}' }],
    ['after the seconds that KMS names', { statusCode: 503, headers: { 'retry-after': '0.2' } }],
    ['after the milliseconds that KMS names', { statusCode: 503, headers: { 'x-amz-retry-after': '200' } }],
    ['at the time that KMS names', { statusCode: 503, headers: { 'retry-after': soon() } }],
  ] as const)('%s', async ([, answer]) => {
    const { ours, theirs } = await both('DescribeKey', describeKey, config, [answer, answer, { statusCode: 200 }]);
    expect(ours.requests).toEqual(theirs.requests);
    expect(ours.requests.map(({ headers }) => headers['amz-sdk-request'])).toEqual([
      'attempt=1; max=3',
      'attempt=2; max=3',
      'attempt=3; max=3',
    ]);
    expect(ours.outcome).toMatchObject({ $metadata: { attempts: 3 } });
  });

  test('not after an error of the caller, and not for ever', async () => {
    const refused = { statusCode: 400, body: '{"__type":"DisabledException"}' };
    expect((await both('DescribeKey', describeKey, config, [refused])).ours.requests).toHaveLength(1);
    expect((await both('DescribeKey', describeKey, config, [])).ours.requests).toHaveLength(3);
  });

  test('with the clock of KMS, when its own is wrong', async () => {
    const headers = { date: new Date(Date.now() - 3_600_000).toUTCString() };
    const refused = {
      statusCode: 400,
      headers,
      body: '{"__type":"InvalidSignatureException","message":"Signature expired"}',
    };
    const command = withCommand(trimmed, 'DescribeKey', describeKey);
    const { requests } = await callWith(trimmed, command, config, [refused, { statusCode: 200 }]);
    const hours = requests.map(({ headers: { 'x-amz-date': text = '' } }) => Number(text.slice(9, 11)));
    expect(((hours[0] ?? 0) - (hours[1] ?? 0) + 24) % 24).toBe(1);
  });
});

describe('the trimmed SDK goes where the whole goes', () => {
  const source = readFileSync(
    'node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
    'utf8',
  );
  const regions = [...source.matchAll(/"([a-z0-9-]+)": \{\s+"description"/g)].map(([, region = '']) => region);

  test.for([...regions, 'us-west-9', 'eu-isoe-west-1'])('in %s', async (region) => {
    expect(regions.length).toBeGreaterThan(40);
    for (const useFipsEndpoint of [false, true]) {
      for (const useDualstackEndpoint of [false, true]) {
        const { ours, theirs } = await both('DescribeKey', describeKey, {
          region,
          useFipsEndpoint,
          useDualstackEndpoint,
        });
        expect(ours).toEqual(theirs);
      }
    }
  });

  test.for([
    ['its Region', { AWS_REGION: 'ap-south-1' }],
    ['FIPS', { AWS_REGION: 'us-east-1', AWS_USE_FIPS_ENDPOINT: 'true' }],
    ['dual stack', { AWS_REGION: 'us-east-1', AWS_USE_DUALSTACK_ENDPOINT: 'true' }],
    ['an endpoint of KMS', { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_KMS: 'https://kms.internal.example:8443/base' }],
    ['an endpoint of all services', { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'https://aws.internal.example' }],
    ['a Region that is none', { AWS_REGION: 'us_east_1' }],
    [
      'a FIPS endpoint of its own',
      { AWS_REGION: 'us-east-1', AWS_USE_FIPS_ENDPOINT: 'true', AWS_ENDPOINT_URL_KMS: 'https://kms.internal.example' },
    ],
    [
      'its trace',
      {
        AWS_REGION: 'us-east-1',
        AWS_LAMBDA_FUNCTION_NAME: 'encrypt',
        _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
      },
    ],
    [
      'its name in the user agent',
      { AWS_REGION: 'us-east-1', AWS_SDK_UA_APP_ID: 'kms-functions', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    ],
  ] as [string, Record<string, string>][])('by the environment: %s', async ([, environment]) => {
    const missing = { AWS_CONFIG_FILE: '/nowhere/config', AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials' };
    for (const [name, value] of Object.entries({ ...missing, ...environment })) vi.stubEnv(name, value);
    try {
      const { ours, theirs } = await both('DescribeKey', describeKey, {});
      expect(ours.requests).toEqual(theirs.requests);
      const { name, message } = theirs.outcome;
      if (name !== undefined) expect(ours.outcome).toMatchObject({ name, message });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('what is left out', () => {
  test.for(trims.map(({ module }) => module))('would be in a bundle: %s', (module) => {
    expect(inputs).toContain(`node_modules/${module}`);
  });

  test('says so when it is asked for', async () => {
    const send = (config: Config) =>
      Promise.resolve().then(() => callWith(trimmed, withCommand(trimmed, 'DescribeKey', describeKey), config, []));
    await expect(send({ region: 'us-east-1', extensions: [{ configure: () => {} }] })).rejects.toThrow(
      'left out of this bundle: extensions of the KMS client',
    );
    const { outcome } = await send({ region: 'us-east-1', retryMode: 'adaptive' });
    expect((outcome as Error).message).toMatch(/^left out of this bundle: .*AdaptiveRetryStrategy/);
  });

  test('credentials of a file are not looked for', async () => {
    const { outcome } = await callWith(
      trimmed,
      withCommand(trimmed, 'DescribeKey', describeKey),
      { region: 'us-east-1', credentials: undefined as never },
      [{ statusCode: 200 }],
    );
    expect((outcome as Error).message).toBe('credentials come from the environment');
  });
});
