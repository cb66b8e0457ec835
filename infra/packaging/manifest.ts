import type { Template } from './osls.ts';

/** The contents of `.build/manifest.json`, which describes the functions for deployment tools other than osls. */
export interface Manifest {
  readonly stage: string;
  readonly functions: readonly ManifestFunction[];
  /** The rate limits of routes whose limit is below `throttleRate`, by route. */
  readonly requestsPerSecond: Readonly<Record<string, number>>;
}

export interface ManifestFunction {
  readonly name: string;
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
  /** The function's routes, such as `POST /keys`. Every route must require signed requests. */
  readonly routes: readonly string[];
}

/** Builds the manifest from the compiled template, so that other tools deploy the same functions as osls. */
export function buildManifest({ Resources }: Template, stage: string): Manifest {
  const ids = Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::Lambda::Function');
  const { RouteSettings = {} } = Resources.HttpApiStage?.Properties ?? {};
  return {
    stage,
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

function buildFunction(id: string, resources: Template['Resources']): ManifestFunction {
  const properties = resources[id]?.Properties ?? {};
  const role = resources[properties.Role['Fn::GetAtt'][0]]?.Properties ?? {};
  const name = id.replace(/LambdaFunction$/, '');
  const functionName = name.charAt(0).toLowerCase() + name.slice(1);
  return {
    name: functionName,
    description: properties.Description,
    zip: `zips/${functionName}.zip`,
    handler: properties.Handler,
    runtime: properties.Runtime,
    architecture: properties.Architectures[0],
    memoryMb: properties.MemorySize,
    timeoutSeconds: properties.Timeout,
    environment: toText(properties.Environment.Variables),
    policy: toText(role.Policies[0].PolicyDocument),
    routes: listRoutes(name, resources),
  };
}

function listRoutes(name: string, resources: Template['Resources']): string[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    .filter(({ Properties }) => JSON.stringify(Properties.Target).includes(`"HttpApiIntegration${name}"`))
    .map(({ Properties }) => Properties.RouteKey);
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
