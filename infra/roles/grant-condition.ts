import type { Deployment } from '../deployment/deployment.ts';
import type { Condition } from './statement.ts';

/**
 * Limits the grants that CreateGrant's role may create to the principals and operations that the deployment allows, as
 * the function does
 * (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grantee-principal).
 */
export function buildGrantCondition({ parameters }: Deployment): Condition {
  const { allowedPrincipals = [], grantOperations } = parameters;
  const services = allowedPrincipals.filter((principal) => /\.amazonaws\.com(\.cn)?$/.test(principal));
  const principals = [
    ...toPatterns('${AWS::AccountId}'),
    ...allowedPrincipals.filter((principal) => principal !== '*').flatMap(toAllowedPatterns),
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

/**
 * Returns the patterns for all principals in an account. No wildcard precedes the account id, because the path of a user or
 * role in another account can contain colons and any account id
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html).
 */
function toPatterns(account: string): { readonly 'Fn::Sub': string }[] {
  return ['iam', 'sts'].map((service) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${service}::${account}:*` }));
}

/** Converts an account id to patterns. Returns an ARN unchanged. */
function toAllowedPatterns(principal: string): (string | { readonly 'Fn::Sub': string })[] {
  return /^\d{12}$/.test(principal) ? toPatterns(principal) : [principal];
}

function toTests(conditionKeys: readonly string[], value: string | readonly string[]): Condition[string] {
  return Object.fromEntries(conditionKeys.map((key) => [key, value]));
}
