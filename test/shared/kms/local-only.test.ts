import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { isolateFromAws } from '../../../infra/local/local-environment.ts';
import { readEndpoint } from '../../../shared/config/endpoint.ts';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { type Ended, runNode } from '../../support/child.ts';
import { isSoak } from '../../support/soak.ts';

/** The directory for copies of the service, so that runs do not share keys and builds. */
const folder = mkdtempSync(join(tmpdir(), 'kms-functions-local-'));
const preload = new URL('../../support/no-network.mjs', import.meta.url).href;
const config = join(folder, 'aws-config');
const elsewhere = 'https://elsewhere.example.com';
const profile = `
[default]
endpoint_url = ${elsewhere}
region = eu-west-3
sso_session = company
sso_account_id = 111122223333
sso_role_name = Admin
[profile company]
services = elsewhere
credential_process = /bin/false
role_arn = arn:aws:iam::111122223333:role/Admin
source_profile = default
[services elsewhere]
kms =
  endpoint_url = ${elsewhere}
[sso-session company]
sso_start_url = ${elsewhere}/start
sso_region = eu-west-3
`;

beforeAll(() => writeFileSync(config, profile));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function serviceFolder(): string {
  const service = mkdtempSync(join(folder, 'service-'));
  for (const name of ['serverless.yml', 'package.json']) copyFileSync(name, join(service, name));
  for (const name of ['emulator', 'events', 'functions', 'node_modules', 'infra', 'shared']) {
    symlinkSync(resolve(name), join(service, name));
  }
  return service;
}

