import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forwarder } from '../../infra/audit/audit.ts';
import { parameterTable } from '../../infra/parameters/table.ts';
import { folderName, functionName } from '../../shared/declaration/operation.ts';
import { deployment, everyOperation, everything } from '../support/deployments.ts';
import { allOperations, isSoak, operations } from '../support/operations.ts';
import { run } from '../support/process.ts';
import { makeDirectory, removeDirectory, useDirectory, useProjectCopy } from '../support/project-copy.ts';
import { ofType, packageIn, templateIn, usePackaged } from '../support/template.ts';

const defaultGroups = ['keys', 'aliases', 'rotation', 'crypto'];
const maxBundleBytes = 230_000;
const maxZipBytes = 130_000;

function zipsIn(directory: string): Map<string, Buffer> {
  const folder = join(directory, '.build', 'zips');
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

describe('all operations', () => {
  const project = usePackaged(everyOperation);

  test('one function for each, that of the audit trail, and nothing else that runs', () => {
    const functions = ofType(project.resources, 'AWS::Lambda::Function');
    const names = functions.map(({ Properties }) => Properties.FunctionName).toSorted();
    expect(names).toEqual(
      [...allOperations.map(functionName), forwarder].map((name) => `kms-functions-dev-${name}`).toSorted(),
    );
    expect(ofType(project.resources, 'AWS::Lambda::Version')).toEqual([]);
    expect(ofType(project.resources, 'AWS::Lambda::Url')).toEqual([]);
  });

  test.for(allOperations.map((operation) => ({ name: operation.name, operation })))('$name', ({ operation }) => {
    const resource = project.resources.get(`${operation.name}LambdaFunction`);
    expect(resource?.Properties).toMatchObject({
      Handler: `functions/${operation.group}/${folderName(operation)}/handler.handler`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: operation.attemptTimeoutMs === undefined ? 10 : 26,
      Role: { 'Fn::GetAtt': [`${operation.name}Role`, 'Arn'] },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: '/kms-functions/dev' },
    });
    expect(resource?.DependsOn).toContain('FunctionsLogGroup');
  });

  test('every declared route, and each asks for a signed request', () => {
    const routes = ofType(project.resources, 'AWS::ApiGatewayV2::Route');
    const keys = routes.map(({ Properties }) => Properties.RouteKey).toSorted();
    const declared = allOperations.flatMap(({ routes }) => routes.map(({ method, path }) => `${method} ${path}`));
    expect(keys).toEqual(declared.toSorted());
    for (const { Properties } of routes) expect(Properties.AuthorizationType).toBe('AWS_IAM');
  });

  test('a log group for functions, for the gateway and for the audit trail, with retention', () => {
    expect(ofType(project.resources, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties)).toMatchObject([
      { LogGroupName: '/kms-functions/dev', RetentionInDays: 30 },
      { LogGroupName: '/aws/vendedlogs/kms-functions/dev/access', RetentionInDays: 30 },
      { LogGroupName: '/kms-functions/dev/audit', RetentionInDays: 365 },
    ]);
  });

  test('one small zip for each, of one file, which loads and has a handler', async () => {
    const unpacked = join(project.directory, 'unpacked');
    const handlers: string[] = [];
    expect([...zipsIn(project.directory).keys()].toSorted()).toEqual(
      [...allOperations.map(functionName), forwarder].map((name) => `${name}.zip`).toSorted(),
    );
    for (const zip of zipsIn(project.directory).values()) expect(zip.length).toBeLessThanOrEqual(maxZipBytes);
    for (const operation of allOperations) {
      const zip = zipsIn(project.directory).get(`${functionName(operation)}.zip`) ?? Buffer.alloc(0);
      const files = Object.entries(unzipSync(zip));
      expect(files.map(([name]) => name)).toEqual([
        `functions/${operation.group}/${folderName(operation)}/handler.cjs`,
      ]);
      for (const [name, bytes] of files) {
        expect(bytes.length, name).toBeLessThanOrEqual(maxBundleBytes);
        mkdirSync(dirname(join(unpacked, name)), { recursive: true });
        writeFileSync(join(unpacked, name), bytes);
        handlers.push(name);
      }
    }
    // Away from node_modules, as in Lambda.
    const source = `for (const name of ${JSON.stringify(handlers)}) console.log(typeof require('./' + name).handler)`;
    const outside = makeDirectory();
    try {
      await run(['cp', '-r', `${unpacked}/.`, outside]);
      const env = {
        KMS_FUNCTIONS_STAGE: 'dev',
        AUTH: 'iam',
        AWS_REGION: 'us-east-1',
        ALLOWED_ACCOUNT_IDS: '111111111111',
      };
      const { stdout, stderr } = await run(['node', '-e', source], { cwd: outside, env });
      expect(stdout.trim().split('\n'), stderr).toEqual(handlers.map(() => 'function'));
    } finally {
      removeDirectory(outside);
    }
  });

  describe('packaged again, in another place and with other parameters', () => {
    const second = usePackaged(everything);

    test('every zip has the same bytes', () => {
      expect(second.directory).not.toBe(project.directory);
      expect(zipsIn(second.directory)).toEqual(zipsIn(project.directory));
    });
  });
});

