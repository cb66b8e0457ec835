import { createParameterError } from './parameter-error.ts';

/** The parameters on the command line and in serverless.yml, as osls passes them. */
export interface ParameterSource {
  readonly options: { readonly param?: string | readonly string[] };
  readonly resolveConfigurationProperty: (path: readonly string[]) => Promise<unknown>;
}

/** Reads parameters. `--param NAME=VALUE` overrides `params.STAGE` in serverless.yml, which overrides `params.default`. */
export async function readParameters(stage: string, source: ParameterSource): Promise<Record<string, unknown>> {
  const file = ((await source.resolveConfigurationProperty(['params'])) ?? {}) as Record<string, object | null>;
  const fromFile = Object.entries({ ...file.default, ...file[stage] }).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(fromFile), ...parseOptions([source.options.param ?? []].flat()) };
}

function parseOptions(options: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {};
  for (const option of options) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(option) ?? [];
    if (name === undefined || value === undefined) {
      throw createParameterError([`\`--param ${option}\` must have the form \`--param NAME=VALUE\`.`]);
    }
    if (Object.hasOwn(named, name))
      throw createParameterError([`\`${name}\` must be set only once on the command line.`]);
    named[name] = value.trimEnd();
  }
  return named;
}
