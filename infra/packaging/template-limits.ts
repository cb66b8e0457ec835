import type { Template } from './osls.ts';

/**
 * The limits per template (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
 * Ten resources are reserved, so that an update to a later version still fits.
 */
const maxResources = { accepted: 490, atAws: 500 };
const maxOutputs = { accepted: 200, atAws: 200 };

/** The limit for a function's environment (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const maxEnvironmentBytes = 4_096;
/** The limit for a role's inline policies (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
const maxPolicyCharacters = 10_240;

/** Throws if AWS would reject the template because of the number of its parts, or the size of an environment or a policy. */
export function rejectLargeTemplate({ Resources, Outputs = {} }: Template): void {
  rejectCount('resources', Object.keys(Resources).length, maxResources);
  rejectCount('outputs', Object.keys(Outputs).length, maxOutputs);
  for (const [id, { Type, Properties }] of Object.entries(Resources)) {
    if (Type === 'AWS::Lambda::Function') {
      rejectSize(`environment of ${id}`, [Properties.Environment?.Variables ?? {}], maxEnvironmentBytes);
    }
    if (Type === 'AWS::IAM::Role') {
      const documents = (Properties.Policies ?? []).map(
        ({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument,
      );
      rejectSize(`policy of ${id}`, documents, maxPolicyCharacters);
    }
  }
}

function rejectCount(parts: string, count: number, { accepted, atAws }: typeof maxResources): void {
  if (count <= accepted) return;
  throw new Error(
    `The template contains ${count} ${parts}, but may contain at most ${accepted} (CloudFormation accepts ${atAws}). ` +
      `Deploy fewer \`operations\`, or remove ${parts} from serverless.yml.`,
  );
}

function rejectSize(name: string, values: readonly object[], max: number): void {
  const size = values.reduce((sum, value) => sum + measure(value), 0);
  if (size <= max) return;
  throw new Error(
    `The ${name} has about ${size} characters, but may have at most ${max}. ` +
      'Shorten the lists in the parameters, such as `allowedPrincipals` or `directKeys`.',
  );
}

/** Returns the length of a value as JSON, with text of the likely length instead of references. */
function measure(value: object): number {
  return Buffer.byteLength(JSON.stringify(value, (_, inner) => resolve(inner)));
}

/** The length of the longest Region, account or partition, and of the longest ARN of an alias. */
const lengths = { pseudoParameter: 14, arn: 128 };

function resolve(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Sub': sub, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
  if (typeof sub === 'string') return sub.replaceAll(/\$\{[^}]+\}/g, 'x'.repeat(lengths.pseudoParameter));
  if (typeof Ref === 'string') return 'x'.repeat(Ref.startsWith('AWS::') ? lengths.pseudoParameter : lengths.arn);
  return attribute === undefined ? value : 'x'.repeat(lengths.arn);
}
