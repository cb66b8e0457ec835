import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { parseArn } from '../declaration/arn.ts';
import { keyMembers, type Operation } from '../declaration/operation.ts';
import type { InputError } from '../errors/kms-functions-error.ts';

type Scope = Pick<FunctionConfig, 'regions' | 'accountIds'>;

/** Rejects key and alias ARNs outside the Regions and accounts that the service allows. */
export function checkScope(operation: Operation, scope: Scope): ChainMiddleware {
  const members = keyMembers(operation);
  return {
    before: ({ internal: { call } }) => {
      call.errors.push(...findScopeErrors(members, call.json, scope));
    },
  };
}

/**
 * Checks only ARNs. KMS resolves key ids and alias names in the function's Region and account, and rejects any other
 * value.
 */
function findScopeErrors(
  members: readonly string[],
  json: Readonly<Record<string, unknown>>,
  { regions, accountIds }: Scope,
): InputError[] {
  const errors: InputError[] = [];
  let firstRegion: string | undefined;
  for (const member of members) {
    const key = json[member];
    const arn = typeof key === 'string' ? parseArn(key) : undefined;
    if (arn === undefined) continue;
    const pointer = `/${member}`;
    if (arn.service !== 'kms') errors.push({ pointer, detail: 'must be the ARN of a KMS key or alias' });
    else if (!regions.includes(arn.region))
      errors.push({ pointer, detail: 'must be in a Region that this service allows' });
    else if (!accountIds.includes(arn.accountId))
      errors.push({ pointer, detail: 'must be in an account that this service allows' });
    else if (firstRegion !== undefined && firstRegion !== arn.region)
      errors.push({ pointer, detail: 'must be in the same Region as the other key' });
    firstRegion ??= arn.region;
  }
  return errors;
}
