import type { ChainMiddleware } from '../call/chain.ts';
import type { FunctionConfig } from '../config/function-config.ts';
import { parseArn } from '../declaration/arn.ts';
import { listKeys, type Operation } from '../declaration/operation.ts';
import type { InputError } from '../errors/kms-functions-error.ts';
import { readAliasName } from './key-identifiers.ts';

type Scope = Pick<FunctionConfig, 'partition' | 'regions' | 'accountIds'>;

/** The longest alias name, including `alias/` (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html). */
const maxAliasLength = 256;

/** Rejects key and alias ARNs outside the partition, Regions and accounts that the service allows, and long alias names. */
export function checkScope(operation: Operation, scope: Scope): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      call.errors.push(...findScopeErrors(operation, call.json, scope));
    },
  };
}

/**
 * Checks the location of ARNs only. KMS resolves key ids and alias names in the function's Region and account, and
 * rejects any other value. Steps send one request per key, so that their keys can be in different Regions.
 */
function findScopeErrors(
  operation: Operation,
  json: Readonly<Record<string, unknown>>,
  { partition, regions, accountIds }: Scope,
): InputError[] {
  const errors: InputError[] = [];
  let firstRegion: string | undefined;
  for (const { pointer, key } of listKeys(operation, json)) {
    if (typeof key !== 'string') continue;
    if ((readAliasName(key)?.length ?? 0) > maxAliasLength)
      errors.push({ pointer, detail: `must contain an alias name of at most ${maxAliasLength} characters` });
    const arn = parseArn(key);
    if (arn === undefined) continue;
    if (arn.partition !== partition) errors.push({ pointer, detail: 'must be in the partition of this service' });
    else if (arn.service !== 'kms') errors.push({ pointer, detail: 'must be the ARN of a KMS key or alias' });
    else if (!regions.includes(arn.region))
      errors.push({ pointer, detail: `must be in a Region that this service allows (${regions.join(', ')})` });
    else if (!accountIds.includes(arn.accountId))
      errors.push({ pointer, detail: 'must be in an account that this service allows' });
    else if (firstRegion !== undefined && firstRegion !== arn.region && operation.tenancy !== 'steps')
      errors.push({ pointer, detail: 'must be in the same Region as the other key' });
    firstRegion ??= arn.region;
  }
  return errors;
}
