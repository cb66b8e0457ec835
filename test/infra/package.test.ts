import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { forwarder } from '../../infra/audit/forwarder.ts';
import { bulkWorker } from '../../infra/bulk/bulk.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { folderName, functionName } from '../../shared/declaration/operation.ts';
import { getTimeoutSeconds } from '../../shared/kms/timeout.ts';
import { deployment, everyOperation, everything } from '../support/deployments.ts';
import { allOperations, operations } from '../support/operations.ts';
import { run } from '../support/process.ts';
import { makeDirectory, removeDirectory } from '../support/project-copy.ts';
import { filterByType, usePackaged } from '../support/template.ts';

const defaultGroups = ['keys', 'aliases', 'rotation', 'crypto'];
/** The limits of bundles. Only the operations for messages contain the message codec. */
const maxBytes = (file: string) => (file.startsWith('functions/envelope/') ? 270_000 : 225_000);
const maxZipBytes = 130_000;

function readZips(directory: string): Map<string, Buffer> {
  const folder = join(directory, '.build', 'zips');
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

describe('a package with all operations', () => {
  const project = usePackaged(everyOperation);

  test('a package with all operations has one function per operation and the forwarder, without versions or URLs', () => {
    const functions = filterByType(project.resources, 'AWS::Lambda::Function');
    const names = functions.map(({ Properties }) => Properties.FunctionName).toSorted();
    expect(names).toEqual(
      [...allOperations.map(functionName), forwarder].map((name) => `kms-functions-dev-${name}`).toSorted(),
    );
    expect(filterByType(project.resources, 'AWS::Lambda::Version')).toEqual([]);
    expect(filterByType(project.resources, 'AWS::Lambda::Url')).toEqual([]);
  });

  test.for(allOperations.map((operation) => ({ name: operation.name, operation })))(
    'a package with all operations configures $name',
    ({ operation }) => {
      const resource = project.resources.get(`${operation.name}LambdaFunction`);
      expect(resource?.Properties).toMatchObject({
        Handler: `functions/${operation.group}/${folderName(operation)}/handler.handler`,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 512,
        Timeout: getTimeoutSeconds(operation),
        Role: { 'Fn::GetAtt': [`${operation.name}Role`, 'Arn'] },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: '/kms-functions/dev' },
      });
      expect(resource?.DependsOn).toContain('FunctionsLogGroup');
    },
  );

  test('a package with all operations has every declared route and requires signed requests on each route', () => {
    const routes = filterByType(project.resources, 'AWS::ApiGatewayV2::Route');
    const keys = routes.map(({ Properties }) => Properties.RouteKey).toSorted();
    const declared = allOperations.flatMap(({ routes }) => routes.map(({ method, path }) => `${method} ${path}`));
    expect(keys).toEqual(declared.toSorted());
    for (const { Properties } of routes) expect(Properties.AuthorizationType).toBe('AWS_IAM');
  });

  test('a package has log groups with retention for the functions, API Gateway and the audit trail', () => {
    expect(filterByType(project.resources, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties)).toMatchObject([
      { LogGroupName: '/kms-functions/dev', RetentionInDays: 30 },
      { LogGroupName: '/aws/vendedlogs/kms-functions/dev/access', RetentionInDays: 30 },
      { RetentionInDays: 365 },
      { LogGroupName: '/kms-functions/dev/forwarder', RetentionInDays: 30 },
    ]);
  });

  test('a package has one small zip per function, with one file that exports a handler', async () => {
    const unpacked = join(project.directory, 'unpacked');
    const handlers: string[] = [];
    expect([...readZips(project.directory).keys()].toSorted()).toEqual(
      [...allOperations.map(functionName), forwarder].map((name) => `${name}.zip`).toSorted(),
    );
    for (const zip of readZips(project.directory).values()) expect(zip.length).toBeLessThanOrEqual(maxZipBytes);
    for (const operation of allOperations) {
      const zip = readZips(project.directory).get(`${functionName(operation)}.zip`) ?? Buffer.alloc(0);
      const files = Object.entries(unzipSync(zip));
      expect(files.map(([name]) => name)).toEqual([
        `functions/${operation.group}/${folderName(operation)}/handler.cjs`,
      ]);
      for (const [name, bytes] of files) {
        expect(bytes.length, name).toBeLessThanOrEqual(maxBytes(name));
        mkdirSync(dirname(join(unpacked, name)), { recursive: true });
        writeFileSync(join(unpacked, name), bytes);
        handlers.push(name);
      }
    }
    // The folder is outside the project, so that Node.js does not find node_modules, as in Lambda.
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

  describe('with other parameters, in another folder', () => {
    const second = usePackaged(everything);

    test('a package with other parameters in another folder has the same zips, except CreateKey with idempotency keys', () => {
      expect(second.directory).not.toBe(project.directory);
      const [zips, others] = [readZips(project.directory), readZips(second.directory)];
      const differing = [...zips.keys()].filter((name) => !others.get(name)?.equals(zips.get(name) ?? Buffer.alloc(0)));
      expect(differing).toEqual(['createKey.zip']);
      expect([...others.keys()].filter((name) => !zips.has(name))).toEqual([`${bulkWorker}.zip`]);
    });
  });
});

describe('the parameter operations', () => {
  const listFunctions = (choice?: string) =>
    Object.keys(buildServiceParts(deployment(choice === undefined ? {} : { operations: choice })).functions).toSorted();
  const withOwn = (names: readonly string[]) => [...names, forwarder, 'health'].toSorted();

  test('the operations parameter defaults to keys, aliases, rotation and crypto', () => {
    const expected = operations.filter(({ group }) => defaultGroups.includes(group));
    expect(listFunctions()).toEqual(withOwn(expected.map(functionName)));
  });

  test('the operations parameter accepts groups and operations', () => {
    const expected = operations.filter(({ name, group }) => group === 'policies' || name === 'Encrypt');
    expect(listFunctions('policies,Encrypt')).toEqual(withOwn(expected.map(functionName)));
  });
});
