import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deploymentOf } from '../../infra/deployment.ts';
import { givenParameters } from '../../infra/given-parameters.ts';
import { type ParameterName, parameterTable, parseParameters } from '../../infra/parameters.ts';
import {
  changesOf,
  differentPaths,
  exampleOf,
  type Given,
  leavesOf,
  withoutExampleOf,
} from '../../scripts/deployment-difference.ts';
import { isSoak } from '../support/operations.ts';
import { useProjectCopy } from '../support/project-copy.ts';
import { argumentsOf, packageIn, templateIn } from '../support/template.ts';

const names = Object.keys(parameterTable) as ParameterName[];
const nameRows = names.map((name) => ({ name }));

describe('a value that is not as its rule says', () => {
  const bad: Readonly<Record<ParameterName, readonly string[]>> = {
    operations: [],
    keyScope: ['on', '', 'own', 'SERVICE'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what IAM would read as a variable
    serviceTag: ['', '*', 'a*', '${aws:username}', '-a', 'a'.repeat(129)],
    regions: ['', 'eu', 'eu-west-1,', '*', 'eu-west-1;eu-west-2'],
    minPendingWindowDays: ['6', '31', '7.5', '', '-7', '0x10'],
    callerAccounts: ['', '1', '1111222233334', '*', 'arn:aws:iam::111122223333:root'],
    callerOperations: [],
    throttleRate: ['0', '10001', 'many'],
    throttleBurst: ['0', '5001'],
    reservedConcurrency: ['', '5', 'Encrypt', 'Encrypt:-1', 'Encrypt=5', 'Encrypt:12345'],
    logRetentionDays: ['0', '2', '31', 'forever'],
    logKmsKeyArn: ['', 'alias/logs', 'arn:aws:kms:us-east-1:111122223333:alias/logs'],
    tracing: ['true', '', 'ON'],
    alarmTopicArn: ['', 'on-call', 'arn:aws:sqs:us-east-1:111122223333:on-call'],
    fips: ['1', ''],
    endpoint: ['', 'http://kms.example.com', 'https://localhost', 'https://127.0.0.1:4599', 'https://[::1]', 'kms'],
    domainName: ['', 'example', 'https://keys.example.com', 'Keys.example.com', `${'a'.repeat(64)}.com`],
    certificateArn: ['', 'arn:aws:iam::111122223333:server-certificate/x'],
    auth: ['', 'none', 'open', 'IAM'],
    jwtIssuer: ['', 'http://login.example.com', 'login'],
    jwtAudience: ['', 'a,,b'],
    scopePrefix: ['a b', '"', 'ü'],
    keysClaim: ['', 'a b'],
    directKeys: ['', 'a b'],
    tenantField: ['', 'tenant', 'claim:', 'Account'],
    tenantContextKey: ['', 'a b', 'aws-crypto-tenant', 'AWS-Crypto-x'],
    tenantTag: ['', 'aws:tenant', 'kms-functions:service', 'KMS-Functions:x'],
    tenantDirect: ['', 'allow'],
    tenantEmails: ['', 'on'],
    callerContextKey: ['', 'aws-crypto-caller'],
    allowedPrincipals: ['', 'me', 'arn:aws:s3:::bucket', '1111'],
    grantOperations: ['', 'encrypt', '*'],
    auditRetentionDays: ['0', '2'],
    auditContextValues: ['', 'a b'],
    eventBus: ['', 'a/b', 'a b'],
    corsOrigins: ['', '*', 'http://console.example.com', 'https://console.example.com/'],
  };

  test.for(nameRows)('is refused in the words of the rule: $name', ({ name }) => {
    for (const value of bad[name]) {
      expect(() => parseParameters({ ...exampleOf(name), [name]: value }), value).toThrow(
        `${name}: ${parameterTable[name].rule}`,
      );
    }
  });

  test.for<readonly [Given & Record<string, string>, string]>([
    [{ operations: 'default,keyz' }, 'operations: there is no set or operation of the name keyz'],
    [{ callerAccounts: '111122223333', callerOperations: 'Sing' }, 'callerOperations: there is no set or operation of'],
    [
      { callerAccounts: '111122223333', callerOperations: 'Encrypt', operations: 'keys' },
      'callerOperations: the deployment has no operation Encrypt',
    ],
    [{ callerOperations: 'Encrypt' }, 'callerOperations: needs `callerAccounts`'],
    [{ domainName: 'keys.example.com' }, 'domainName: needs `certificateArn`'],
    [{ certificateArn: parameterTable.certificateArn.example }, 'certificateArn: needs `domainName`'],
    [{ fips: 'on', endpoint: 'https://kms.example.com' }, 'fips: cannot be given with `endpoint`'],
    [{ operations: 'all' }, 'regions: name the Regions that keys may go to, since the deployment has'],
    [{ reservedConcurrency: 'PutKeyPolicy:1' }, 'reservedConcurrency: the deployment has no operation PutKeyPolicy'],
    [{ auth: 'jwt' }, 'auth: as `jwt` needs `jwtIssuer` and `jwtAudience`'],
    [{ jwtIssuer: 'https://login.example.com/' }, 'jwtIssuer: needs `auth=jwt`'],
    [{ keysClaim: 'kms_keys' }, 'keysClaim: needs `auth=jwt`'],
    [{ tenantField: 'claim:tenant_id' }, 'tenantField: as a claim needs `auth=jwt`'],
    [{ ...exampleOf('auth'), tenantField: 'account' }, 'tenantField: as the account needs `auth=iam`'],
    [{ tenantTag: 'customer' }, 'tenantTag: needs `tenantField`'],
    [{ constructor: 'x' }, 'constructor: there is no parameter of this name'],
  ])('%j', ([given, message]) => {
    expect(() => leavesOf(given)).toThrow(message);
  });
});

test('the command line goes before the stage, and the stage before default', async () => {
  const params = {
    default: { throttleRate: 1, throttleBurst: 1, tracing: true },
    dev: { throttleRate: 2, throttleBurst: 2 },
  };
  const given = await givenParameters('dev', {
    options: { param: ['throttleRate=3'] },
    resolveConfigurationProperty: async () => params,
  });
  expect(deploymentOf('dev', given).parameters).toMatchObject({ throttleRate: 3, throttleBurst: 2, tracing: true });
});

describe('a parameter, with the example of its documentation', () => {
  const page = readFileSync('docs/reference/configuration.md', 'utf8');

  test.for(nameRows)(
    'changes the deployment where docs/reference/configuration.md says, and nowhere else: $name',
    ({ name }) => {
      const [, section = ''] = page.split(`\n## ${name}\n`);
      const [line = ''] = section.split('\n## ')[0]?.match(/^- It changes .*$/m) ?? [];
      const documented = [...line.matchAll(/`([^`]+)`/g)].map(([, path]) => path);
      expect(documented.length).toBeGreaterThan(0);
      expect(changesOf(name)).toEqual(documented);
    },
  );

  test('in pairs makes each of its changes', () => {
    const none = leavesOf({});
    const ownPaths = new Map(
      names.map((name) => [name, new Set(differentPaths(leavesOf(withoutExampleOf(name)), leavesOf(exampleOf(name))))]),
    );
    const own = (name: ParameterName) => ownPaths.get(name) ?? new Set();
    let pairs = 0;
    let held = 1;
    for (const [index, first] of names.entries()) {
      for (const second of names.slice(index + 1)) {
        const both = { ...exampleOf(first), ...exampleOf(second) };
        // These two exclude each other; and an example that holds the other parameter is the pair itself.
        if (both.fips !== undefined && both.endpoint !== undefined) continue;
        if (first in exampleOf(second) || second in exampleOf(first)) {
          held += 1;
          continue;
        }
        const [a, b, together] = [leavesOf(exampleOf(first)), leavesOf(exampleOf(second)), leavesOf(both)];
        for (const path of new Set([...differentPaths(none, a), ...differentPaths(none, b)])) {
          const [inNone, inA, inB, inBoth] = [none, a, b, together].map((leaves) => leaves.get(path));
          const where = `${first} and ${second}: ${path}`;
          if (path.endsWith('Role.Properties.Policies') && inBoth !== inA && inBoth !== inB) {
            // What one lets a role look up is fenced as the other says.
            expect(inBoth, where).not.toBe(inNone);
          } else if (inA === inB || inB === inNone) {
            // A function or role that only one of them brings is subject to the other.
            if (inNone !== undefined || inA === undefined) expect(inBoth, where).toBe(inA);
            else expect(inBoth, where).toBeDefined();
          } else if (inA === inNone) {
            if (inNone !== undefined || inB === undefined) expect(inBoth, where).toBe(inB);
            else expect(inBoth, where).toBeDefined();
          } else if (`${first} ${second}` === 'keyScope serviceTag') {
            // Where no key needs the tag, its value changes nothing but what the functions put on new keys.
            expect(inBoth, where).toBe(inA);
          } else if (!own(second).has(path)) {
            // The other differs by what it needs beside it, which the first one needs, too.
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
    expect(pairs).toBe((names.length * (names.length - 1)) / 2 - held);
  });
});

describe.skipIf(!isSoak)('a parameter, packaged', () => {
  const project = useProjectCopy();

  async function packaged(given: Given): Promise<Record<string, unknown>> {
    const finished = await packageIn(project.directory, argumentsOf(given));
    expect(finished.code, finished.output).toBe(0);
    const { resources, outputs } = templateIn(project.directory);
    // The time of packaging stands in the key of each artefact.
    return JSON.parse(
      JSON.stringify({ ...Object.fromEntries(resources), outputs }).replaceAll(/dev\/\d{13}-[^/]+\//g, ''),
    );
  }

  test.for(nameRows)('makes another template: $name', { timeout: 120_000 }, async ({ name }) => {
    const [without, withIt] = [await packaged(withoutExampleOf(name)), await packaged(exampleOf(name))];
    const different = Object.keys({ ...without, ...withIt }).filter(
      (id) => JSON.stringify(without[id]) !== JSON.stringify(withIt[id]),
    );
    expect(different.length).toBeGreaterThan(0);
    const documented = changesOf(name).map((path) => path.split('.')[0] ?? '');
    const named = documented.filter((id) => id in without || id in withIt);
    expect(different).toEqual(expect.arrayContaining(named));
  });
});
