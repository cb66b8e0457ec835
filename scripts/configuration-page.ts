import { type Parameter, type ParameterName, parameterTable } from '../infra/parameters.ts';
import { changesOf } from './deployment-difference.ts';

/** docs/reference/configuration.md: every parameter of a deployment. */
export function configurationPage(): string {
  return [
    '# Configuration',
    '',
    'A deployment is told what to be by parameters. Give them to `serverless` as `--param NAME=VALUE`, or keep them in `serverless.yml`:',
    '',
    '<!-- not run: a part of serverless.yml -->',
    '```yaml',
    'params:',
    '  default:',
    '    alarmTopicArn: arn:aws:sns:us-east-1:111122223333:on-call',
    '  prod:',
    '    logRetentionDays: 365',
    '```',
    '',
    'The command line goes before the stage, and the stage before `default`. An unknown parameter, or a value that is not as the rule says,',
    'ends packaging with all that is wrong. Stage `local` knows the same parameters, checks them, and needs none.',
    '',
    '| parameter | default | value |',
    '| --- | --- | --- |',
    ...rows.map(
      ([name, entry]) => `| [\`${name}\`](#${name.toLowerCase()}) | ${code(entry.default)} | ${entry.rule} |`,
    ),
    '',
    ...rows.flatMap(([name, entry]) => [
      `## ${name}`,
      '',
      entry.description,
      '',
      `- It ${entry.rule}.`,
      `- Default: ${code(entry.default) || 'none'}.`,
      `- Example: \`--param ${name}=${entry.example}\``,
      `- It changes ${changesOf(name).map(code).join(', ')}.`,
      '',
    ]),
  ].join('\n');
}

const rows = Object.entries(parameterTable) as [ParameterName, Parameter][];

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}
