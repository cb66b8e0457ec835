import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../infra/packaging/manifest.ts';
import { everyOperation } from '../support/deployments.ts';
import { allOperations } from '../support/operations.ts';
import { run } from '../support/process.ts';
import { useDirectory } from '../support/project-copy.ts';
import { usePackaged } from '../support/template.ts';

const source = readFileSync('examples/terraform/main.tf', 'utf8');

/** Returns the attributes of a resource at the top level of its block, by name. */
function readResource(type: string, name: string): Map<string, string> {
  const [, body = ''] = new RegExp(`^resource "${type}" "${name}" \\{\\n(.*?)^\\}`, 'ms').exec(source) ?? [];
  return new Map([...body.matchAll(/^ {2}(\w+) += (.*)$/gm)].map(([, key = '', value = '']) => [key, value]));
}

describe('examples/terraform', () => {
  const packaged = usePackaged(everyOperation);
  const used = useDirectory();
  const readManifest = () =>
    JSON.parse(readFileSync(join(packaged.directory, '.build/manifest.json'), 'utf8')) as Manifest;

  test('examples/terraform reads only members that the manifest contains', () => {
    const manifest = readManifest();
    const ofManifest = [...source.matchAll(/local\.manifest\.(\w+)/g)].map(([, name]) => name);
    const ofFunctions = [...source.matchAll(/each\.value\.(\w+)/g)].map(([, name]) => name);
    expect(ofManifest).toContain('alias');
    for (const name of ofManifest) expect(manifest).toHaveProperty(String(name));
    expect(ofFunctions).toContain('integrationArn');
    for (const name of ofFunctions) {
      // Only deployments in a VPC have this member.
      if (name !== 'vpc') expect(manifest.functions[0]).toHaveProperty(String(name));
    }
  });

  test("examples/terraform invokes each function's alias with the API Gateway role", () => {
    expect(readResource('aws_lambda_alias', 'gateway').get('name')).toBe('local.manifest.alias');
    const integration = readResource('aws_apigatewayv2_integration', 'function');
    expect(integration.get('for_each')).toBe('local.functions');
    expect(integration.get('integration_uri')).toBe('each.value.integrationArn');
    expect(integration.get('credentials_arn')).toBe('aws_iam_role.gateway.arn');
    expect(source).toMatch(/Resource = \[for alias in aws_lambda_alias\.gateway : alias\.arn\]/);
    expect(source).not.toContain('aws_lambda_permission');
  });

  test("examples/terraform protects every route with the manifest's authorization", () => {
    const route = readResource('aws_apigatewayv2_route', 'route');
    expect(route.get('for_each')).toBe('local.routes');
    expect(route.get('authorization_type')).toBe('local.manifest.authorization.type');
    expect(route.get('authorizer_id')).toMatch(
      /^local\.uses_tokens \? aws_apigatewayv2_authorizer\.jwt\[0\]\.id : null$/,
    );
    expect(route.get('authorization_scopes')).toContain('local.functions[each.value].scopes');
  });

  test('examples/terraform has valid syntax, and locals with every function and route', { timeout: 60_000 }, async ({
    skip,
  }) => {
    const found = await run(['terraform', 'version']).catch(() => undefined);
    if (found?.code !== 0) skip('terraform is not installed');
    const module = join(used.directory, 'module');
    mkdirSync(module);
    cpSync('examples/terraform/main.tf', join(module, 'main.tf'));
    const formatted = await run(['terraform', 'fmt', '-check', '-list=false'], { cwd: module });
    expect(formatted.code, formatted.output).toBe(0);
    // Without the AWS provider, only the variables and locals can be evaluated.
    const parts = [...source.matchAll(/^(?:variable "\w+"|locals) \{\n.*?^\}$/gms)].map(([block]) => block);
    const evaluated = parts
      .join('\n')
      .replace('data.aws_partition.current.partition', '"aws"')
      .replace('data.aws_region.current.region', '"us-east-1"')
      .replace('data.aws_caller_identity.current.account_id', '"111111111111"');
    writeFileSync(join(module, 'main.tf'), evaluated);
    const { stdout, output, code } = await run(
      ['terraform', 'console', `-var=build_folder=${join(packaged.directory, '.build')}`],
      { cwd: module, input: 'jsonencode([local.functions, local.routes, local.uses_tokens])\n' },
    );
    expect(code, output).toBe(0);
    const [functions, routes, usesTokens] = JSON.parse(JSON.parse(stdout.trim()));
    expect(usesTokens).toBe(false);
    const declared = allOperations.flatMap((operation) =>
      operation.routes.map(({ method, path }) => `${method} ${path}`),
    );
    expect(Object.keys(routes).toSorted()).toEqual(declared.toSorted());
    expect(routes['POST /keys']).toBe('createKey');
    expect(functions.createKey.integrationArn).toBe(
      'arn:aws:lambda:us-east-1:111111111111:function:kms-functions-dev-createKey:gateway',
    );
    expect(JSON.stringify(functions)).not.toContain('${AWS::');
  });
});
