import { countBytes, type OperationRules } from './rule.ts';

export interface StackUpdate {
  readonly StackName: string;
  readonly template: string;
  readonly capabilities: readonly string[];
}

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type?: string; readonly Properties?: object }>>;
  readonly Outputs?: object;
  readonly Parameters?: object;
}

const parse = ({ template }: StackUpdate): Template => JSON.parse(template);
const listTypes = (update: StackUpdate) => Object.values(parse(update).Resources ?? {}).map(({ Type = '' }) => Type);
const hasNamedRole = (update: StackUpdate) =>
  Object.values(parse(update).Resources ?? {}).some(({ Properties = {} }) => 'RoleName' in Properties);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html contains the limits. */
export const updateStackRules: OperationRules<StackUpdate> = {
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html',
  members: { StackName: 'string', template: 'string', capabilities: 'list' },
  rules: [
    {
      title: 'StackName begins with a letter and has at most 128 letters, digits and hyphens',
      error: 'ValidationError',
      isMet: ({ StackName }) => /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(StackName),
    },
    {
      title: 'a template in S3 has at most 1 MB',
      error: 'ValidationError',
      isMet: ({ template }) => countBytes(template) <= 1_000_000,
    },
    {
      title: 'a template has 1 to 500 resources, with names of 1 to 255 letters and digits',
      error: 'ValidationError',
      isMet: (update) => {
        const names = Object.keys(parse(update).Resources ?? {});
        return names.length >= 1 && names.length <= 500 && names.every((name) => /^[a-zA-Z0-9]{1,255}$/.test(name));
      },
    },
    {
      title: 'a template has at most 200 outputs',
      error: 'ValidationError',
      isMet: (update) => Object.keys(parse(update).Outputs ?? {}).length <= 200,
    },
    {
      title: 'a template with IAM resources requires CAPABILITY_IAM or CAPABILITY_NAMED_IAM',
      error: 'InsufficientCapabilitiesException',
      isMet: (update) =>
        !listTypes(update).some((type) => type.startsWith('AWS::IAM::')) ||
        update.capabilities.some((capability) => /^CAPABILITY_(NAMED_)?IAM$/.test(capability)),
    },
    {
      title: 'a template with a named role requires CAPABILITY_NAMED_IAM',
      error: 'InsufficientCapabilitiesException',
      isMet: (update) => !hasNamedRole(update) || update.capabilities.includes('CAPABILITY_NAMED_IAM'),
    },
  ],
};
