import { gatewayAlias } from '../../shared/config/resource-names.ts';
import type { Template } from './osls.ts';

/** The contents of `.build/manifest.json`, which describes the functions for deployment tools other than osls. */
export interface Manifest {
  readonly stage: string;
  readonly functions: readonly ManifestFunction[];
  /** The function alias that only API Gateway may invoke. Functions reject HTTP events that arrive in any other way. */
  readonly alias: string;
  /** The authorization of every route. */
  readonly authorization: IamAuthorization | JwtAuthorization;
  /** The rate limits of routes whose throttle differs from the stage's, by route. */
  readonly requestsPerSecond: Readonly<Record<string, number>>;
}

/** Requests must be signed with AWS Signature Version 4. */
interface IamAuthorization {
  readonly type: 'AWS_IAM';
}

/** Requests must contain a token from `issuer`, with one of the function's scopes. */
interface JwtAuthorization {
  readonly type: 'JWT';
  readonly identitySource: string;
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface ManifestFunction {
  readonly name: string;
  /** The name of the function on AWS. */
  readonly functionName: string;
  readonly description: string;
  /** The zip's path relative to the manifest. */
  readonly zip: string;
  readonly handler: string;
  readonly runtime: string;
  readonly architecture: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The role's policy, with the placeholders `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}`. */
  readonly policy: { readonly Version: string; readonly Statement: readonly object[] };
  /** The function's routes, such as `POST /keys`. */
  readonly routes: readonly string[];
  /**
   * The scopes of the function's routes. A token needs at least one of these scopes. Empty if `authorization` is
   * `AWS_IAM`.
   */
  readonly scopes: readonly string[];
  /** The ARN that the routes' integration must invoke, with the alias and with placeholders as in `policy`. */
  readonly integrationArn: string;
  /** The function's VPC, if the deployment runs in one. */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** Builds the manifest from the compiled template, so that other tools deploy the same functions as osls. */
export function buildManifest({ Resources }: Template, stage: string): Manifest {
  const ids = Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::Lambda::Function');
  const { RouteSettings = {} } = Resources.HttpApiStage?.Properties ?? {};
  return {
    stage,
    alias: gatewayAlias,
    authorization: buildAuthorization(Resources),
    // This filter omits the audit forwarder, which has no route and which only osls deploys.
    functions: ids.map((id) => buildFunction(id, Resources)).filter(({ routes }) => routes.length > 0),
    requestsPerSecond: Object.fromEntries(
      Object.entries(RouteSettings as Record<string, { ThrottlingRateLimit: number }>).map(([route, settings]) => [
        route,
        settings.ThrottlingRateLimit,
      ]),
    ),
  };
}

function buildAuthorization(resources: Template['Resources']): Manifest['authorization'] {
  const authorizer = Object.values(resources).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Authorizer')?.Properties;
  if (authorizer === undefined) return { type: 'AWS_IAM' };
  const { IdentitySource, JwtConfiguration } = authorizer;
  return {
    type: 'JWT',
    identitySource: IdentitySource[0],
    issuer: JwtConfiguration.Issuer,
    audience: JwtConfiguration.Audience,
  };
}

function buildFunction(id: string, resources: Template['Resources']): ManifestFunction {
  const properties = resources[id]?.Properties ?? {};
  const role = resources[properties.Role['Fn::GetAtt'][0]]?.Properties ?? {};
  const name = id.replace(/LambdaFunction$/, '');
  const entryName = name.charAt(0).toLowerCase() + name.slice(1);
  const { FunctionName: functionName, VpcConfig: vpc } = properties;
  const routes = listRoutes(name, resources);
  return {
    name: entryName,
    functionName,
    description: properties.Description,
    zip: `zips/${entryName}.zip`,
    handler: properties.Handler,
    runtime: properties.Runtime,
    architecture: properties.Architectures[0],
    memoryMb: properties.MemorySize,
    timeoutSeconds: properties.Timeout,
    environment: toText(properties.Environment.Variables),
    policy: toText(role.Policies[0].PolicyDocument),
    routes: routes.map(({ RouteKey }) => RouteKey),
    scopes: routes[0]?.AuthorizationScopes ?? [],
    integrationArn: `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${functionName}:${gatewayAlias}`,
    ...(vpc === undefined ? {} : { vpc: { subnetIds: vpc.SubnetIds, securityGroupIds: vpc.SecurityGroupIds } }),
  };
}

/** Returns the properties of the function's routes. */
function listRoutes(name: string, resources: Template['Resources']) {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    .filter(({ Properties }) => JSON.stringify(Properties.Target).includes(`"HttpApiIntegration${name}"`))
    .map(({ Properties }) => Properties as { RouteKey: string; AuthorizationScopes?: string[] });
}

/** Replaces each `Ref` and `Fn::Sub` in a value with text that contains placeholders. */
function toText(value: unknown): never {
  const convert = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(convert);
    if (typeof inner !== 'object' || inner === null) return inner;
    const { Ref, 'Fn::Sub': template } = inner as { Ref?: string; 'Fn::Sub'?: string };
    if (Ref !== undefined) return `\${${Ref}}`;
    if (template !== undefined) return template;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, convert(item)]));
  };
  return convert(value) as never;
}
