import { describe, expect, test } from 'vitest';
import { gatewayAlias } from '../../shared/config/resource-names.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { everyOperation, everything } from '../support/deployments.ts';
import { allOperations } from '../support/operations.ts';
import { listStatements } from '../support/policy.ts';
import { filterByType, type Packaged, type Resource, usePackaged } from '../support/template.ts';

const rows = allOperations.map((operation) => ({ name: operation.name, operation }));

function routesOf({ resources }: Packaged, { routes }: Operation): Resource[] {
  const keys = routes.map(({ method, path }) => `${method} ${path}`);
  return filterByType(resources, 'AWS::ApiGatewayV2::Route').filter(({ Properties }) =>
    keys.includes(Properties.RouteKey),
  );
}

function idOf(operation: Operation): string {
  return `${operation.name}LambdaFunction`;
}

describe('a deployment with auth=jwt', () => {
  const packaged = usePackaged(everything);

  test.for(rows)(
    'a deployment with auth=jwt requires a token with the scope of the operation or its group: $name',
    ({ operation }) => {
      const routes = routesOf(packaged, operation);
      expect(routes).toHaveLength(operation.routes.length);
      for (const { Properties } of routes) {
        expect(Properties.AuthorizationType).toBe('JWT');
        expect(Properties.AuthorizationScopes).toEqual([
          `${everything.scopePrefix}${operation.name}`,
          `${everything.scopePrefix}${operation.group}`,
        ]);
        expect(packaged.resources.get(Properties.AuthorizerId.Ref)?.Properties).toMatchObject({
          AuthorizerType: 'JWT',
          IdentitySource: ['$request.header.Authorization'],
          JwtConfiguration: { Issuer: everything.jwtIssuer, Audience: [everything.jwtAudience] },
        });
      }
    },
  );

  test.for(rows)("a deployment with auth=jwt sets AUTH=jwt in the function's environment: $name", ({ operation }) => {
    const { Variables } = packaged.resources.get(idOf(operation))?.Properties.Environment ?? {};
    expect(Variables).toMatchObject({ AUTH: 'jwt', KEYS_CLAIM: 'kms_keys', TENANT_FIELD: everything.tenantField });
  });
});

describe('a deployment with auth=iam', () => {
  const packaged = usePackaged(everyOperation);

  test.for(rows)('a deployment with auth=iam requires a signed request: $name', ({ operation }) => {
    const routes = routesOf(packaged, operation);
    expect(routes).toHaveLength(operation.routes.length);
    for (const { Properties } of routes) expect(Properties.AuthorizationType).toBe('AWS_IAM');
    expect(packaged.resources.get(idOf(operation))?.Properties.Environment.Variables.AUTH).toBe('iam');
  });

  test.for(rows)(
    "a deployment with auth=iam lets only API Gateway invoke the function's gateway alias: $name",
    ({ operation }) => {
      const alias = packaged.resources.get(`${idOf(operation)}GatewayAlias`);
      expect(alias?.Properties).toEqual({
        Name: gatewayAlias,
        FunctionName: { Ref: idOf(operation) },
        FunctionVersion: '$LATEST',
      });
      const target = { 'Fn::Join': [':', [{ 'Fn::GetAtt': [idOf(operation), 'Arn'] }, gatewayAlias]] };
      const [route] = routesOf(packaged, operation);
      const [, { Ref: integration }] = route?.Properties.Target['Fn::Join'][1] ?? [];
      expect(packaged.resources.get(integration)?.Properties).toMatchObject({
        IntegrationUri: target,
        CredentialsArn: { 'Fn::GetAtt': ['GatewayIntegrationRole', 'Arn'] },
      });
      expect(listStatements(packaged.resources.get('GatewayIntegrationRole'))[0]?.Resource).toContainEqual({
        Ref: `${idOf(operation)}GatewayAlias`,
      });
      const permissions = filterByType(packaged.resources, 'AWS::Lambda::Permission');
      expect(JSON.stringify(permissions)).not.toContain(`"${idOf(operation)}"`);
    },
  );

  test("a deployment has no function URLs, event source mappings or destinations, except the queue for the forwarder's failed deliveries", () => {
    const others = [...packaged.resources.values()].filter(({ Type }) => /Lambda::(Url|EventSourceMapping)/.test(Type));
    expect(others).toEqual([]);
    const destinations = filterByType(packaged.resources, 'AWS::Lambda::EventInvokeConfig').filter(
      ({ Properties }) => Properties.DestinationConfig !== undefined,
    );
    expect(destinations.map(({ Properties }) => Properties.FunctionName)).toEqual([
      { Ref: 'ForwardAuditLambdaFunction' },
    ]);
  });
});
