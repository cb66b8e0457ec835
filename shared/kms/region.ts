import type { Call } from '../call/call.ts';
import { parseArn } from '../declaration/arn.ts';
import { keyMembers } from '../declaration/operation.ts';

/** Returns the Region to send a call to: the Region in the first key ARN of the input, or the function's own Region. */
export function resolveRegion({ operation, input, config }: Call): string | undefined {
  for (const member of keyMembers(operation)) {
    const key = input[member];
    const arn = typeof key === 'string' ? parseArn(key) : undefined;
    if (arn !== undefined) return arn.region;
  }
  return config.regions[0];
}
