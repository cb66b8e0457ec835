import type { PolicyBounds } from '../config/function-config.ts';
import { isObject, type UnknownObject } from '../declaration/json-object.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { memberNotAllowed } from './caller-not-allowed.ts';
import { type Guard, isAllowedPrincipal } from './policy-bounds.ts';

/**
 * Limits the key policies that callers set: the principals that they allow, and that the account can manage the key. If a
 * key policy does not allow the account, IAM policies for the key have no effect, including those of this service's functions
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
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
      `must contain the statement that lets the account manage the key: ${JSON.stringify(needed)}`,
    );
  }
  // KMS must receive the policy that was checked: if a name occurs twice, KMS could read the other value.
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
    throw memberNotAllowed('/Policy', 'must not use NotPrincipal to allow access: it would allow everyone else');
  const byType = isObject(Principal) ? Principal : { AWS: Principal };
  for (const [type, value] of Object.entries(byType)) {
    for (const principal of toList(value)) {
      const isAllowed =
        typeof principal === 'string' &&
        (type === 'AWS' ? isAllowedPrincipal(principal, bounds) : bounds.principals.has(principal));
      if (!isAllowed)
        throw memberNotAllowed(
          '/Policy',
          'must not allow a principal outside this account, unless this service allows it',
        );
    }
  }
}

/** Returns `true` for a statement that allows the account itself every action, without a condition. */
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
