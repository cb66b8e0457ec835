import { type Arn, parseArn } from '../declaration/arn.ts';
import { keyMembers, type Operation } from '../declaration/operation.ts';
import { type InputError, KmsFunctionsError } from '../errors/kms-functions-error.ts';
import type { Call } from '../handler/call.ts';
import { environmentList } from '../handler/environment-list.ts';

/**
 * The Regions and accounts that a function serves: its own, and those that its deployment lists
 * (`ALLOWED_REGIONS`, `ALLOWED_ACCOUNT_IDS`, separated by commas).
 */
export interface Scope {
  readonly regions: readonly string[];
  readonly accountIds: readonly string[];
}

export function scopeFromEnvironment(environment: NodeJS.ProcessEnv = process.env): Scope {
  return {
    regions: [
      ...new Set([...environmentList(environment.AWS_REGION), ...environmentList(environment.ALLOWED_REGIONS)]),
    ],
    accountIds: environmentList(environment.ALLOWED_ACCOUNT_IDS),
  };
}

/** A foreign ARN is refused before KMS is called. Key ids, alias names and what is no ARN at all are KMS's to judge. */
export function scopeErrors(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  scope: Scope,
): InputError[] {
  const errors: InputError[] = [];
  let region: string | undefined;
  for (const member of keyMembers(operation)) {
    const arn = arnOf(input[member]);
    if (arn === undefined) continue;
    const pointer = `/${member}`;
    if (arn.service !== 'kms') errors.push({ pointer, detail: 'must be an ARN of KMS' });
    else if (!scope.regions.includes(arn.region))
      errors.push({ pointer, detail: 'is of a Region that this service does not serve' });
    else if (!scope.accountIds.includes(arn.accountId))
      errors.push({ pointer, detail: 'is of an account that this service does not serve' });
    else if (region !== undefined && region !== arn.region)
      errors.push({ pointer, detail: 'is of another Region than the other key' });
    region ??= arn.region;
  }
  return errors;
}

/** The Region that a request goes to: that of its key's ARN, else the function's own. */
export function regionOf({ operation, input, scope }: Pick<Call, 'operation' | 'input' | 'scope'>): string | undefined {
  for (const member of keyMembers(operation)) {
    const arn = arnOf(input[member]);
    if (arn !== undefined) return arn.region;
  }
  return scope.regions[0];
}

/**
 * A ciphertext may name a key by itself, and KMS may let this account use that key though it is another's: what it
 * yields is not given out. (The role of the function refuses it before; this holds with any role.)
 */
export function refuseForeignAnswer(answer: object, { accountIds }: Scope): void {
  const { KeyId, SourceKeyId } = answer as { KeyId?: unknown; SourceKeyId?: unknown };
  for (const arn of [arnOf(KeyId), arnOf(SourceKeyId)]) {
    if (arn !== undefined && !accountIds.includes(arn.accountId)) {
      throw new KmsFunctionsError(
        'AccessDeniedException',
        'The key is of an account that this service does not serve.',
      );
    }
  }
}

function arnOf(value: unknown): Arn | undefined {
  return typeof value === 'string' ? parseArn(value) : undefined;
}