/** Runs Node with a preloaded module that blocks and logs every connection that would leave this machine. */
async function runWatched(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended & { left: string }> {
  const service = serviceFolder();
  const log = join(service, 'network.log');
  writeFileSync(log, '');
  const watched = { ...environment, NO_NETWORK_LOG: log, NODE_OPTIONS: `--import=${preload}` };
  const ended = await runNode(args, watched, service);
  return { ...ended, left: readFileSync(log, 'utf8') };
}

const environments: Record<string, NodeJS.ProcessEnv> = {
  'with a remote endpoint, FIPS and dual stack, a proxy and real credentials': {
    AWS_ENDPOINT_URL: elsewhere,
    AWS_ENDPOINT_URL_KMS: elsewhere,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_REGION: 'eu-west-3',
    AWS_DEFAULT_REGION: 'eu-west-3',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_SESSION_TOKEN: 'token',
    HTTP_PROXY: elsewhere,
    HTTPS_PROXY: elsewhere,
    http_proxy: elsewhere,
    https_proxy: elsewhere,
    ALL_PROXY: elsewhere,
    NODE_USE_ENV_PROXY: '1',
  },
  'with a profile that has SSO, a role and an endpoint': {
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: config,
    AWS_PROFILE: 'company',
    AWS_SDK_LOAD_CONFIG: '1',
  },
  'with a missing profile, and credentials from a container, a web identity and the instance': {
    AWS_PROFILE: 'not-there',
    AWS_DEFAULT_PROFILE: 'not-there',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${elsewhere}/credentials`,
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/credentials',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token',
    AWS_WEB_IDENTITY_TOKEN_FILE: config,
    AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/Admin',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://169.254.169.254',
    AWS_EC2_METADATA_DISABLED: 'false',
  },
};

describe.concurrent('stage local', () => {
  const invokeLocal = ['node_modules/serverless/bin/serverless.js', 'invoke', 'local', '-f', 'encrypt'];

  // The test of isolateFromAws below covers the other environments in a short run.
  const chosen = Object.entries(environments).slice(0, isSoak ? undefined : 1);
  test.for(chosen)('stage local sends no requests to other machines %s', async ([, environment], { expect }) => {
    const args = [...invokeLocal, '-p', 'events/direct/encrypt.json'];
    const { code, stdout, stderr, left } = await runWatched(args, environment);
    expect(left).toBe('');
    expect(code, stdout + stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      CiphertextBlob: expect.any(String),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
    });
  });

  test('the module for the stage local tests detects every request to another machine', async ({ expect }) => {
    const calls = [
      "fetch('https://elsewhere.example.com').catch(() => {})",
      "fetch('http://192.0.2.1').catch(() => {})",
      "import('node:dns').then((dns) => dns.lookup('look-up.example.com', () => {}))",
      "import('node:http').then((http) => http.get('http://192.0.2.2').on('error', () => {}))",
      "import('node:dgram').then((dgram) => dgram.createSocket('udp4').send('x', 53, '192.0.2.3'))",
    ];
    const { left } = await runWatched(['-e', calls.join(';')], {});
    const hosts = ['elsewhere.example.com', '192.0.2.1', 'look-up.example.com', '192.0.2.2', '192.0.2.3'];
    for (const host of hosts) expect(left).toContain(host);
  });
});

describe('isolateFromAws leaves the same AWS variables as on a machine without AWS configuration', () => {
  function isolate(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const isolated = { ...environment };
    isolateFromAws(isolated, 'us-east-1');
    return Object.fromEntries(Object.entries(isolated).filter(([name]) => name.startsWith('AWS_')));
  }

  test.for(Object.entries(environments))('%s', ([, environment]) => {
    expect(isolate(environment)).toEqual(isolate({}));
    expect(isolate({})).toMatchObject({ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
  });
});

describe('an endpoint override', () => {
  const stage = (name: string, endpoint?: string, generic?: string) => ({
    KMS_FUNCTIONS_STAGE: name,
    ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL_KMS: endpoint }),
    ...(generic === undefined ? {} : { AWS_ENDPOINT_URL: generic }),
  });
  const invalid: Record<string, NodeJS.ProcessEnv> = {
    'stage local has no override': stage('local'),
    'stage local has an empty override': stage('local', ''),
    'stage local has a remote URL': stage('local', elsewhere),
    'stage local has a generic remote URL': stage('local', undefined, 'http://192.0.2.1:4599'),
    'stage local has a remote host whose name starts with localhost': stage(
      'local',
      'http://localhost.example.com:4599',
    ),
    'stage local has a URL with a loopback address as its user name': stage('local', 'http://127.0.0.1@192.0.2.1/'),
    'stage local has text that is not a URL': stage('local', '127.0.0.1:4599'),
    'stage local has the unspecified address': stage('local', 'http://0.0.0.0:4599'),
    'another stage has an http URL': stage('dev', 'http://kms.internal'),
    'another stage has an http URL on this machine': stage('dev', 'http://127.0.0.1:4599'),
    'another stage has a generic http URL': stage('prod', undefined, 'http://kms.internal'),
    'an unknown stage has an http URL': { AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:4599' },
  };

  test.for(Object.entries(invalid))(
    'an endpoint override is rejected if %s, and the function does not load',
    ([, environment]) => {
      expect(() => readEndpoint(environment)).toThrow(/stage local|must be https/);
      const names = ['KMS_FUNCTIONS_STAGE', 'AWS_ENDPOINT_URL_KMS', 'AWS_ENDPOINT_URL'];
      const before = names.map((name) => [name, process.env[name]] as const);
      for (const name of names) delete process.env[name];
      Object.assign(process.env, environment);
      try {
        expect(() => createHandler(encrypt, class {})).toThrow(/stage local|must be https/);
      } finally {
        for (const [name, value] of before) {
          if (value === undefined) delete process.env[name];
          else process.env[name] = value;
        }
      }
    },
  );

  test.each([
    [stage('local', 'http://127.0.0.1:4599'), 'http://127.0.0.1:4599'],
    [stage('local', 'http://localhost:4599', elsewhere), 'http://localhost:4599'],
    [stage('local', 'http://[::1]:4599'), 'http://[::1]:4599'],
    [stage('dev'), undefined],
    [
      stage('dev', 'https://vpce-1.kms.us-east-1.vpce.amazonaws.com'),
      'https://vpce-1.kms.us-east-1.vpce.amazonaws.com',
    ],
  ])('an endpoint override is read from %j', (environment, endpoint) => {
    expect(readEndpoint(environment)).toBe(endpoint);
  });
});
