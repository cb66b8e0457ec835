import type { Template } from './osls.ts';

/**
 * The limits per template (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
 * Ten resources remain for a later version, so that an update to it still fits.
 */
const maxResources = { accepted: 490, atAws: 500 };
const maxOutputs = { accepted: 200, atAws: 200 };

/** Throws if CloudFormation would reject the template because of the number of its resources or outputs. */
export function rejectLargeTemplate({ Resources, Outputs = {} }: Template): void {
  rejectCount('resources', Object.keys(Resources).length, maxResources);
  rejectCount('outputs', Object.keys(Outputs).length, maxOutputs);
}

function rejectCount(parts: string, count: number, { accepted, atAws }: typeof maxResources): void {
  if (count <= accepted) return;
  throw new Error(
    `The template contains ${count} ${parts}, but may contain at most ${accepted} (CloudFormation accepts ${atAws}). ` +
      `Deploy fewer \`operations\`, or remove ${parts} from serverless.yml.`,
  );
}
