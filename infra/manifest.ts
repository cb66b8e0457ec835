import type { Template } from './osls.ts';

/** What was packaged, for tools other than osls: each function with all that it needs, beside its zip. */
export interface Manifest {
  readonly stage: string;
  readonly functions: readonly ManifestFunction[];
  /** By route, where the route takes less than the others. */
  readonly requestsPerSecond: Readonly<Record<string, number>>;
}

export interface ManifestFunction {
  readonly name: string;
  readonly description: string;
  /** Beside the manifest. */
  readonly zip: string;
  readonly handler: string;
  readonly runtime: string;
  readonly architecture: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Of the function's role. `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}` are still to be filled in. */
  readonly policy: { readonly Version: string; readonly Statement: readonly object[] };
  /** `POST /keys`, each to be opened to signed requests alone. */
  readonly routes: readonly string[];
}

/** From the template as it was compiled, so that no two ways in differ. */
export function manifestOf({ Resources }: Template, stage: string): Manifest {
  const ids = Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::Lambda::Function');
  const { RouteSettings = {} } = Resources.HttpApiStage?.Properties ?? {};
  return {
    stage,
    // What no route leads to (the forwarder of the audit trail) is part of what osls alone deploys.
    functions: ids.map((id) => functionOf(id, Resources)).filter(({ routes }) => routes.length > 0),
    requestsPerSecond: Object.fromEntries(
      Object.entries(RouteSettings as Record<string, { ThrottlingRateLimit: number }>).map(([route, settings]) => [
        route,
        settings.ThrottlingRateLimit,
      ]),
    ),
  };
}

function functionOf(id: string, resources: Template['Resources']): ManifestFunction {
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
    environment: asText(properties.Environment.Variables),
    policy: asText(role.Policies[0].PolicyDocument),
    routes: routesTo(name, resources),
  };
}

function routesTo(name: string, resources: Template['Resources']): string[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    .filter(({ Properties }) => JSON.stringify(Properties.Target).includes(`"HttpApiIntegration${name}"`))
    .map(({ Properties }) => Properties.RouteKey);
}

/** CloudFormation's own functions as plain text. */
function asText(value: unknown): never {
  const text = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(text);
    if (typeof inner !== 'object' || inner === null) return inner;
    const { Ref, 'Fn::Sub': template } = inner as { Ref?: string; 'Fn::Sub'?: string };
    if (Ref !== undefined) return `\${${Ref}}`;
    if (template !== undefined) return template;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, text(item)]));
  };
  return text(value) as never;
}
