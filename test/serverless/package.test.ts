import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderName, functionName, type Operation } from '../../shared/operation.ts';
import { operations } from '../support/operations.ts';
import { type Finished, run } from '../support/process.ts';
import { copyProject, makeDirectory, removeDirectory, useDirectory, useProjectCopy } from '../support/project-copy.ts';

const defaultGroups = ['keys', 'aliases', 'rotation', 'crypto'];
const maxBundleBytes = 230_000;

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is what it is; the assertions say what must stand there.
  readonly Properties: any;
  readonly DependsOn?: string | string[];
}

function packageIn(cwd: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return run(['serverless', 'package', '--stage', 'dev', ...args], { cwd, env });
}

function resourcesIn(directory: string): Map<string, Resource> {
  const file = join(directory, '.serverless', 'cloudformation-template-update-stack.json');
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')).Resources));
}

function ofType(resources: Map<string, Resource>, type: string): Resource[] {
  return [...resources.values()].filter(({ Type }) => Type === type);
}

function zipsIn(directory: string): Map<string, Buffer> {
  const folder = join(directory, '.build', 'zips');
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

describe('all operations', () => {
  const project = useProjectCopy();
  let resources: Map<string, Resource>;
  let functions: Resource[];

  beforeAll(async () => {
    const finished = await packageIn(project.directory, ['--param', 'operations=all'], { HOME: project.directory });
    expect(finished.code, finished.output).toBe(0);
    resources = resourcesIn(project.directory);
    functions = ofType(resources, 'AWS::Lambda::Function');
  });

  test('one function for each, and nothing else that runs', () => {
    const names = functions.map(({ Properties }) => Properties.FunctionName).toSorted();
    expect(names).toEqual(operations.map((operation) => `kms-functions-dev-${functionName(operation)}`).toSorted());
    expect(ofType(resources, 'AWS::Lambda::Version')).toEqual([]);
    expect(ofType(resources, 'AWS::Lambda::Url')).toEqual([]);
  });

  test.for(operations.map((operation) => ({ name: operation.name, operation })))('$name', ({ operation }) => {
    const resource = resources.get(`${operation.name}LambdaFunction`);
    expect(resource?.Properties).toMatchObject({
      Handler: `functions/${operation.group}/${folderName(operation)}/handler.handler`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Role: { 'Fn::GetAtt': [`${operation.name}Role`, 'Arn'] },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: '/kms-functions/dev' },
    });
    expect(resource?.DependsOn).toContain('FunctionsLogGroup');
    expect(roleOf(operation)).toEqual(expectedStatements(operation));
  });

  function roleOf({ name }: Operation): unknown {
    const role = resources.get(`${name}Role`);
    expect(role?.Type).toBe('AWS::IAM::Role');
    expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
    expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
    const [policy, ...more] = role?.Properties.Policies ?? [];
    expect(more).toEqual([]);
    return policy.PolicyDocument.Statement;
  }

  test('no wildcard in an action; a wildcard resource only where the action takes no other', () => {
    const declared = operations.flatMap(({ permissions }) => permissions);
    for (const { Properties } of ofType(resources, 'AWS::IAM::Role')) {
      for (const statement of Properties.Policies[0].PolicyDocument.Statement) {
        for (const action of [statement.Action].flat()) expect(action).toMatch(/^[a-z]+:[A-Za-z]+$/);
        if (statement.Resource !== '*') continue;
        expect(declared).toContainEqual({ action: statement.Action, resource: 'any' });
      }
    }
    expect(ofType(resources, 'AWS::IAM::Role').length).toBe(operations.length);
  });

  test('every declared route, and each asks for a signed request', () => {
    const routes = ofType(resources, 'AWS::ApiGatewayV2::Route');
    const keys = routes.map(({ Properties }) => Properties.RouteKey).toSorted();
    const declared = operations.flatMap((operation) => operation.routes.map(({ method, path }) => `${method} ${path}`));
    expect(keys).toEqual(declared.toSorted());
    for (const { Properties } of routes) expect(Properties.AuthorizationType).toBe('AWS_IAM');
  });

  test('one log group, with retention, shared by all', () => {
    expect(ofType(resources, 'AWS::Logs::LogGroup')).toEqual([
      expect.objectContaining({ Properties: { LogGroupName: '/kms-functions/dev', RetentionInDays: 30 } }),
    ]);
  });

  test('fits one stack (500 resources)', () => {
    expect(resources.size).toBeLessThan(500);
  });

  test('one small zip for each, of one file, which loads and has a handler', async () => {
    const unpacked = join(project.directory, 'unpacked');
    const handlers: string[] = [];
    expect(zipsIn(project.directory).size).toBe(operations.length);
    for (const operation of operations) {
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
      const env = { KMS_FUNCTIONS_STAGE: 'dev', AWS_REGION: 'us-east-1', ALLOWED_ACCOUNT_IDS: '111111111111' };
      const { stdout, stderr } = await run(['node', '-e', source], { cwd: outside, env });
      expect(stdout.trim().split('\n'), stderr).toEqual(handlers.map(() => 'function'));
    } finally {
      removeDirectory(outside);
    }
  });

  test('packaged again, in another place, every zip has the same bytes', { timeout: 60_000 }, async () => {
    const second = copyProject();
    try {
      const finished = await packageIn(second, ['--param', 'operations=all']);
      expect(finished.code, finished.output).toBe(0);
      expect(zipsIn(second)).toEqual(zipsIn(project.directory));
    } finally {
      removeDirectory(second);
    }
  });
});

