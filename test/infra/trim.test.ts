import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { bundle } from '../../infra/packaging/bundle.ts';
import {
  replacementsForIdempotency,
  replacementsForJson,
  replacementsForKms,
  replacementsForLambda,
} from '../../infra/trim/replacements.ts';
import { Sha256 } from '../../shared/kms/sha256.ts';
import { operationRows } from '../support/operations.ts';

type Sdk = typeof sdk;
type Config = sdk.KMSClientConfig;
type Command = Parameters<sdk.KMSClient['send']>[0];

interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

interface Response {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

let folder: string;
let trimmedSdk: Sdk;
let bundledFiles: string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kms-functions-trim-'));
  const handlers = ['functions/crypto/encrypt/handler', 'functions/keys/create-key/idempotent/handler'];
  const metafile = await bundle(['test/support/trimmed-sdk', ...handlers], folder);
  bundledFiles = Object.keys(metafile.inputs);
  trimmedSdk = createRequire(join(folder, 'index.cjs'))('./test/support/trimmed-sdk.cjs') as Sdk;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
const inRegion: Config = { region: 'eu-central-1' };
const success: Response = { statusCode: 200 };

/** Sends a command to a fake KMS that returns `responses` in order. Returns the requests and the result or error. */
async function send(kms: Sdk, command: Command, config: Config, responses: readonly Response[]) {
  const requests: Request[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request: Request) => {
      const { statusCode, headers = {}, body = '{}' } = responses[requests.length] ?? { statusCode: 500 };
      requests.push({ ...request, headers: { ...request.headers } });
      return Promise.resolve({ response: { statusCode, headers, body: Buffer.from(body) } });
    },
  } as unknown as NonNullable<Config['requestHandler']>;
  const client = new kms.KMSClient({ credentials, sha256: Sha256, retryMode: 'standard', ...config, requestHandler });
  const outcome = await client.send(command).then(
    (output) => output as unknown,
    (error: Error) => ({ ...error, name: error.name, message: error.message }),
  );
  return { requests, outcome };
}

function createCommand(kms: Sdk, name: string, input: unknown): Command {
  const CommandClass = (kms as unknown as Record<string, new (input: unknown) => Command>)[`${name}Command`];
  if (CommandClass === undefined) throw new TypeError(`The SDK does not have a ${name}Command.`);
  return new CommandClass(input);
}

