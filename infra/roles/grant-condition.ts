import type { Deployment } from '../deployment/deployment.ts';
import type { Condition } from './statement.ts';

/**
 * Limits the grants that the role for CreateGrant may create, as the function does, to the principals and operations that
 * the deployment allows
 * (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grantee-principal).
 */
export function buildGrantCondition({ parameters }: Deployment): Condition {
  const { allowedPrincipals = [], grantOperations } = parameters;
  const services = allowedPrincipals.filter((principal) => /\.amazonaws\.com(\.cn)?$/.test(principal));
  const principals = [
    { 'Fn::Sub': 'arn:*::${AWS::AccountId}:*' },
    ...allowedPrincipals.filter((principal) => principal !== '*').map(toPattern),
  ];
  const serviceKeys = ['kms:GranteeServicePrincipal', 'kms:RetiringServicePrincipal'];
  return {
    // A condition with ForAllValues is also met if the request has no value.
    ...(grantOperations === undefined
      ? { 'ForAllValues:StringNotEquals': { 'kms:GrantOperations': 'CreateGrant' } }
      : { 'ForAllValues:StringEquals': { 'kms:GrantOperations': grantOperations } }),
    StringLikeIfExists: { 'kms:GranteePrincipal': principals, 'kms:RetiringPrincipal': principals },
    ...(services.length === 0
      ? { Null: { 'kms:GrantOperations': 'false', ...toTests(serviceKeys, 'true') } }
      : { Null: { 'kms:GrantOperations': 'false' }, StringEqualsIfExists: toTests(serviceKeys, services) }),
  };
}

/** Converts an account id to a pattern for all principals in the account. */
function toPattern(principal: string): string {
  return /^\d{12}$/.test(principal) ? `arn:*::${principal}:*` : principal;
}

function toTests(conditionKeys: readonly string[], value: string | readonly string[]): Condition[string] {
  return Object.fromEntries(conditionKeys.map((key) => [key, value]));
}