/** What a role must say, written from the declaration apart from the product's own writer. */
function expectedStatements({ permissions }: Operation): object[] {
  const here = (service: string, region: string) => `arn:\${AWS::Partition}:${service}:${region}:\${AWS::AccountId}`;
  const regional = `\${AWS::Region}`;
  const own = permissions.map(({ action, resource }) => {
    if (action === 'iam:CreateServiceLinkedRole') {
      return {
        Effect: 'Allow',
        Action: action,
        Resource: { 'Fn::Sub': `${here('iam', '')}:role/aws-service-role/mrk.kms.amazonaws.com/*` },
        Condition: { StringEquals: { 'iam:AWSServiceName': 'mrk.kms.amazonaws.com' } },
      };
    }
    const arn = { 'Fn::Sub': `${here('kms', regional)}:${resource}/*` };
    return { Effect: 'Allow', Action: action, Resource: resource === 'any' ? '*' : arn };
  });
  const logs = { 'Fn::Sub': `${here('logs', regional)}:log-group:/kms-functions/dev:*` };
  return [...own, { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logs }];
}

describe('a choice of operations', () => {
  const project = useProjectCopy();

  async function namesFor(args: readonly string[]): Promise<string[]> {
    const finished = await packageIn(project.directory, args);
    expect(finished.code, finished.output).toBe(0);
    return [...resourcesIn(project.directory).keys()]
      .filter((name) => name.endsWith('LambdaFunction'))
      .map((name) => name.replace(/LambdaFunction$/, ''))
      .toSorted();
  }

  const namesOf = (chosen: readonly Operation[]) => chosen.map(({ name }) => name).toSorted();

  test('without one: keys, aliases, rotation, crypto', async () => {
    expect(await namesFor([])).toEqual(namesOf(operations.filter(({ group }) => defaultGroups.includes(group))));
  });

  test('a set and an operation', async () => {
    const expected = operations.filter(({ name, group }) => group === 'policies' || name === 'Encrypt');
    expect(await namesFor(['--param', 'operations=policies,Encrypt'])).toEqual(namesOf(expected));
  });

  test('what does not exist is told by its name, without a stack', async () => {
    const { code, output } = await packageIn(project.directory, ['--param', 'operations=default,keyz']);
    expect(code).toBe(1);
    expect(output).toContain('operations: there is no set or operation of the name keyz');
    expect(output).not.toMatch(/^ +at /m);
  });
});

describe('an endpoint that no deployed function could use', () => {
  const project = useProjectCopy();

  test.for([
    ['http://kms.example.com', 'must be https'],
    ['http://127.0.0.1:4599', 'must be https'],
    ['https://localhost:4599', 'on this machine'],
  ] as const)('%s fails to package', async ([url, message]) => {
    const file = join(project.directory, 'serverless.yml');
    const text = readFileSync('serverless.yml', 'utf8');
    const line = /environment: \$\{file.*\}/;
    expect(text).toMatch(line);
    writeFileSync(file, text.replace(line, `environment: { AWS_ENDPOINT_URL_KMS: '${url}' }`));
    const { code, output } = await packageIn(project.directory, ['--param', 'operations=Encrypt']);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(output).not.toMatch(/^ +at /m);
  });
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

  test.for([
    ['deploy'],
    ['deploy', '--stage', 'local', '--force'],
    ['deploy', 'function', '-f', 'encrypt'],
    ['package'],
    ['remove'],
    ['info'],
    ['logs', '-f', 'encrypt'],
    ['rollback', '-t', '1'],
    ['invoke', '-f', 'encrypt', '-d', '{}'],
  ])('%j', async (args) => {
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
    expect(output).toContain(`Stage local runs on this machine only: '${args[0]}' needs a stage of your own`);
    expect(output).not.toMatch(/^ +at /m);
  });
});