describe('a choice of operations', () => {
  const project = useProjectCopy();

  test('without one: keys, aliases, rotation, crypto', () => {
    const expected = operations.filter(({ group }) => defaultGroups.includes(group));
    expect(
      deployment({})
        .operations.map(({ name }) => name)
        .toSorted(),
    ).toEqual(expected.map(({ name }) => name));
  });

  test('a set and an operation', async () => {
    const finished = await packageIn(project.directory, ['--param', 'operations=policies,Encrypt']);
    expect(finished.code, finished.output).toBe(0);
    const expected = operations.filter(({ name, group }) => group === 'policies' || name === 'Encrypt');
    const packaged = [...templateIn(project.directory).resources.keys()]
      .filter((name) => name.endsWith('LambdaFunction'))
      .map((name) => name.replace(/LambdaFunction$/, ''));
    expect(packaged.toSorted()).toEqual([...expected.map(({ name }) => name), 'ForwardAudit', 'Health'].toSorted());
  });

  test.skipIf(!isSoak)('what does not exist is told by its name, without a stack', async () => {
    const { code, output } = await packageIn(project.directory, ['--param', 'operations=default,keyz']);
    expect(code).toBe(1);
    expect(output).toContain('operations: `keyz` is neither a group nor an operation');
    expect(output).not.toMatch(/^ +at /m);
  });
});

describe('what cannot be deployed ends packaging', () => {
  const project = useProjectCopy();
  const [firstRule, lastRule] = [parameterTable.logRetentionDays.rule, parameterTable.endpoint.rule];

  const badParameters = [
    [
      'all that is wrong, at once',
      ['logRetentionDays=2', 'endpoint=http://kms.example.com', 'fips=yes'],
      [`logRetentionDays: ${firstRule}`, `endpoint: ${lastRule}`, 'fips: must be `on` or `off`'],
    ],
    ['an unknown parameter', ['logRetention=30'], ['logRetention: is not a known parameter']],
    ['an endpoint on this machine', ['endpoint=https://localhost:4599'], [`endpoint: ${lastRule}`]],
    [
      'replicas without Regions',
      ['operations=replicas'],
      ['regions: is required by ReplicateKey and UpdatePrimaryRegion'],
    ],
  ] as const;
  // parameters.test.ts has the messages without osls.
  test.for(isSoak ? badParameters : badParameters.slice(0, 1))('%s', async ([, parameters, messages]) => {
    const { code, output } = await packageIn(
      project.directory,
      parameters.flatMap((text) => ['--param', text]),
    );
    expect(code).toBe(1);
    for (const message of messages) expect(output.split(message)).toHaveLength(2);
    expect(output).not.toMatch(/^ +at /m);
  });

  const badEndpoints = [
    ['http://kms.example.com', 'must be https'],
    ['https://localhost:4599', 'must not be a loopback address'],
  ] as const;
  test.for(isSoak ? badEndpoints : badEndpoints.slice(0, 1))(
    'an endpoint that another plugin puts into the environment: %s',
    async ([url, message]) => {
      const file = join(project.directory, 'serverless.yml');
      const text = readFileSync('serverless.yml', 'utf8');
      const line = /environment: \$\{self.*\}/;
      expect(text).toMatch(line);
      writeFileSync(file, text.replace(line, `environment: { AWS_ENDPOINT_URL_KMS: '${url}' }`));
      const { code, output } = await packageIn(project.directory, ['--param', 'operations=Encrypt']);
      expect(code).toBe(1);
      expect(output).toContain(message);
      expect(output).not.toMatch(/^ +at /m);
    },
  );
});

describe.concurrent('stage local is refused, before any call', () => {
  const used = useDirectory();
  let trap: Server;
  let calls = 0;

  beforeAll(async () => {
    trap = createServer((_, response) => response.end());
    trap.on('connection', () => calls++);
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    trap.close();
    expect(calls).toBe(0);
  });

  const commands = [
    ['deploy'],
    ['invoke', '-f', 'encrypt', '-d', '{}'],
    ['package'],
    ['deploy', '--stage', 'local', '--force'],
    ['deploy', 'function', '-f', 'encrypt'],
    ['remove'],
    ['info'],
    ['logs', '-f', 'encrypt'],
    ['rollback', '-t', '1'],
  ];
  test.for(isSoak ? commands : commands.slice(0, 2))('%j', async (args) => {
    const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
    const env = {
      HOME: used.directory,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_ENDPOINT_URL: url,
      HTTPS_PROXY: url,
      HTTP_PROXY: url,
    };
    const { code, output } = await run(['serverless', ...args], { env });
    expect(code).toBe(1);
    expect(output).toContain(`Stage local only runs on this machine. Use another stage for '${args[0]}'`);
    expect(output).not.toMatch(/^ +at /m);
  });
});
