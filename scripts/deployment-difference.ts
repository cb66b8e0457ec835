import { type Deployment, deploymentOf } from '../infra/deployment.ts';
import { type ParameterName, parameterTable } from '../infra/parameters.ts';
import { partsOf } from '../infra/service.ts';

export type Given = Readonly<Partial<Record<ParameterName, string>>>;

/** Every value of a deployment, as JSON, by its path: `functions.encrypt.timeout`. */
export type Leaves = ReadonlyMap<string, string>;

/** Of stage `dev`, as these parameters make it. */
export function leavesOf(given: Given): Leaves {
  const leaves = new Map<string, string>();
  collect(partsOf(deploymentOf('dev', given) as Deployment), [], leaves);
  return leaves;
}

function collect(value: unknown, path: readonly string[], into: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    if (value !== undefined) into.set(path.join('.'), JSON.stringify(value));
    return;
  }
  // What an ARN is made of is one value; and a list's order is nobody's choice.
  const isOne = Array.isArray(value) || Object.keys(value).some((key) => key.startsWith('Fn::') || key === 'Ref');
  if (isOne) into.set(path.join('.'), JSON.stringify(value));
  else for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key], into);
}

/** The paths at which two deployments differ. */
export function differentPaths(a: Leaves, b: Leaves): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path)).sort();
}

/** Parameters that mean nothing without another. */
const companions: Partial<Record<ParameterName, readonly ParameterName[]>> = {
  domainName: ['certificateArn'],
  certificateArn: ['domainName'],
  callerOperations: ['callerAccounts'],
  auth: ['jwtIssuer', 'jwtAudience'],
  jwtIssuer: ['auth', 'jwtAudience'],
  jwtAudience: ['auth', 'jwtIssuer'],
  scopePrefix: ['auth', 'jwtIssuer', 'jwtAudience'],
  keysClaim: ['auth', 'jwtIssuer', 'jwtAudience'],
  tenantContextKey: ['tenantField'],
  tenantTag: ['tenantField'],
  tenantDirect: ['tenantField'],
  tenantEmails: ['tenantField'],
};

/** The parameter with the example of its documentation, and what it needs beside it. */
export function exampleOf(name: ParameterName): Given {
  return examplesOf([name, ...(companions[name] ?? [])]);
}

/** The same without the parameter: with its companions, where they can stand without it. */
export function withoutExampleOf(name: ParameterName): Given {
  const others = companions[name] ?? [];
  return others.some((other) => companions[other]?.includes(name)) ? {} : examplesOf(others);
}

function examplesOf(names: readonly ParameterName[]): Given {
  return Object.fromEntries(names.map((name) => [name, parameterTable[name].example]));
}

/** Where a parameter changes a deployment, in general terms: `functions.*.reservedConcurrency`. */
export function changesOf(name: ParameterName): string[] {
  const paths = differentPaths(leavesOf(withoutExampleOf(name)), leavesOf(exampleOf(name)));
  return [...new Set(paths.map(generalised))].sort();
}

const general: readonly (readonly [RegExp, string])[] = [
  [/^functions\.\w+\.(events|handler|description|role|timeout|disableLogs|dependsOn)$/, 'functions.*'],
  [/^functions\.\w+\./, 'functions.*.'],
  [/^resources\.Resources\.(?!Callers)\w+Role\.(Type|Properties.*)$/, 'resources.Resources.*Role.Properties.Policies'],
  [/^resources\.Resources\.\w+Alarm\./, 'resources.Resources.*Alarm.'],
  [/^resources\.Resources\.(Domain|DomainMapping|CallersRole|CallersFunctionsPolicy)\..*$/, 'resources.Resources.$1'],
  [
    /^resources\.extensions\.HttpApiStage\.Properties\.RouteSettings\..*$/,
    'resources.extensions.HttpApiStage.Properties.RouteSettings',
  ],
  [/^resources\.Outputs\.(\w+)\..*$/, 'resources.Outputs.$1'],
  [/^resources\.(Resources|extensions)\./, ''],
  [/^resources\./, ''],
  [/\.Properties\./, '.'],
];

function generalised(path: string): string {
  return general.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), path);
}
