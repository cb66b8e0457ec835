import { describe, expect, test } from 'vitest';
import { forwarder } from '../../infra/audit/forwarder.ts';
import { rejectStageName } from '../../infra/deployment/name-limits.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { deployment, everyOperation, everything } from '../support/deployments.ts';
import { operations } from '../support/operations.ts';

const maxFunctionName = 64;
const build = (stage: string, parameters: Readonly<Record<string, string>>) =>
  buildServiceParts(deployment(parameters, stage));
const longestName = (names: readonly string[]) => names.toSorted((a, b) => b.length - a.length)[0] as string;
const allowedLength = (name: string) => maxFunctionName - 'kms-functions--'.length - name.length;

describe('a stage name', () => {
  test.for<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    ['all operations', everyOperation, operations.map(functionName)],
    ['the default operations', {}, ['generateDataKeyPairWithoutPlaintext']],
    ['one operation with a short name', { operations: 'Encrypt' }, ['encrypt', forwarder]],
  ])('the length of a stage name is limited by the longest function name for %s', ([, parameters, names]) => {
    const longest = longestName(names);
    const limit = allowedLength(longest);
    expect(() => build('s'.repeat(limit), parameters)).not.toThrow();
    const stage = 's'.repeat(limit + 1);
    expect(() => build(stage, parameters)).toThrow(
      `Stage \`${stage}\` may have at most ${limit} characters, because the FunctionName ` +
        `\`kms-functions-${stage}-${longest}\` may have at most 64 characters. Choose a shorter stage name.`,
    );
  });

  test.for(['a_b', 'a.b', 'a b', 'ü', ''])(
    'a stage name is rejected if it contains characters that a stack name cannot contain: "%s"',
    (stage) => {
      expect(() => build(stage, {})).toThrow(
        `Stage \`${stage}\` must contain only letters, digits and hyphens. Rename the stage.`,
      );
    },
  );

  const limited = [
    ['AWS::IAM::Role', 'RoleName', 64],
    ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName', 128],
    ['AWS::Logs::LogGroup', 'LogGroupName', 512],
    ['AWS::CloudWatch::Alarm', 'AlarmName', 255],
    ['AWS::CloudWatch::Dashboard', 'DashboardName', 255],
    ['AWS::Events::Rule', 'Name', 64],
    ['AWS::SQS::Queue', 'QueueName', 80],
    ['AWS::DynamoDB::Table', 'TableName', 255],
    ['AWS::StepFunctions::StateMachine', 'StateMachineName', 80],
    ['AWS::SNS::Topic', 'TopicName', 256],
  ] as const;
  test.for(limited)(
    'the length of a stage name is limited by the maximum name length for %s',
    ([Type, property, limit]) => {
      const name = (length: number) => ({
        'Fn::Join': [
          '-',
          ['x'.repeat(length - 'us-east-1'.length - 12 - 2), { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }],
        ],
      });
      const reject = (length: number) => () =>
        rejectStageName(deployment({}, 'preview'), [], { Named: { Type, Properties: { [property]: name(length) } } });
      expect(reject(limit)).not.toThrow();
      expect(reject(limit + 2)).toThrow(`Stage \`preview\` may have at most 5 characters, because the ${property}`);
    },
  );

  test('a stage name is checked for every named resource in the template', () => {
    const { Resources } = build('dev', everything).resources;
    const known = new Set<string>(limited.map(([type]) => type));
    for (const [id, resource] of Object.entries(Resources)) {
      const { Type, Properties = {} } = resource as { Type: string; Properties?: Record<string, unknown> };
      const type = Type.split('::').at(-1) ?? '';
      const named = ['Name', `${type}Name`].some((property) => property in Properties);
      if (named && Type !== 'AWS::ApiGatewayV2::DomainName') expect(known, id).toContain(Type);
    }
  });
});
