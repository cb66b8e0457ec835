import { memberNotAllowed } from './caller-not-allowed.ts';
import { formatStatementPointer, type KeyPolicyStatement, readKeyPolicy, type Texts } from './key-policy-document.ts';
import { type Guard, isAllowedPrincipal } from './policy-bounds.ts';

/**
 * Rejects a key policy that allows a principal outside the policy bounds, or that could prevent the account or this
 * service from using and managing the key, now or later. KMS checks only that the caller may change the policy now
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html). IAM policies, including those of this
 * service's functions, have no effect on a key whose policy does not allow the account
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
 */
export const guardPolicy: Guard = (input, bounds) => {
  if (typeof input.Policy !== 'string') return;
  const policy = readKeyPolicy(input.Policy);
  const statements = [policy.Statement].flat();
  statements.forEach((statement, index) => {
    if (statement.Effect === 'Deny') rejectDenial(statement, index);
    else rejectForeignPrincipals(statement, index, bounds);
  });
  requireAccountStatement(statements, bounds);
  // Sends the parsed and checked policy to KMS. If a name occurs twice in the original text, KMS could use the value
  // that was not checked.
  input.Policy = JSON.stringify(policy);
};

/** The only condition under which a statement may deny access. This service and the SDKs call KMS over TLS. */
const withoutTls = '{"Bool":{"aws:SecureTransport":"false"}}';

/** Rejects a Deny statement, because its effect on the account may depend on time, place or principal. */
function rejectDenial(statement: KeyPolicyStatement, index: number): void {
  const { Condition, NotPrincipal, NotAction, NotResource } = statement;
  const isNegated = [NotPrincipal, NotAction, NotResource].some((element) => element !== undefined);
  if (!isNegated && JSON.stringify(Condition) === withoutTls) return;
  throw memberNotAllowed(
    formatStatementPointer(index),
    `must not deny access, because it could shut out the account or this service. Remove the statement, and allow less in the Allow statements. Only a Deny statement without NotPrincipal, NotAction and NotResource, and with exactly the Condition ${withoutTls}, is accepted`,
  );
}

function rejectForeignPrincipals(
  { Principal = {}, NotPrincipal }: KeyPolicyStatement,
  index: number,
  bounds: Parameters<Guard>[1],
): void {
  if (NotPrincipal !== undefined)
    throw memberNotAllowed(
      formatStatementPointer(index),
      'must not use NotPrincipal in an Allow statement, because it allows all other principals. List the allowed principals in Principal',
    );
  const byType = Principal === '*' ? { AWS: Principal } : Principal;
  for (const [type, principals] of Object.entries(byType)) {
    for (const principal of [principals].flat()) {
      if (type === 'AWS' ? isAllowedPrincipal(principal, bounds) : bounds.principals.has(principal)) continue;
      throw memberNotAllowed(
        formatStatementPointer(index),
        'must not allow a principal outside this account, unless this service allows that principal. Remove the principal, or add it to the deployment parameter allowedPrincipals',
      );
    }
  }
}

/** Throws unless a statement allows the account every action on the key, without a condition. */
function requireAccountStatement(
  statements: readonly KeyPolicyStatement[],
  { partition, accountIds: [account = ''] }: Parameters<Guard>[1],
): void {
  const names = [account, `arn:${partition}:iam::${account}:root`];
  const ofAccount = statements.findIndex((statement) => allows(statement, names));
  if (statements.some((statement) => allows(statement, names) && isUnlimited(statement))) return;
  const needed = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
  const found =
    ofAccount === -1
      ? ''
      : `. Statement ${ofAccount + 1} allows the account, but not every action on Resource "*" without a Condition`;
  throw memberNotAllowed(
    '/Policy',
    `must contain a statement that lets the account manage the key, such as ${JSON.stringify(needed)}${found}`,
  );
}

function allows({ Effect, Principal }: KeyPolicyStatement, names: readonly string[]): boolean {
  if (Effect !== 'Allow' || Principal === undefined || Principal === '*') return false;
  return toList(Principal.AWS).some((principal) => names.includes(principal));
}

function isUnlimited({ Action, Resource, NotAction, NotResource, Condition }: KeyPolicyStatement): boolean {
  if ([NotAction, NotResource, Condition].some((element) => element !== undefined)) return false;
  return toList(Action).some((action) => action === 'kms:*' || action === '*') && toList(Resource).includes('*');
}

function toList(texts: Texts = []): readonly string[] {
  return [texts].flat();
}
