import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type App,
  aws_s3_assets as assets,
  Fn,
  aws_apigatewayv2 as gateway,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_logs as logs,
  Stack,
} from 'aws-cdk-lib';

interface Manifest {
  readonly stage: string;
  readonly alias: string;
  readonly authorization:
    | { readonly type: 'AWS_IAM' }
    | {
        readonly type: 'JWT';
        readonly identitySource: string;
        readonly issuer: string;
        readonly audience: readonly string[];
      };
  readonly functions: readonly PackagedFunction[];
  readonly requestsPerSecond: Readonly<Record<string, number>>;
}

interface PackagedFunction {
  readonly name: string;
  readonly functionName: string;
  readonly description: string;
  readonly zip: string;
  readonly handler: string;
  readonly architecture: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly policy: { readonly Version: string; readonly Statement: readonly object[] };
  readonly routes: readonly string[];
  readonly scopes: readonly string[];
  readonly integrationArn: string;
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** Creates one API, and a function, an alias, a role and routes for each operation in the manifest. */
export class KmsFunctionsStack extends Stack {
  constructor(app: App, id: string, buildFolder: string) {
    super(app, id);
    const manifest = JSON.parse(readFileSync(join(buildFolder, 'manifest.json'), 'utf8')) as Manifest;
    const logGroup = new logs.CfnLogGroup(this, 'Logs', {
      logGroupName: `/kms-functions/${manifest.stage}`,
      retentionInDays: 30,
    });
    const api = new gateway.CfnApi(this, 'Api', { name: `kms-functions-${manifest.stage}`, protocolType: 'HTTP' });
    const authorizer = this.#addAuthorizer(manifest, api);
    const aliases = manifest.functions.map((packaged) => this.#addFunction(packaged, manifest, buildFolder, logGroup));
    const gatewayRole = new iam.CfnRole(this, 'GatewayRole', {
      assumeRolePolicyDocument: allowAssumption('apigateway.amazonaws.com'),
      policies: [
        {
          policyName: 'invoke',
          policyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: aliases.map((alias) => alias.ref) },
            ],
          },
        },
      ],
    });
    const routes = manifest.functions.flatMap((packaged) => this.#addRoutes(packaged, api, gatewayRole, authorizer));
    const stage = new gateway.CfnStage(this, 'Stage', {
      apiId: api.ref,
      stageName: '$default',
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: 100, throttlingBurstLimit: 200 },
      routeSettings: Object.fromEntries(
        Object.entries(manifest.requestsPerSecond).map(([route, perSecond]) => [
          route,
          { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: Math.max(1, Math.floor(perSecond)) },
        ]),
      ),
    });
    for (const route of routes) stage.addResourceDependency(route);
  }

  #addFunction(
    packaged: PackagedFunction,
    { alias }: Manifest,
    buildFolder: string,
    logGroup: logs.CfnLogGroup,
  ): lambda.CfnAlias {
    const { name } = packaged;
    const role = new iam.CfnRole(this, `${name}Role`, {
      assumeRolePolicyDocument: allowAssumption('lambda.amazonaws.com'),
      policies: [{ policyName: 'operation', policyDocument: substitute(packaged.policy) }],
    });
    const code = new assets.Asset(this, `${name}Code`, { path: join(buildFolder, packaged.zip) });
    const created = new lambda.CfnFunction(this, name, {
      functionName: packaged.functionName,
      description: packaged.description,
      code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
      handler: packaged.handler,
      runtime: 'nodejs24.x',
      architectures: [packaged.architecture],
      memorySize: packaged.memoryMb,
      timeout: packaged.timeoutSeconds,
      role: role.attrArn,
      environment: { variables: substitute(packaged.environment) },
      loggingConfig: { logFormat: 'JSON', logGroup: logGroup.ref },
      ...(packaged.vpc === undefined ? {} : { vpcConfig: packaged.vpc }),
    });
    return new lambda.CfnAlias(this, `${name}Alias`, {
      name: alias,
      functionName: created.ref,
      functionVersion: '$LATEST',
    });
  }

  #addAuthorizer({ authorization }: Manifest, api: gateway.CfnApi): gateway.CfnAuthorizer | undefined {
    if (authorization.type === 'AWS_IAM') return undefined;
    const { identitySource, issuer, audience } = authorization;
    return new gateway.CfnAuthorizer(this, 'Authorizer', {
      apiId: api.ref,
      name: 'jwt',
      authorizerType: 'JWT',
      identitySource: [identitySource],
      jwtConfiguration: { issuer, audience: [...audience] },
    });
  }

  #addRoutes(
    { name, routes, scopes, integrationArn }: PackagedFunction,
    api: gateway.CfnApi,
    gatewayRole: iam.CfnRole,
    authorizer: gateway.CfnAuthorizer | undefined,
  ): gateway.CfnRoute[] {
    const integration = new gateway.CfnIntegration(this, `${name}Integration`, {
      apiId: api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: substitute(integrationArn),
      credentialsArn: gatewayRole.attrArn,
      payloadFormatVersion: '2.0',
    });
    const authorization =
      authorizer === undefined
        ? { authorizationType: 'AWS_IAM' }
        : { authorizationType: 'JWT', authorizerId: authorizer.ref, authorizationScopes: [...scopes] };
    return routes.map(
      (routeKey, index) =>
        new gateway.CfnRoute(this, `${name}Route${index}`, {
          apiId: api.ref,
          routeKey,
          ...authorization,
          target: Fn.join('/', ['integrations', integration.ref]),
        }),
    );
  }
}

function allowAssumption(service: string): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  };
}

/** Marks the manifest's placeholders, such as `${AWS::Region}`, so that CloudFormation substitutes them. */
function substitute<T>(value: T): T {
  const fill = (inner: unknown): unknown => {
    if (typeof inner === 'string') return inner.includes('${AWS::') ? Fn.sub(inner) : inner;
    if (Array.isArray(inner)) return inner.map(fill);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, fill(item)]));
  };
  return fill(value) as T;
}
