import { parameterError } from './parameters.ts';

/** What osls says of the command line and of serverless.yml. */
export interface Given {
  readonly options: { readonly param?: string | readonly string[] };
  readonly resolveConfigurationProperty: (path: readonly string[]) => Promise<unknown>;
}

/** `--param NAME=VALUE`, before what serverless.yml has under `params` for this stage, before what it has for all. */
export async function givenParameters(stage: string, given: Given): Promise<Record<string, unknown>> {
  const file = ((await given.resolveConfigurationProperty(['params'])) ?? {}) as Record<string, object | null>;
  const fromFile = Object.entries({ ...file.default, ...file[stage] }).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(fromFile), ...fromCommandLine([given.options.param ?? []].flat()) };
}

function fromCommandLine(options: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {};
  for (const option of options) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(option) ?? [];
    if (name === undefined || value === undefined) throw parameterError([`${option}: write it as NAME=VALUE`]);
    if (Object.hasOwn(named, name)) throw parameterError([`${name}: is given twice`]);
    named[name] = value.trimEnd();
  }
  return named;
}
