import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import type { LocalEffect, Parameter } from '../../infra/parameters/parameter.ts';
import { parseParameters } from '../../infra/parameters/parse-parameters.ts';
import { readParameters } from '../../infra/parameters/read-parameters.ts';
import { type ParameterName, parameterTable } from '../../infra/parameters/table.ts';
import { buildServiceParts } from '../../infra/service.ts';
import {
  flattenDeployment,
  flattenLocalStage,
  type Given,
  listChanges,
  listDifferences,
  withExample,
  withoutExample,
} from '../../scripts/deployment-difference.ts';
import { allOperations, isSoak } from '../support/operations.ts';
import { useProjectCopy } from '../support/project-copy.ts';
import { packageIn, readTemplate, toArguments } from '../support/template.ts';

const names = Object.keys(parameterTable) as ParameterName[];
const nameRows = names.map((name) => ({ name }));

describe('parseParameters', () => {
  const invalid: Readonly<Record<ParameterName, readonly string[]>> = {
    operations: [],
    keyScope: ['on', '', 'own', 'SERVICE'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM would read a variable
    serviceTag: ['', '*', 'a*', '${aws:username}', '-a', 'a'.repeat(129)],
    idempotency: ['yes', 'ON', ''],
    bulk: ['yes', 'ON', ''],
    dataKeyCache: [
      '',
      '300',
      'seconds:300',
      'seconds:300,messages:1000',
      'seconds:0,messages:1,bytes:1',
      'seconds:3601,messages:1,bytes:1',
      'seconds:1,messages:1000001,bytes:1',
      'seconds:1,messages:1,bytes:1000000000001',
      'seconds:1,messages:1,byte:1',
      'seconds:1.5,messages:1,bytes:1',
    ],
    regions: ['', 'eu', 'eu-west-1,', '*', 'eu-west-1;eu-west-2'],
    deletionGuardDays: ['', '-1', '366', '1.5', 'off'],
    minPendingWindowDays: ['6', '31', '7.5', '', '-7', '0x10'],
    callerAccounts: [
      '',
      '1',
      '1111222233334',
      '*',
      'arn:aws:iam::111122223333:root',
      '111122223333,111122223333',
      Array.from({ length: 51 }, (_, index) => String(111_122_223_333 + index)).join(),
    ],
    callerOperations: [],
    kmsShare: ['0', '1.5', '50%', '.5', '-1', '0.001', ''],
    kmsQuotas: ['', '5000', 'symmetric', 'symmetric:0', 'symmetric:1000001', 'rsa:5', 'Sign:1,Sign:2'],
    throttleRate: ['0', '10001', 'many'],
    throttleBurst: ['0', '5001'],
    operationRates: ['', '5', 'Encrypt', 'Encrypt:0', 'Encrypt:0.5', 'Encrypt:10001', 'Sign:1,Sign:2'],
    accountConcurrency: ['9', '', '1e3', '-1000', '1000001'],
    reservedConcurrency: ['', '5', 'Encrypt', 'Encrypt:-1', 'Encrypt=5', 'Encrypt:12345', 'Sign:1,Sign:2'],
    logRetentionDays: ['0', '2', '31', 'forever'],
    logKmsKeyArn: ['', 'alias/logs', 'arn:aws:kms:us-east-1:111122223333:alias/logs'],
    tracing: ['true', '', 'ON'],
    alarmTopicArn: ['', 'on-call', 'arn:aws:sqs:us-east-1:111122223333:on-call'],
    fips: ['1', ''],
    endpoint: ['', 'http://kms.example.com', 'https://localhost', 'https://127.0.0.1:4599', 'https://[::1]', 'kms'],
    vpcSubnetIds: [
      '',
      'vpc-0123456789abcdef0',
      'subnet-1',
      'subnet-01234567,subnet-01234567',
      Array.from({ length: 17 }, (_, index) => `subnet-${String(index).padStart(8, '0')}`).join(),
    ],
    vpcSecurityGroupIds: [
      '',
      'default',
      'sg-01234567,sg-01234567',
      Array.from({ length: 6 }, (_, index) => `sg-0000000${index}`).join(),
    ],
    domainName: ['', 'example', 'https://keys.example.com', 'Keys.example.com', `${'a'.repeat(64)}.com`],
    certificateArn: ['', 'arn:aws:iam::111122223333:server-certificate/x'],
    auth: ['', 'none', 'open', 'IAM'],
    jwtIssuer: ['', 'http://login.example.com', 'login'],
    jwtAudience: ['', 'a,,b'],
    scopePrefix: ['a b', '"', 'ü'],
    keysClaim: ['', 'a b'],
    directKeys: ['', 'a b'],
    tenantField: ['', 'tenant', 'claim:', 'Role', 'account', 'principal'],
    tenantContextKey: ['', 'a b', 'aws-crypto-tenant', 'AWS-Crypto-x'],
    tenantTag: ['', 'aws:tenant', 'kms-functions:service', 'KMS-Functions:x'],
    tenantDirect: ['', 'allow'],
    callerContextKey: ['', 'aws-crypto-caller'],
    allowedPrincipals: ['', 'me', 'arn:aws:s3:::bucket', '1111'],
    grantOperations: ['', 'encrypt', '*'],
    auditRetentionDays: ['0', '2'],
    auditRetain: ['yes', ''],
    auditContextValues: ['', 'a b'],
    eventBus: ['', 'a/b', 'a b'],
    routeMetrics: ['true', ''],
    keysCreatedThreshold: ['0', '10001', 'many'],
    rollbackAlarmAccount: ['', 'on', '1111222233334'],
    truststoreUri: ['', 'truststore.pem', 's3://bucket', 's3://Bucket/truststore.pem', 'https://bucket/truststore.pem'],
    corsOrigins: ['', '*', 'http://console.example.com', 'https://console.example.com/'],
  };

  test.for(nameRows)('parseParameters rejects an invalid value and reports the rule: $name', ({ name }) => {
    for (const value of invalid[name]) {
      expect(() => parseParameters({ ...withExample(name), [name]: value }), value).toThrow(
        `\`${name}\` ${parameterTable[name].rule}.`,
      );
    }
  });

  test.for<readonly [Given & Record<string, string>, string]>([
    [{ operations: 'default,keyz' }, '`operations` contains `keyz`, which is neither a group nor an operation.'],
    [
      { callerAccounts: '111122223333', callerOperations: 'Sing' },
      '`callerOperations` contains `Sing`, which is neither',
    ],
    [
      { callerAccounts: '111122223333', callerOperations: 'Encrypt', operations: 'keys' },
      '`callerOperations` must include a deployed operation. Add `Encrypt` to `operations`.',
    ],
    [{ callerOperations: 'Encrypt' }, '`callerOperations` requires `callerAccounts`.'],
    [{ domainName: 'keys.example.com' }, '`domainName` requires `certificateArn`.'],
    [{ certificateArn: parameterTable.certificateArn.example }, '`certificateArn` requires `domainName`.'],
    [{ fips: 'on', endpoint: 'https://kms.example.com' }, '`fips` cannot be combined with `endpoint`.'],
    [{ ...withExample('endpoint'), regions: 'eu-west-1' }, '`endpoint` cannot be combined with `regions`.'],
    [
      { endpoint: parameterTable.endpoint.example },
      `\`endpoint=${parameterTable.endpoint.example}\` requires \`vpcSubnetIds\`.`,
    ],
    [{ vpcSubnetIds: 'subnet-01234567' }, '`vpcSubnetIds` requires `vpcSecurityGroupIds`.'],
    [{ vpcSecurityGroupIds: 'sg-01234567' }, '`vpcSecurityGroupIds` requires `vpcSubnetIds`.'],
    [{ regions: 'eu-west-1,eu-west-1' }, '`regions` contains eu-west-1 more than once. Remove the duplicate.'],
    [
      { regions: 'eu-west-1,us-east-1' },
      "`regions` must not contain us-east-1, the service's Region, which is always allowed. Remove us-east-1.",
    ],
    [
      { regions: 'eu-central-1,eu-west-9' },
      '`regions` contains eu-west-9, which is not an AWS Region. Correct it, or update `@aws-sdk/core`.',
    ],
    [{ operations: 'all' }, '`regions` is required to deploy ReplicateKey and UpdatePrimaryRegion.'],
    [{ reservedConcurrency: 'PutKeyPolicy:1' }, '`reservedConcurrency` contains PutKeyPolicy, which is not deployed.'],
    [{ operationRates: 'PutKeyPolicy:1' }, '`operationRates` contains PutKeyPolicy, which is not deployed.'],
    [
      { kmsQuotas: 'Sign:2000' },
      '`kmsQuotas` contains Sign, which shares the quota `asymmetric`. Use the name `asymmetric`.',
    ],
    [{ kmsQuotas: 'Sing:2000' }, '`kmsQuotas` contains Sing, which is neither `symmetric`, `asymmetric` or'],
    [
      { operationRates: 'Sign:400,Verify:98' },
      '`operationRates` allows 498 requests per second for the routes of Sign, Verify, but all routes with the same KMS quota may use 500 (`kmsShare` 0.5 of the quota `asymmetric`, 1000), and each of the others needs at least 1. Lower the rates, or raise `kmsShare`. If AWS raised the quota, set `kmsQuotas`.',
    ],
    [{ operationRates: 'CreateKey:3' }, 'may use 2 (`kmsShare` 0.5 of the quota `CreateKey`, 5). Lower the rates'],
    [
      { operationRates: 'Decrypt:2500', kmsQuotas: 'symmetric:10000' },
      '`operationRates` allows 5000 requests per second for the routes of Decrypt',
    ],
    [{ truststoreUri: 's3://bucket/truststore.pem' }, '`truststoreUri` requires `domainName`.'],
    [{ auth: 'jwt' }, '`auth=jwt` requires `jwtIssuer`.\n  `auth=jwt` requires `jwtAudience`.'],
    [{ jwtIssuer: 'https://login.example.com/' }, '`jwtIssuer` requires `auth=jwt`.'],
    [{ keysClaim: 'kms_keys' }, '`keysClaim` requires `auth=jwt`.'],
    [{ tenantField: 'claim:tenant_id' }, '`tenantField=claim:tenant_id` requires `auth=jwt`.'],
    [{ ...withExample('auth'), tenantField: 'role' }, '`tenantField=role` requires `auth=iam`.'],
    [{ tenantField: 'account' }, 'because an HTTP API has callers only in its own account. Use `role`.'],
    [{ tenantField: 'principal' }, 'because the identity that assumes a role chooses the session name. Use `role`.'],
    [{ tenantEmails: 'allow' } as Given, '`tenantEmails` is not a known parameter. A tenant can no longer contain `@`'],
    [{ ...withExample('auth'), callerAccounts: '111122223333' }, '`callerAccounts` requires `auth=iam`.'],
    [
      { tenantField: 'role', tenantDirect: 'unbound', callerAccounts: '111122223333' },
      '`tenantDirect=unbound` cannot be combined with `callerAccounts`',
    ],
    [{ tenantField: 'role', directKeys: 'alias/payments' }, '`directKeys` has no effect if `tenantField` is set'],
    [
      { tenantField: 'role', callerContextKey: 'Tenant' },
      '`callerContextKey` must differ from `tenantContextKey`, regardless of case',
    ],
    [
      { tenantField: 'role', tenantContextKey: 'x', callerContextKey: 'x' },
      '`callerContextKey` must differ from `tenantContextKey`, regardless of case',
    ],
    [
      { ...withExample('keysClaim'), tenantField: `claim:${parameterTable.keysClaim.example}` },
      '`keysClaim` must differ from the claim in `tenantField`',
    ],
    [{ tenantTag: 'customer' }, '`tenantTag` requires `tenantField`.'],
    [
      { constructor: 'x' },
      '`constructor` is not a known parameter. docs/reference/configuration.md lists all parameters.',
    ],
  ])('parseParameters rejects %j', ([given, message]) => {
    expect(() => flattenDeployment(given)).toThrow(message);
  });
});

test('readParameters prefers the command line to the stage, and the stage to the defaults', async () => {
  const params = {
    default: { throttleRate: 1, throttleBurst: 1, tracing: true },
    dev: { throttleRate: 2, throttleBurst: 2 },
  };
  const given = await readParameters('dev', {
    options: { param: ['throttleRate=3'] },
    resolveConfigurationProperty: async () => params,
  });
  expect(resolveDeployment('dev', given).parameters).toMatchObject({
    throttleRate: 3,
    throttleBurst: 2,
    tracing: true,
  });
});

test('every `needs` and `excludes` contains an existing parameter', () => {
  for (const entry of Object.values(parameterTable) as Parameter[]) {
    for (const { parameter } of entry.needs ?? []) expect(names).toContain(parameter);
    for (const other of entry.excludes ?? []) expect(names).toContain(other);
  }
});

/** Returns `true` if packaging rejects the combination of valid values. */
function isContradictory(given: Given): boolean {
  try {
    resolveDeployment('dev', given);
    return false;
  } catch (error) {
    expect((error as Error).message).toMatch(/cannot be combined|requires|has no effect|must differ/);
    return true;
  }
}

describe('a parameter that names a resource in another Region', () => {
  const foreign: Partial<Record<ParameterName, string>> = {
    alarmTopicArn: parameterTable.alarmTopicArn.example,
    certificateArn: parameterTable.certificateArn.example,
    logKmsKeyArn: parameterTable.logKmsKeyArn.example,
  };

  test.for(Object.entries(foreign))(
    'a parameter for a resource in another Region is rejected with both Regions: %s',
    ([name, arn]) => {
      const given = { ...withExample(name as ParameterName) };
      expect(() => resolveDeployment('dev', given, 'eu-west-1')).toThrow(
        `\`${name}\` must be in eu-west-1 (aws), the service's Region, but \`${arn}\` is not.`,
      );
      expect(resolveDeployment('dev', given, 'us-east-1').region).toBe('us-east-1');
    },
  );

  test('a parameter for a resource in another Region is rejected if the partition differs', () => {
    const given = { alarmTopicArn: 'arn:aws:sns:us-gov-west-1:111122223333:on-call' };
    expect(() => resolveDeployment('dev', given, 'us-gov-west-1')).toThrow('must be in us-gov-west-1 (aws-us-gov)');
    const right = { alarmTopicArn: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:on-call' };
    expect(resolveDeployment('dev', right, 'us-gov-west-1').parameters).toMatchObject(right);
  });

  test.for([
    parameterTable.endpoint.example,
    'https://kms-fips.us-east-1.amazonaws.com',
    'https://kms.us-east-1.amazonaws.com',
  ])('an endpoint in another Region is rejected if it is a KMS endpoint: %s', (endpoint) => {
    const given = { ...withExample('endpoint'), endpoint };
    expect(() => resolveDeployment('dev', given, 'eu-west-1')).toThrow(
      "`endpoint` must be in eu-west-1, the service's Region, but its host name contains us-east-1.",
    );
    expect(resolveDeployment('dev', given, 'us-east-1').parameters.endpoint).toBe(endpoint);
  });

  test('an endpoint in another Region is accepted if it has a custom host name', () => {
    const given = { endpoint: 'https://kms.example.com' };
    expect(resolveDeployment('dev', given, 'eu-west-1').parameters.endpoint).toBe(given.endpoint);
  });
});

describe('a parameter with its documented example', () => {
  const page = readFileSync('docs/reference/configuration.md', 'utf8');

  test.for(nameRows)(
    "a parameter's example changes exactly the parts of the deployment that docs/reference/configuration.md lists: $name",
    ({ name }) => {
      const [, section = ''] = page.split(`\n### ${name}\n`);
      const [line = ''] = section.split('\n### ')[0]?.match(/^- Changes .*$/m) ?? [];
      const documented = [...line.matchAll(/`([^`]+)`/g)].map(([, path]) => path);
      expect(documented.length).toBeGreaterThan(0);
      expect(listChanges(name)).toEqual(documented);
    },
  );

  test('a parameter keeps its effect in combination with every other parameter', () => {
    const none = flattenDeployment({});
    const withOne = new Map(names.map((name) => [name, flattenDeployment(withExample(name))] as const));
    const ownPaths = new Map(
      names.map((name) => [
        name,
        new Set(listDifferences(flattenDeployment(withoutExample(name)), withOne.get(name)!)),
      ]),
    );
    const own = (name: ParameterName) => ownPaths.get(name) ?? new Set();
    let pairs = 0;
    let skipped = 0;
    const contradictory: string[] = [];
    for (const [index, first] of names.entries()) {
      for (const second of names.slice(index + 1)) {
        const both = { ...withExample(first), ...withExample(second) };
        if (isContradictory(both)) {
          contradictory.push(`${first} ${second}`);
          continue;
        }
        // If an example contains the other parameter, the pair equals that example.
        if (first in withExample(second) || second in withExample(first)) {
          skipped += 1;
          continue;
        }
        // The number of pairs grows with the square of the number of parameters. Each parameter is in some of these pairs.
        if (!isSoak && (index + names.indexOf(second)) % 4 !== 0) {
          skipped += 1;
          continue;
        }
        const [a, b, together] = [withOne.get(first)!, withOne.get(second)!, flattenDeployment(both)];
        for (const path of new Set([...listDifferences(none, a), ...listDifferences(none, b)])) {
          const [inNone, inA, inB, inBoth] = [none, a, b, together].map((leaves) => leaves.get(path));
          const where = `${first} and ${second}: ${path}`;
          // Routes and functions divide these limits, so many parameters change them. Other tests cover the division.
          if (/\.RouteSettings\.|\.reservedConcurrency$/.test(path)) continue;
          if (path.endsWith('Role.Properties.Policies') && inBoth !== inA && inBoth !== inB) {
            // One parameter adds look-up permissions to a role, and the other limits these permissions to a key scope.
            expect(inBoth, where).not.toBe(inNone);
          } else if (inA === inB || inB === inNone) {
            // The other parameter also applies to a function or role that only one of them adds.
            if (inNone !== undefined || inA === undefined) expect(inBoth, where).toBe(inA);
            else expect(inBoth, where).toBeDefined();
          } else if (inA === inNone) {
            if (inNone !== undefined || inB === undefined) expect(inBoth, where).toBe(inB);
            else expect(inBoth, where).toBeDefined();
          } else if (`${first} ${second}` === 'keyScope serviceTag') {
            // If keys do not require the tag, its value affects only new keys.
            expect(inBoth, where).toBe(inA);
          } else if (!own(second).has(path)) {
            // A parameter that both parameters require causes the difference.
            expect(inBoth, where).toBe(inA);
          } else if (!own(first).has(path)) {
            expect(inBoth, where).toBe(inB);
          } else {
            expect([inNone, inA, inB], where).not.toContain(inBoth);
          }
        }
        pairs += 1;
      }
    }
    expect(pairs).toBe((names.length * (names.length - 1)) / 2 - skipped - contradictory.length);
    const forTokens = ['auth', 'jwtIssuer', 'jwtAudience', 'scopePrefix', 'keysClaim'];
    const forTenants = ['tenantField', 'tenantContextKey', 'tenantTag', 'tenantDirect'];
    expect(contradictory.sort()).toEqual(
      [
        'fips endpoint',
        'regions endpoint',
        ...[...forTokens, ...forTenants].flatMap((name) => [
          names.indexOf(name as ParameterName) < names.indexOf('callerAccounts')
            ? `${name} callerAccounts`
            : `callerAccounts ${name}`,
          names.indexOf(name as ParameterName) < names.indexOf('callerOperations')
            ? `${name} callerOperations`
            : `callerOperations ${name}`,
        ]),
        // The example of tenantDirect gives direct invokers access.
        ...forTenants.slice(0, 3).flatMap((name) => [`directKeys ${name}`, `bulk ${name}`]),
      ].sort(),
    );
  });
});

describe.skipIf(!isSoak)('a parameter in a packaged deployment', () => {
  const project = useProjectCopy();

  async function packaged(given: Given): Promise<Record<string, unknown>> {
    const finished = await packageIn(project.directory, toArguments(given));
    expect(finished.code, finished.output).toBe(0);
    const { resources, outputs } = readTemplate(project.directory);
    return { ...Object.fromEntries(resources), outputs };
  }

  test.for(nameRows)(
    'a parameter in a packaged deployment changes the template: $name',
    { timeout: 120_000 },
    async ({ name }) => {
      const [before, after] = [await packaged(withoutExample(name)), await packaged(withExample(name))];
      const different = Object.keys({ ...before, ...after }).filter(
        (id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]),
      );
      expect(different.length).toBeGreaterThan(0);
      const documented = listChanges(name).map((path) => path.split('.')[0] ?? '');
      const named = documented.filter((id) => id in before || id in after);
      expect(different).toEqual(expect.arrayContaining(named));
    },
  );
});

describe('stage local', () => {
  const others = (leaves: ReadonlyMap<string, string>) =>
    new Map([...leaves].filter(([path]) => path !== 'local.notApplied'));

  test.for(nameRows)('applies $name exactly if the configuration page says so', ({ name }) => {
    const [before, after] = [flattenLocalStage(withoutExample(name)), flattenLocalStage(withExample(name))];
    const { applied } = parameterTable[name].local as LocalEffect;
    expect(listDifferences(others(before), others(after)).length > 0).toBe(applied);
    expect(JSON.parse(after.get('local.notApplied') ?? '[]').includes(name)).toBe(!applied);
  });

  test('without parameters requires no caller, no role and no rate, and has all operations', () => {
    const { functions, local } = buildServiceParts(resolveDeployment('local', {}));
    expect(local).toMatchObject({ auth: 'open', throttles: {}, roles: {}, corsOrigins: [], notApplied: [] });
    expect(Object.keys(functions)).toHaveLength(allOperations.length);
  });

  test.for([
    ['tenantField=role', { tenantField: 'role' }, 'iam'],
    ['callerContextKey', { callerContextKey: 'caller' }, 'iam'],
    ['auth=iam', { auth: 'iam' }, 'iam'],
    ['a key list for tokens', withExample('keysClaim'), 'jwt'],
    ['a Region', { regions: 'eu-west-1' }, 'open'],
  ] as const)('authenticates callers as the parameters require: %s', ([, given, auth]) => {
    expect(buildServiceParts(resolveDeployment('local', given)).local?.auth).toBe(auth);
  });

  test.for([
    ['{}', {}, 'account'],
    ['regions', { regions: 'eu-west-1' }, 'account'],
    ['serviceTag', { serviceTag: 'x' }, 'service'],
    ['keyScope=service', { keyScope: 'service' }, 'service'],
    ['keyScope=account and serviceTag', { keyScope: 'account', serviceTag: 'x' }, 'account'],
  ] as const)(
    'has a key scope that keeps the sample keys usable unless a parameter concerns the tag: %s',
    ([, given, scope]) => {
      expect(resolveDeployment('local', given).parameters.keyScope).toBe(scope);
    },
  );

  test('rejects a parameter for an operation that is not deployed, as packaging does', () => {
    const given = { operations: 'Encrypt', operationRates: 'Sign:5' };
    for (const stage of ['local', 'dev'])
      expect(() => resolveDeployment(stage, given)).toThrow('`operationRates` contains Sign, which is not deployed.');
  });
});
