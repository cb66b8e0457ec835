import { createParameterError } from '../parameters/parameter-error.ts';
import type { Deployment } from './deployment.ts';

/** The property that contains a resource's name, and the longest name that AWS accepts. */
interface NameLimit {
  readonly property: string;
  readonly maxLength: number;
}

/** The limits by resource type. AWS or CloudFormation generates the names of all other resources. */
const limits: Readonly<Record<string, NameLimit>> = {
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
  'AWS::Lambda::Function': { property: 'FunctionName', maxLength: 64 },
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  'AWS::IAM::Role': { property: 'RoleName', maxLength: 64 },
  'AWS::IAM::ManagedPolicy': { property: 'ManagedPolicyName', maxLength: 128 },
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  'AWS::Logs::LogGroup': { property: 'LogGroupName', maxLength: 512 },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  'AWS::CloudWatch::Alarm': { property: 'AlarmName', maxLength: 255 },
  'AWS::CloudWatch::Dashboard': { property: 'DashboardName', maxLength: 255 },
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
  'AWS::Events::Rule': { property: 'Name', maxLength: 64 },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
  'AWS::SQS::Queue': { property: 'QueueName', maxLength: 80 },
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
  'AWS::DynamoDB::Table': { property: 'TableName', maxLength: 255 },
  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
  'AWS::StepFunctions::StateMachine': { property: 'StateMachineName', maxLength: 80 },
  // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
  'AWS::SNS::Topic': { property: 'TopicName', maxLength: 256 },
};

/** A resource that the template may name. */
interface NamedResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/**
 * Throws if the stage name makes the name of a function or another resource too long, or if CloudFormation would reject
 * the stack's name. `functionNames` are the names in serverless.yml, and `resources` are the template's other
 * resources.
 */
export function rejectStageName(
  deployment: Deployment,
  functionNames: readonly string[],
  resources: Readonly<Record<string, object>>,
): void {
  const { stage, name } = deployment;
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
  if (!/^[A-Za-z0-9-]+$/.test(stage)) {
    throw createParameterError([`Stage \`${stage}\` must contain only letters, digits and hyphens. Rename the stage.`]);
  }
  const functions = functionNames.map((functionName) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: `${name}-${functionName}` },
  }));
  const [longest] = [...functions, ...(Object.values(resources) as NamedResource[])]
    .flatMap((resource) => measureName(resource, deployment))
    .sort((a, b) => b.excess - a.excess);
  if (longest === undefined || longest.excess <= 0) return;
  throw createParameterError([
    `Stage \`${stage}\` may have at most ${stage.length - longest.excess} characters, because the ${longest.property} ` +
      `\`${longest.text}\` may have at most ${longest.maxLength} characters. Choose a shorter stage name.`,
  ]);
}

function measureName({ Type, Properties = {} }: NamedResource, { region }: Deployment) {
  const limit = limits[Type];
  const value = limit === undefined ? undefined : Properties[limit.property];
  if (limit === undefined || value === undefined) return [];
  const text = resolveName(value, region);
  return [{ ...limit, text, excess: text.length - limit.maxLength }];
}

/** Replaces intrinsic functions in a name with text of the length that CloudFormation inserts. */
function resolveName(value: unknown, region: string): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Sub': sub, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return resolvePseudoParameter(Ref, region);
  if (typeof sub === 'string')
    return sub.replaceAll(/\$\{([^}]+)\}/g, (_, name) => resolvePseudoParameter(name, region));
  if (!Array.isArray(join)) return longestPart;
  const [separator, parts] = join as [string, unknown[]];
  return parts.map((part) => resolveName(part, region)).join(separator);
}

/** A text as long as the UUID in a stack id, which is the longest part that only CloudFormation knows. */
const longestPart = 'x'.repeat(36);

function resolvePseudoParameter(name: string, region: string): string {
  if (name === 'AWS::Region') return region;
  return name === 'AWS::AccountId' ? '0'.repeat(12) : longestPart;
}
