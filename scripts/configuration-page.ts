import { contradictions } from '../infra/parameters/contradictions.ts';
import type { LocalEffect, Need, Parameter } from '../infra/parameters/parameter.ts';
import { type ParameterName, parameterTopics } from '../infra/parameters/table.ts';
import { listChanges } from './deployment-difference.ts';

/** Builds docs/reference/configuration.md, which documents all deployment parameters. */
export function buildConfigurationPage(): string {
  return [
    '# Configuration',
    '',
    'Parameters configure a deployment. Set each parameter on the command line with `--param NAME=VALUE`, or in `serverless.yml`:',
    '',
    '<!-- not run: an excerpt from serverless.yml -->',
    '```yaml',
    'params:',
    '  default:',
    '    alarmTopicArn: arn:aws:sns:us-east-1:111122223333:on-call',
    '  prod:',
    '    logRetentionDays: 365',
    '```',
    '',
    "A parameter on the command line overrides the stage's parameter, which overrides the parameter in `default`. If a parameter is unknown or invalid,",
    'packaging fails and lists every problem. Stage `local` requires no parameters, but validates the parameters that you set, and applies them if it can.',
    'The [guide to rehearsals](../guides/rehearsing.md) shows how to try parameters on your machine.',
    '',
    'Separate list items with commas, as in `--param regions=eu-west-1,eu-central-1`.',
    '',
    '| parameter | default | value |',
    '| --- | --- | --- |',
    ...rows.map(
      ([name, entry]) => `| [\`${name}\`](#${name.toLowerCase()}) | ${code(entry.default)} | ${describeValue(entry)} |`,
    ),
    '',
    ...Object.entries(parameterTopics).flatMap(([topic, entries]) => [
      `## ${topic}`,
      '',
      ...Object.entries(entries).flatMap(([name, entry]) => describeParameter(name as ParameterName, entry)),
    ]),
  ].join('\n');
}

const rows: readonly (readonly [name: string, entry: Parameter])[] = Object.values(parameterTopics).flatMap((entries) =>
  Object.entries(entries),
);

function describeParameter(name: ParameterName, entry: Parameter): string[] {
  const { description, example, local, needs = [], excludes = [] } = entry;
  return [
    `### ${name}`,
    '',
    description,
    '',
    `- Value: ${describeValue(entry)}.`,
    `- Default: ${code(entry.default) || (entry.unset ?? 'none')}.`,
    ...needs.map(describeNeed),
    ...excludes.map((other) => `- Cannot be combined with ${code(other)}.`),
    ...contradictions.filter(({ parameters }) => parameters.includes(name)).map(({ rule }) => `- ${rule}`),
    `- Stage \`local\`: ${describeLocalEffect(local)}`,
    `- Example: \`--param ${name}=${example}\``,
    `- Changes ${listChanges(name).map(code).join(', ')}.`,
    '',
  ];
}

function describeLocalEffect(effect: LocalEffect): string {
  if (!effect.applied) return `not applied, because ${effect.reason}.`;
  return effect.note === undefined ? 'applied.' : `applied. ${effect.note}`;
}

function describeValue({ rule }: Parameter): string {
  return rule.replace(/^must be /, '');
}

function describeNeed({ parameter, value, when, whenText }: Need): string {
  const needed = code(value === undefined ? parameter : `${parameter}=${value}`);
  if (whenText !== undefined) return `- ${whenText} requires ${needed}.`;
  return when === undefined
    ? `- Requires ${needed}.`
    : `- The value ${code(describePattern(when))} requires ${needed}.`;
}

/** Converts `^jwt$` to `jwt`, and `^claim:` to `claim:NAME`. */
function describePattern({ source }: RegExp): string {
  return source.replace(/^\^/, '').replace(/:$/, ':NAME').replace(/\$$/, '');
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}
