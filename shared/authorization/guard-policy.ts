import { isObject } from '../declaration/json-object.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { type Bounds, type Guard, isAllowedPrincipal } from './bounds.ts';
import { memberNotAllowed } from './not-allowed.ts';

type Statement = Readonly<Record<string, unknown>>;

/**
 * Bounds a key policy that a caller wrote: whom it lets in, and that the account keeps the key. A key whose policy does
 * not let the account in is lost to every IAM policy, those of this service's functions among them
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
 */
export const boundPolicy: Guard = (input, bounds) => {
  if (typeof input.Policy !== 'string') return;
  const policy = parsed(input.Policy);
  const statements = listOf(policy.Statement).filter(isObject);
  for (const statement of statements) {
    if (statement.Effect !== 'Deny') refuseStrangers(statement, bounds);
  }
  if (!statements.some((statement) => keepsAccount(statement, bounds))) {
    const [account] = bounds.accountIds;
    const needed = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
    throw memberNotAllowed(
      '/Policy',
      `must let the account keep the key, by this statement: ${JSON.stringify(needed)}`,
    );
  }
  // What was checked is what is sent: of a name that stands twice, KMS could read the other value.
  input.Policy = JSON.stringify(policy);
};

function parsed(text: string): Statement {
  try {
    const policy: unknown = JSON.parse(text);
    if (isObject(policy)) return policy;
  } catch {}
  throw new KmsFunctionsError('MalformedPolicyDocumentException', '/Policy must be a JSON object.');
}

function refuseStrangers({ Principal, NotPrincipal }: Statement, bounds: Bounds): void {
  if (NotPrincipal !== undefined)
    throw memberNotAllowed('/Policy', 'must not allow by NotPrincipal: that lets everybody else in');
  const kinds = isObject(Principal) ? Principal : { AWS: Principal };
  for (const [kind, value] of Object.entries(kinds)) {
    for (const principal of listOf(value)) {
      const isAllowed =
        typeof principal === 'string' &&
        (kind === 'AWS' ? isAllowedPrincipal(principal, bounds) : bounds.principals.has(principal));
      if (!isAllowed)
        throw memberNotAllowed('/Policy', 'lets in a principal that is neither of this account nor listed');
    }
  }
}

/** An unconditional grant of everything to the account itself. */
function keepsAccount({ Effect, Principal, Action, Condition }: Statement, { accountIds }: Bounds): boolean {
  const [account] = accountIds;
  if (Effect !== 'Allow' || Condition !== undefined || !isObject(Principal)) return false;
  const isAccount = listOf(Principal.AWS).some(
    (principal) =>
      principal === account || (typeof principal === 'string' && principal.endsWith(`:iam::${account}:root`)),
  );
  return isAccount && listOf(Action).some((action) => action === 'kms:*' || action === '*');
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
