import { type Deployment, resolveDeployment } from '../infra/deployment/deployment.ts';
import type { Parameter } from '../infra/parameters/parameter.ts';
import { listNeeds } from '../infra/parameters/parse-parameters.ts';
import { type ParameterName, parameterTable } from '../infra/parameters/table.ts';
import { buildServiceParts } from '../infra/service.ts';

export type Given = Readonly<Partial<Record<ParameterName, string>>>;

/** A deployment's values as JSON, by path (`functions.encrypt.timeout`). */
export type Leaves = ReadonlyMap<string, string>;

/** Builds a deployment of stage `dev` with these parameters, and returns its values by path. */
export function flattenDeployment(given: Given): Leaves {
  const leaves = new Map<string, string>();
  collectLeaves(buildServiceParts(resolveDeployment('dev', given) as Deployment), [], leaves);
  return leaves;
}

/** Builds the parts of stage `local` that have an effect with these parameters, and returns its values by path. */
export function flattenLocalStage(given: Given): Leaves {
  const leaves = new Map<string, string>();
  const { functions, environment, local } = buildServiceParts(resolveDeployment('local', given));
  collectLeaves({ functions, environment, local }, [], leaves);
  return leaves;
}

function collectLeaves(value: unknown, path: readonly string[], into: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    if (value !== undefined) into.set(path.join('.'), JSON.stringify(value));
    return;
  }
  // Each list and each intrinsic function is a single value.
  const isLeaf = Array.isArray(value) || Object.keys(value).some((key) => key.startsWith('Fn::') || key === 'Ref');
  if (isLeaf) into.set(path.join('.'), JSON.stringify(value));
  else for (const [key, inner] of Object.entries(value)) collectLeaves(inner, [...path, key], into);
}

/** Lists the paths at which two deployments differ. */
export function listDifferences(a: Leaves, b: Leaves): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path)).sort();
}

/** Returns a parameter's documented example, and examples of the parameters that it requires. */
export function withExample(name: ParameterName): Given {
  const given: Partial<Record<ParameterName, string>> = {};
  const add = (added: ParameterName, value: string) => {
    if (added in given) return;
    given[added] = value;
    for (const need of listNeeds(parameterTable[added], value)) {
      const needed = need.parameter as ParameterName;
      add(needed, need.value ?? parameterTable[needed].example);
    }
  };
  add(name, parameterTable[name].example);
  return given;
}

/** Returns the parameters that `withExample` adds to the given parameter, or none if any of them requires that parameter. */
export function withoutExample(name: ParameterName): Given {
  const { [name]: _, ...others }: Record<string, string> = withExample(name);
  const needsIt = Object.entries(others).some(([other, value]) =>
    listNeeds(parameterTable[other as ParameterName] as Parameter, value).some(({ parameter }) => parameter === name),
  );
  return needsIt ? {} : others;
}

/** Lists the deployment paths that a parameter changes, with wildcards (`functions.*.reservedConcurrency`). */
export function listChanges(name: ParameterName): string[] {
  const paths = listDifferences(flattenDeployment(withoutExample(name)), flattenDeployment(withExample(name)));
  return [...new Set(paths.map(generalize))].sort();
}

const generalizations: readonly (readonly [RegExp, string])[] = [
  [/^functions\.\w+\.(events|handler|description|role|timeout|disableLogs|dependsOn)$/, 'functions.*'],
  [/^functions\.\w+\.vpc\..*$/, 'functions.*.vpc'],
  [/^functions\.\w+\./, 'functions.*.'],
  [/^resources\.Resources\.(?!Callers)\w+Role\.(Type|Properties.*)$/, 'resources.Resources.*Role.Properties.Policies'],
  [/^resources\.Resources\.\w+Alarm\./, 'resources.Resources.*Alarm.'],
  [/^resources\.Resources\.(Domain|DomainMapping|Bulk\w+)\..*$/, 'resources.Resources.$1'],
  [/^resources\.Resources\.Callers(Role|\w+Policy)\d+\..*$/, 'resources.Resources.Callers$1*'],
  [
    /^resources\.extensions\.HttpApiStage\.Properties\.RouteSettings\..*$/,
    'resources.extensions.HttpApiStage.Properties.RouteSettings',
  ],
  [/^resources\.Outputs\.\w+RoleArn\..*$/, 'resources.Outputs.*RoleArn'],
  [/^resources\.Outputs\.(\w+)\..*$/, 'resources.Outputs.$1'],
  [/^resources\.(Resources|extensions)\./, ''],
  [/^resources\./, ''],
  [/\.Properties\./, '.'],
];

function generalize(path: string): string {
  return generalizations.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), path);
}
