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
  readonly functions: readonly PackagedFunction[];
  readonly requestsPerSecond: Readonly<Record<string, number>>;
}

interface PackagedFunction {
  readonly name: string;
  readonly description: string;
  readonly zip: string;
  readonly handler: string;
  readonly architecture: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly policy: { readonly Version: string; readonly Statement: readonly object[] };
  readonly routes: readonly string[];
}

/** Creates a function, its role and its routes for each operation in the manifest. The API requires signed requests. */
export class KmsFunctionsStack extends Stack {
  constructor(app: App, id: string, buildFolder: string) {
    super(app, id);
    const manifest = JSON.parse(readFileSync(join(buildFolder, 'manifest.json'), 'utf8')) as Manifest;
    const logGroup = new logs.CfnLogGroup(this, 'Logs', {
      logGroupName: `/kms-functions/${manifest.stage}`,
      retentionInDays: 30,
    });
    const api = new gateway.CfnApi(this, 'Api', { name: `kms-functions-${manifest.stage}`, protocolType: 'HTTP' });
    const routes = manifest.functions.flatMap((packaged) => {
      const target = this.#addFunction(packaged, manifest.stage, buildFolder, logGroup);
      return this.#addRoutes(packaged, target, api);
    });
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
    stage: string,
    buildFolder: string,
    logGroup: logs.CfnLogGroup,
  ): lambda.CfnFunction {
    const { name } = packaged;
    const role = new iam.CfnRole(this, `${name}Role`, {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      policies: [{ policyName: 'operation', policyDocument: substitute(packaged.policy) }],
    });
    const code = new assets.Asset(this, `${name}Code`, { path: join(buildFolder, packaged.zip) });
    return new lambda.CfnFunction(this, name, {
      functionName: `kms-functions-${stage}-${name}`,
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
    });
  }

  #addRoutes({ name, routes }: PackagedFunction, target: lambda.CfnFunction, api: gateway.CfnApi): gateway.CfnRoute[] {
    const integration = new gateway.CfnIntegration(this, `${name}Integration`, {
      apiId: api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: target.attrArn,
      payloadFormatVersion: '2.0',
    });
    new lambda.CfnPermission(this, `${name}Permission`, {
      action: 'lambda:InvokeFunction',
      functionName: target.attrArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: Fn.sub(
        `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${this.getLogicalId(api)}}/*`,
      ),
    });
    return routes.map(
      (routeKey, index) =>
        new gateway.CfnRoute(this, `${name}Route${index}`, {
          apiId: api.ref,
          routeKey,
          authorizationType: 'AWS_IAM',
          target: Fn.join('/', ['integrations', integration.ref]),
        }),
    );
  }
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
