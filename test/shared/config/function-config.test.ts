import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveDeployment } from '../../../infra/deployment/deployment.ts';
import { buildEnvironment } from '../../../infra/environment.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import { variableNames } from '../../../shared/config/variable-names.ts';

const account = '111111111111';

/** Returns the environment that a deployment with these parameters gives to its functions. */
const references = { 'AWS::AccountId': account, 'AWS::Partition': 'aws' };

function resolveEnvironment(stage: string, parameters: Record<string, string>): Record<string, string> {
  const entries = Object.entries(buildEnvironment(resolveDeployment(stage, parameters)));
  const filled = entries.map(([name, value]) => {
    const { Ref } = (value ?? {}) as { Ref?: keyof typeof references };
    return [name, Ref === undefined ? String(value) : references[Ref]];
  });
  return { ...Object.fromEntries(filled), AWS_REGION: 'eu-west-1' };
}

describe('a function configuration', () => {
  test('a function configuration has the defaults of a deployment without parameters', () => {
    expect(readFunctionConfig(resolveEnvironment('dev', {}))).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      partition: 'aws',
      regions: ['eu-west-1'],
      accountIds: [account],
      endpoint: undefined,
      usesFips: false,
      serviceTag: 'kms-functions-dev',
      keyScope: 'service',
      auth: 'iam',
      keysClaim: undefined,
      deletionGuardDays: 7,
      directKeys: undefined,
      tenancy: undefined,
      callerContextKey: undefined,
      policyBounds: { partition: 'aws', accountIds: [account], principals: new Set(), grantOperations: undefined },
      auditContextValues: new Set(),
      isMetricsEnabled: true,
    });
  });

  test('a function configuration contains the value of every parameter', () => {
    const parameters = {
      auth: 'jwt',
      jwtIssuer: 'https://login.example.com/',
      jwtAudience: 'kms-functions',
      keyScope: 'account',
      fips: 'on',
      serviceTag: 'payments-keys',
      regions: 'eu-west-1,eu-central-1',
      keysClaim: 'kms_keys',
      deletionGuardDays: '30',
      directKeys: 'alias/payments/*,tag:team=payments',
      tenantField: 'claim:tenant_id',
      tenantContextKey: 'customer',
      tenantTag: 'owner',
      tenantDirect: 'unbound',
      callerContextKey: 'caller',
      allowedPrincipals: '111122223333,cloudtrail.amazonaws.com',
      grantOperations: 'Encrypt,Decrypt',
      auditContextValues: 'tenant,purpose',
    };
    expect(readFunctionConfig(resolveEnvironment('prod', parameters))).toEqual({
      version: expect.any(String),
      partition: 'aws',
      regions: ['eu-west-1', 'eu-central-1'],
      accountIds: [account],
      endpoint: undefined,
      usesFips: true,
      serviceTag: 'payments-keys',
      keyScope: 'account',
      auth: 'jwt',
      keysClaim: 'kms_keys',
      deletionGuardDays: 30,
      directKeys: 'alias/payments/*,tag:team=payments',
      tenancy: {
        field: 'claim:tenant_id',
        contextKey: 'customer',
        tag: 'owner',
        direct: 'unbound',
      },
      callerContextKey: 'caller',
      policyBounds: {
        partition: 'aws',
        accountIds: [account],
        principals: new Set(['111122223333', 'cloudtrail.amazonaws.com']),
        grantOperations: new Set(['Encrypt', 'Decrypt']),
      },
      auditContextValues: new Set(['tenant', 'purpose']),
      isMetricsEnabled: true,
    });
  });

  test('a function configuration contains the endpoint, which excludes other Regions', () => {
    const endpoint = 'https://kms.internal.example';
    expect(readFunctionConfig(resolveEnvironment('prod', { endpoint }))).toMatchObject({
      endpoint,
      regions: ['eu-west-1'],
    });
  });

  test('a function configuration contains the name `tenant` and rejects direct invokers by default', () => {
    const { tenancy } = readFunctionConfig(resolveEnvironment('dev', { tenantField: 'role' }));
    expect(tenancy).toEqual({
      field: 'role',
      contextKey: 'tenant',
      tag: 'tenant',
      direct: 'refuse',
    });
  });

  test('a function configuration disables authentication, the service tag and metrics in stage local', () => {
    const environment = { ...resolveEnvironment('local', {}), AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:4599' };
    expect(readFunctionConfig(environment)).toMatchObject({
      auth: 'open',
      accountIds: ['000000000000'],
      serviceTag: undefined,
      policyBounds: undefined,
      isMetricsEnabled: false,
    });
  });

  test.each([{}, { AUTH: '' }, { AUTH: 'open' }, { AUTH: 'none', KMS_FUNCTIONS_STAGE: 'local' }])(
    'a function configuration is rejected outside stage local if it does not authenticate callers: %j',
    (environment) => {
      const withEndpoint = { ...environment, AWS_ENDPOINT_URL_KMS: 'https://127.0.0.1:4599' };
      expect(() => readFunctionConfig(withEndpoint)).toThrow('AUTH must be iam or jwt outside stage local.');
    },
  );

  test.for(['300', '300,1000', '300,1000,1e9,1', '300,1000,0', '300,0.5,1', 'Infinity,1000,1000', '300,x,1000'])(
    'a function configuration is rejected unless its cache limits are three positive integers: %s',
    (DATA_KEY_CACHE) => {
      const environment = { ...resolveEnvironment('dev', {}), DATA_KEY_CACHE };
      expect(() => readFunctionConfig(environment)).toThrow('DATA_KEY_CACHE must contain three positive integers');
    },
  );

  test('a function configuration is read only from the variables in `variableNames`', () => {
    const asked = new Set<string>();
    const environment = new Proxy(resolveEnvironment('dev', { tenantField: 'role' }), {
      get: (target, name: string) => {
        asked.add(name);
        return target[name];
      },
    });
    readFunctionConfig(environment);
    const names = new Set<string>(Object.values(variableNames));
    expect([...asked].filter((name) => !names.has(name))).toEqual([]);
  });
});

test('only the configuration modules read the environment', () => {
  const readers = ['shared', 'functions']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => readFileSync(file, 'utf8').includes('process.env'));
  expect(readers.sort()).toEqual([
    'functions/audit/forward/forwarder-config.ts',
    'functions/bulk/worker-config.ts',
    'shared/config/function-config.ts',
    'shared/config/idempotency-settings.ts',
  ]);
});
