import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { functionName } from '../../shared/declaration/operation.ts';
import { readDocBlocks } from '../support/doc-blocks.ts';
import { allOperations, isSoak } from '../support/operations.ts';
import { listStatements } from '../support/policy.ts';
import { run } from '../support/process.ts';
import { useDirectory } from '../support/project-copy.ts';
import { filterByType, type Resource, resolveReferences, usePackaged } from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const parameters = { operations: 'all', regions: 'eu-west-1' };
const properties = [
  'Handler',
  'Runtime',
  'Architectures',
  'MemorySize',
  'Timeout',
  'Environment',
  'FunctionName',
] as const;
const routeKeys = allOperations
  .flatMap((operation) => operation.routes.map(({ method, path }) => `${method} ${path}`))
  .toSorted();

/** The environment variables for this machine's certificates, proxy and package registry. */
const registryAccess = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(NODE_EXTRA_CA_CERTS|SSL_CERT_.*|https?_proxy|npm_config_registry)$/i.test(name),
  ),
);

/** Runs only with SOAK=1, because the installation of the CDK takes minutes. */
describe.skipIf(!isSoak)('the AWS CDK', () => {
  const packaged = usePackaged(parameters);
  const project = useDirectory();

  beforeAll(async () => {
    cpSync('examples/cdk', project.directory, { recursive: true });
    cpSync('.npmrc', join(project.directory, '.npmrc'));
    const installed = await run(['npm', 'install', '--no-audit', '--no-fund'], {
      cwd: project.directory,
      env: registryAccess,
      timeoutMs: 300_000,
    });
    expect(installed.code, installed.output).toBe(0);
  }, 310_000);

  /** Generates a template, and returns its resources by their id. */
  async function synthesize(command: readonly [string, ...string[]], cwd: string): Promise<Map<string, Resource>> {
    const env = { KMS_FUNCTIONS_BUILD: join(packaged.directory, '.build') };
    const finished = await run(command, { cwd, env, timeoutMs: 120_000 });
    expect(finished.code, finished.output).toBe(0);
    const { Resources } = JSON.parse(readFileSync(join(cwd, 'cdk.out', 'KmsFunctions.template.json'), 'utf8'));
    return new Map(Object.entries(Resources));
  }

  test('the stack in examples/cdk has the same functions, roles and routes as a deployment with osls', {
    timeout: 130_000,
  }, async () => {
    const synthesized = await synthesize(['npm', 'run', 'synth'], project.directory);
    for (const operation of allOperations) {
      const name = functionName(operation);
      const [ours, theirs] = [packaged.resources.get(`${operation.name}LambdaFunction`), synthesized.get(name)];
      for (const property of properties) {
        const [mine, its] = [ours, theirs].map((resource) => resolveReferences(resource?.Properties[property], place));
        expect(its, `${name} ${property}`).toEqual(mine);
      }
      const [ourRole, theirRole] = [packaged.resources.get(`${operation.name}Role`), synthesized.get(`${name}Role`)];
      expect(resolveReferences(theirRole?.Properties.Policies, place)).toEqual(
        resolveReferences(ourRole?.Properties.Policies, place),
      );
    }
    const routes = filterByType(synthesized, 'AWS::ApiGatewayV2::Route');
    expect(routes.map(({ Properties }) => Properties.RouteKey).toSorted()).toEqual(routeKeys);
    for (const { Properties } of routes) expect(Properties.AuthorizationType).toBe('AWS_IAM');
    const integrations = filterByType(synthesized, 'AWS::ApiGatewayV2::Integration');
    const uris = integrations.map(({ Properties }) => resolveReferences(Properties.IntegrationUri, place));
    expect(uris.toSorted()).toEqual(
      allOperations
        .map(
          (operation) =>
            `arn:aws:lambda:us-east-1:111111111111:function:kms-functions-dev-${functionName(operation)}:gateway`,
        )
        .toSorted(),
    );
    for (const { Properties } of integrations) {
      expect(Properties.CredentialsArn).toEqual({ 'Fn::GetAtt': ['GatewayRole', 'Arn'] });
    }
    const aliases = [...synthesized].filter(([, { Type }]) => Type === 'AWS::Lambda::Alias');
    expect(aliases.map(([, { Properties }]) => Properties.Name)).toEqual(allOperations.map(() => 'gateway'));
    expect(listStatements(synthesized.get('GatewayRole'))).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: aliases.map(([id]) => ({ Ref: id })) },
    ]);
  });

  test('the recipe for the AWS CDK deploys the same functions, roles and routes, and invokes only the alias', {
    timeout: 130_000,
  }, async () => {
    const folder = join(project.directory, 'recipe');
    mkdirSync(folder);
    const [program] = readDocBlocks('docs/guides/recipes/cdk.md').filter(({ language }) => language === 'ts');
    writeFileSync(join(folder, 'app.ts'), program?.code ?? '');
    symlinkSync(join(packaged.directory, '.build'), join(folder, '.build'));
    const synthesized = await synthesize(['node', 'app.ts'], folder);
    const functions = new Map(
      filterByType(synthesized, 'AWS::Lambda::Function').map(({ Properties }) => [Properties.FunctionName, Properties]),
    );
    expect(functions.size).toBe(allOperations.length);
    for (const { name } of allOperations) {
      const ours = packaged.resources.get(`${name}LambdaFunction`)?.Properties ?? {};
      const theirs = functions.get(ours.FunctionName) ?? {};
      for (const property of properties) {
        const [mine, its] = [ours, theirs].map((each) => resolveReferences(each[property], place));
        expect(its, `${name} ${property}`).toEqual(mine);
      }
      const [ourRole, theirRole] = [
        packaged.resources.get(`${name}Role`),
        synthesized.get(theirs.Role['Fn::GetAtt'][0]),
      ].map((role) => unwrapSingleItems(resolveReferences(role?.Properties.Policies[0].PolicyDocument, place)));
      expect(theirRole).toEqual(ourRole);
    }
    const routes = filterByType(synthesized, 'AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties);
    expect(routes.map(({ RouteKey }) => RouteKey).toSorted()).toEqual(routeKeys);
    for (const { AuthorizationType } of routes) expect(AuthorizationType).toBe('AWS_IAM');
    const aliases = [...synthesized].filter(([, { Type }]) => Type === 'AWS::Lambda::Alias');
    for (const [, { Properties }] of aliases) expect(Properties).toMatchObject({ Name: 'gateway' });
    const references = new Set(aliases.map(([id]) => id));
    expect(references.size).toBe(allOperations.length);
    for (const { Properties } of filterByType(synthesized, 'AWS::ApiGatewayV2::Integration')) {
      expect(references).toContain(Properties.IntegrationUri.Ref);
    }
    for (const { Properties } of filterByType(synthesized, 'AWS::Lambda::Permission')) {
      expect(Properties.Principal).toBe('apigateway.amazonaws.com');
      expect(references).toContain(Properties.FunctionName.Ref);
    }
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    expect(synthesized.size).toBeLessThanOrEqual(500);
  });
});

/** IAM treats a list with one item like the item, and the CDK replaces such lists. */
function unwrapSingleItems(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? unwrapSingleItems(value[0]) : value.map(unwrapSingleItems);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unwrapSingleItems(inner)]));
}
