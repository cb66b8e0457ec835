import type { PolicyBounds } from '../config/function-config.ts';
import { isObject, type UnknownObject } from '../declaration/json-object.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { memberNotAllowed } from './caller-not-allowed.ts';
import { type Guard, isAllowedPrincipal } from './policy-bounds.ts';

/**
 * Rejects a key policy that allows a principal outside the policy bounds, or that does not let the account manage the
 * key. IAM policies, including those of this service's functions, have no effect on a key whose policy does not allow
 * the account (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
 */
export const guardPolicy: Guard = (input, bounds) => {
  if (typeof input.Policy !== 'string') return;
  const policy = parsePolicy(input.Policy);
  const statements = toList(policy.Statement).filter(isObject);
  for (const statement of statements) {
    if (statement.Effect !== 'Deny') rejectForeignPrincipals(statement, bounds);
  }
  if (!statements.some((statement) => keepsAccount(statement, bounds))) {
    const [account] = bounds.accountIds;
    const needed = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
    throw memberNotAllowed(
      '/Policy',
      `must contain a statement that lets the account manage the key, such as ${JSON.stringify(needed)}`,
    );
  }
  // Sends the parsed and checked policy to KMS. If a name occurs twice in the original, KMS could read the other value.
  input.Policy = JSON.stringify(policy);
};

function parsePolicy(text: string): UnknownObject {
  try {
    const policy: unknown = JSON.parse(text);
    if (isObject(policy)) return policy;
  } catch {}
  throw new KmsFunctionsError('MalformedPolicyDocumentException', '/Policy must be a JSON object.');
}

function rejectForeignPrincipals({ Principal, NotPrincipal }: UnknownObject, bounds: PolicyBounds): void {
  if (NotPrincipal !== undefined)
    throw memberNotAllowed(
      '/Policy',
      'must not use NotPrincipal in an Allow statement, because it allows all other principals',
    );
  const byType = isObject(Principal) ? Principal : { AWS: Principal };
  for (const [type, value] of Object.entries(byType)) {
    for (const principal of toList(value)) {
      const isAllowed =
        typeof principal === 'string' &&
        (type === 'AWS' ? isAllowedPrincipal(principal, bounds) : bounds.principals.has(principal));
      if (!isAllowed)
        throw memberNotAllowed(
          '/Policy',
          'must not allow a principal outside this account, unless this service allows that principal',
        );
    }
  }
}

/** Returns `true` if a statement allows the account every action on the key, without a condition. */
function keepsAccount({ Effect, Principal, Action, Condition }: UnknownObject, { accountIds }: PolicyBounds): boolean {
  const [account] = accountIds;
  if (Effect !== 'Allow' || Condition !== undefined || !isObject(Principal)) return false;
  const isAccount = toList(Principal.AWS).some(
    (principal) =>
      principal === account || (typeof principal === 'string' && principal.endsWith(`:iam::${account}:root`)),
  );
  return isAccount && toList(Action).some((action) => action === 'kms:*' || action === '*');
}

/** Converts a value to a list, because a policy may contain a single item instead of a list. */
function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
