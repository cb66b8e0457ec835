import { contradictions } from './contradictions.ts';
import type { Need, Parameter } from './parameter.ts';
import { createParameterError } from './parameter-error.ts';
import { type ParameterName, type Parameters, parameterTable } from './table.ts';

export const parameters: readonly (readonly [name: string, entry: Parameter])[] = Object.entries(parameterTable);

/** Parses parameters and adds defaults. Throws an error that lists every problem. */
export function parseParameters(given: Readonly<Record<string, unknown>>): Parameters {
  const texts = new Map(Object.entries(given).map(([name, value]) => [name, toText(value)]));
  const problems = [...texts.keys()].filter((name) => !Object.hasOwn(parameterTable, name)).map(describeUnknown);
  const values: Record<string, unknown> = {};
  for (const [name, entry] of parameters) {
    const value = texts.get(name) ?? entry.default;
    if (value === undefined) continue;
    const parsed = entry.schema.safeParse(value);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(describeInvalid(name, entry, value));
  }
  problems.push(...parameters.flatMap(([name, entry]) => listConflicts(name, entry, texts)));
  if (problems.length === 0) {
    problems.push(...contradictions.filter(({ applies }) => applies(values as Parameters)).map(({ rule }) => rule));
  }
  if (problems.length > 0) throw createParameterError(problems);
  return values as Parameters;
}

/** Parameters that earlier versions accepted, with advice on what to do instead. */
const removedParameters: Readonly<Record<string, string>> = {
  tenantEmails: 'A tenant can no longer contain `@`, so remove this parameter.',
};

function describeUnknown(name: string): string {
  const advice = Object.hasOwn(removedParameters, name)
    ? removedParameters[name]
    : 'docs/reference/configuration.md lists all parameters.';
  return `\`${name}\` is not a known parameter. ${advice}`;
}

function describeInvalid(name: string, { rule, removedValues = {} }: Parameter, value: string): string {
  const advice = Object.hasOwn(removedValues, value) ? ` ${removedValues[value]}` : '';
  return `\`${name}\` ${rule}.${advice}`;
}

/** Returns the parameters that `value` requires. */
export function listNeeds({ needs = [] }: Parameter, value: string): readonly Need[] {
  return needs.filter(({ when }) => when?.test(value) ?? true);
}

function listConflicts(name: string, entry: Parameter, texts: ReadonlyMap<string, string>): string[] {
  const value = texts.get(name);
  if (value === undefined) return [];
  const missing = listNeeds(entry, value).filter((need) => !isMet(need, texts));
  const conflicts = missing.map(({ parameter, value: needed, when }) => {
    const subject = when === undefined ? name : `${name}=${value}`;
    return `\`${subject}\` requires \`${needed === undefined ? parameter : `${parameter}=${needed}`}\`.`;
  });
  const excluded = (entry.excludes ?? []).filter((other) => texts.has(other));
  return [...conflicts, ...excluded.map((other) => `\`${name}\` cannot be combined with \`${other}\`.`)];
}

function isMet({ parameter, value }: Need, texts: ReadonlyMap<string, string>): boolean {
  if (value === undefined) return texts.has(parameter);
  const entry: Parameter = parameterTable[parameter as ParameterName];
  return (texts.get(parameter) ?? entry.default) === value;
}

/** Converts a number, boolean or list from serverless.yml to the text that the command line would contain. */
function toText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(',') : String(value ?? '');
}
