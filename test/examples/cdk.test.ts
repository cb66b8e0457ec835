import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionName } from '../../shared/declaration/operation.ts';
import { allOperations, isSoak } from '../support/operations.ts';
import { listStatements } from '../support/policy.ts';
import { run } from '../support/process.ts';
import { makeDirectory, removeDirectory } from '../support/project-copy.ts';
import { filterByType, type Resource, resolveReferences, usePackaged } from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const parameters = { operations: 'all', regions: 'eu-west-1' };

/** The environment variables for this machine's certificates, proxy and package registry. */
const registryAccess = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(NODE_EXTRA_CA_CERTS|SSL_CERT_.*|https?_proxy|npm_config_registry)$/i.test(name),
  ),
);

/** Runs only with SOAK=1, because the installation of the CDK takes minutes. */
describe.skipIf(!isSoak)('the stack in examples/cdk', () => {
  const packaged = usePackaged(parameters);

  test('the stack in examples/cdk has the same functions, roles and routes as a deployment with osls', {
    timeout: 400_000,
  }, async () => {
    const directory = makeDirectory();
    try {
      cpSync('examples/cdk', directory, { recursive: true });
      cpSync('.npmrc', join(directory, '.npmrc'));
      const installed = await run(['npm', 'install', '--no-audit', '--no-fund'], {
        cwd: directory,
        env: registryAccess,
        timeoutMs: 300_000,
      });
      expect(installed.code, installed.output).toBe(0);
      const env = { KMS_FUNCTIONS_BUILD: join(packaged.directory, '.build') };
      const finished = await run(['npm', 'run', 'synth'], { cwd: directory, env, timeoutMs: 60_000 });
      expect(finished.code, finished.output).toBe(0);
      const { Resources } = JSON.parse(readFileSync(join(directory, 'cdk.out', 'KmsFunctions.template.json'), 'utf8'));
      const synthesized = new Map<string, Resource>(Object.entries(Resources));
      for (const operation of allOperations) {
        const name = functionName(operation);
        const [ours, theirs] = [packaged.resources.get(`${operation.name}LambdaFunction`), synthesized.get(name)];
        for (const property of [
          'Handler',
          'Runtime',
          'Architectures',
          'MemorySize',
          'Timeout',
          'Environment',
          'FunctionName',
        ]) {
          const [mine, its] = [ours, theirs].map((resource) =>
            resolveReferences(resource?.Properties[property], place),
          );
          expect(its, `${name} ${property}`).toEqual(mine);
        }
        const [ourRole, theirRole] = [packaged.resources.get(`${operation.name}Role`), synthesized.get(`${name}Role`)];
        expect(resolveReferences(theirRole?.Properties.Policies, place)).toEqual(
          resolveReferences(ourRole?.Properties.Policies, place),
        );
      }
      const routes = filterByType(synthesized, 'AWS::ApiGatewayV2::Route');
      expect(routes.map(({ Properties }) => Properties.RouteKey).toSorted()).toEqual(
        allOperations
          .flatMap((operation) => operation.routes.map(({ method, path }) => `${method} ${path}`))
          .toSorted(),
      );
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
    } finally {
      removeDirectory(directory);
    }
  });
});