/** Removes values that differ between calls, and user agent versions and feature ids, which differ between builds. */
function normalize({ protocol, hostname, port, path, method, headers, body }: Request) {
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

interface Observed {
  readonly requests: ReturnType<typeof normalize>[];
  readonly outcome: Record<string, unknown>;
}

/** Sends the same command with the trimmed SDK and with the full SDK. */
async function sendWithBoth(
  name: string,
  input: unknown,
  config: Config = inRegion,
  responses: readonly Response[] = [success],
): Promise<{ trimmed: Observed; whole: Observed }> {
  const observe = async (kms: Sdk): Promise<Observed> => {
    const { requests, outcome } = await send(kms, createCommand(kms, name, input), config, responses);
    return { requests: requests.map(normalize), outcome: JSON.parse(JSON.stringify(outcome)) };
  };
  const [trimmed, whole] = await Promise.all([observe(trimmedSdk), observe(sdk)]);
  return { trimmed, whole };
}

const describeKey = { KeyId: 'alias/example' };

describe('a request from the trimmed SDK', () => {
  test.for(operationRows)(
    'a request from the trimmed SDK equals the request from the full SDK: $name',
    async ({ name, operation }) => {
      const { trimmed, whole } = await sendWithBoth(name, z.parse(operation.input, operation.example.input));
      expect(trimmed).toEqual(whole);
      expect(trimmed.requests).toHaveLength(1);
    },
  );

  test.for([
    ['a Region', { AWS_REGION: 'ap-south-1' }],
    ['FIPS', { AWS_REGION: 'us-east-1', AWS_USE_FIPS_ENDPOINT: 'true' }],
    ['an endpoint', { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_KMS: 'https://kms.internal.example:8443/base' }],
    ['an endpoint for all services', { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'https://aws.internal.example' }],
    ['an invalid Region', { AWS_REGION: 'us_east_1' }],
    [
      'a trace',
      {
        AWS_REGION: 'us-east-1',
        AWS_LAMBDA_FUNCTION_NAME: 'encrypt',
        _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1',
      },
    ],
    [
      'an application id',
      { AWS_REGION: 'us-east-1', AWS_SDK_UA_APP_ID: 'kms-functions', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    ],
  ] as [string, Record<string, string>][])(
    'a request from the trimmed SDK equals the request from the full SDK with %s in the environment',
    async ([, environment]) => {
      const clean = {
        AWS_REGION: undefined,
        AWS_DEFAULT_REGION: undefined,
        AWS_CONFIG_FILE: '/nowhere/config',
        AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
        AWS_EC2_METADATA_DISABLED: 'true',
      };
      for (const [name, value] of Object.entries({ ...clean, ...environment })) vi.stubEnv(name, value);
      try {
        const { trimmed, whole } = await sendWithBoth('DescribeKey', describeKey, {});
        expect(trimmed.requests).toEqual(whole.requests);
        const { name, message } = whole.outcome;
        if (name !== undefined) expect(trimmed.outcome).toMatchObject({ name, message });
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );
});

describe('a result from the trimmed SDK', () => {
  test.for([
    ['bytes', 'GenerateRandom', { Plaintext: 'AAECAwT/' }],
    ['timestamps', 'DescribeKey', { KeyMetadata: { KeyId: 'k', CreationDate: 1_700_000_000.123 } }],
    ['maps', 'ListGrants', { Grants: [{ Constraints: { EncryptionContextSubset: { ä: '🔑' } } }] }],
    ['unknown members', 'DescribeKey', { KeyMetadata: { KeyId: 'k', New: [1e21, 0.1] } }],
  ] as const)('a result from the trimmed SDK equals the result from the full SDK for %s', async ([, name, body]) => {
    const response = { statusCode: 200, headers: { 'x-amzn-requestid': 'id' }, body: JSON.stringify(body) };
    const { trimmed, whole } = await sendWithBoth(name, { KeyId: 'k' }, inRegion, [response]);
    expect(trimmed).toEqual(whole);
  });

  const modeled = Object.keys(sdk).filter((name) => /Exception$/.test(name) && name !== 'KMSServiceException');
  test.for([...modeled, 'ThrottlingException', 'AccessDeniedException', 'Unknown'])(
    'a result from the trimmed SDK equals the result from the full SDK for the error %s',
    async (code) => {
      expect(modeled.length).toBeGreaterThan(45);
      const body = JSON.stringify({ __type: `com.amazonaws.kms#${code}`, message: 'A message.' });
      const response = { statusCode: 400, headers: { 'x-amzn-requestid': 'id' }, body };
      const config = { ...inRegion, maxAttempts: 1 };
      const { trimmed, whole } = await sendWithBoth('DescribeKey', describeKey, config, [response]);
      expect(whole.outcome.name).toBe(code);
      expect(trimmed).toEqual(whole);
    },
  );

  test('an error from the trimmed SDK equals the error from the full SDK without a body, with the code in a header, or with another format', async () => {
    for (const response of [
      { statusCode: 400, body: '' },
      { statusCode: 400, body: '{}', headers: { 'x-amzn-errortype': 'DisabledException:http://internal/' } },
      { statusCode: 400, body: '<html>' },
    ]) {
      const { trimmed, whole } = await sendWithBoth('DescribeKey', describeKey, inRegion, [response]);
      const { name, message } = whole.outcome;
      expect(trimmed.outcome).toMatchObject({ name, message });
    }
  });
});

test('the trimmed SDK retries in the same way as the full SDK', async () => {
  const fault = { statusCode: 500, body: '{"__type":"KMSInternalException"}' };
  const rejection = { statusCode: 400, body: '{"__type":"DisabledException"}' };
  const config = { ...inRegion, maxAttempts: 3 };
  for (const [responses, attempts] of [
    [[fault, fault, success], 3],
    [[fault, fault, fault], 3],
    [[rejection], 1],
  ] as const) {
    const { trimmed, whole } = await sendWithBoth('DescribeKey', describeKey, config, responses);
    expect(trimmed.requests).toEqual(whole.requests);
    expect(trimmed.requests).toHaveLength(attempts);
  }
});

describe('a replacement in the trimmed SDK', () => {
  const modules = [
    ...replacementsForLambda,
    ...replacementsForJson,
    ...replacementsForKms,
    ...replacementsForIdempotency,
  ].map(({ module }) => module);

  test.for(modules)('a replacement in the trimmed SDK replaces a module in the bundles: %s', (module) => {
    expect(bundledFiles).toContain(`node_modules/${module}`);
  });

  test('the trimmed SDK throws if a command uses an omitted module', async () => {
    const command = () => createCommand(trimmedSdk, 'DescribeKey', describeKey);
    const withExtension = { ...inRegion, extensions: [{ configure: () => {} }] };
    await expect(async () => send(trimmedSdk, command(), withExtension, [])).rejects.toThrow(
      'extensions of the KMS client are not in this bundle',
    );
    expect(() => new trimmedSdk.KMSClient({ ...inRegion, credentials })).toThrow(
      "the SDK's HTTP handler is not in this bundle",
    );
    const { outcome } = await send(trimmedSdk, command(), { ...inRegion, retryMode: 'adaptive' }, []);
    expect((outcome as Error).message).toMatch(/AdaptiveRetryStrategy\.js is not in this bundle$/);
  });

  test('the trimmed SDK does not look for credentials outside the environment', async () => {
    const command = createCommand(trimmedSdk, 'DescribeKey', describeKey);
    const { outcome } = await send(trimmedSdk, command, { ...inRegion, credentials: undefined as never }, [success]);
    expect((outcome as Error).message).toBe('credentials come from the environment');
  });
});
