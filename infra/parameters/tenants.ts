import * as z from 'zod';
import { tenancyDefaults } from '../../shared/config/function-config.ts';
import { parameter } from './parameter.ts';

const characterRule = 'must be 1 to 128 characters from `A-Z a-z 0-9 _ . : / = + @ -`';

/**
 * The AWS Encryption SDK reserves the prefix `aws-crypto-`
 * (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#encryption-context).
 */
const contextKey = z.string().regex(/^(?!aws-crypto-)[\w.:/=+@-]{1,128}$/i);
const contextKeyRule = `${characterRule}, without the prefix \`aws-crypto-\``;

const withTenants = [{ parameter: 'tenantField' }] as const;

export const tenantParameters = {
  tenantField: parameter({
    schema: z.string().regex(/^(role|claim:[\w:./-]{1,200})$/),
    unset: 'no tenants',
    rule: 'must be `role` or `claim:NAME`',
    removedValues: {
      account:
        'The value `account` was removed, because an HTTP API has callers only in its own account. Use `role`. `callerAccounts` creates one role for each account.',
      principal:
        'The value `principal` was removed, because the identity that assumes a role chooses the session name. Use `role`.',
    },
    description:
      "Source of the caller's tenant: the name of the caller's IAM role, or a claim in its token. A tenant is 1 to 64 characters from `A-Z a-z 0-9 _ -`, but not `aws` or `shared`. The functions bind every call to the caller's tenant through the encryption context and the keys' tags. If you change a caller's tenant, the caller can no longer decrypt its older data.",
    example: 'claim:tenant_id',
    local: { applied: true },
    needs: [
      { parameter: 'auth', value: 'jwt', when: /^claim:/ },
      { parameter: 'auth', value: 'iam', when: /^role$/ },
    ],
  }),
  tenantContextKey: parameter({
    schema: contextKey,
    default: tenancyDefaults.contextKey,
    rule: contextKeyRule,
    description:
      'Encryption context key whose value is the tenant. If you change this parameter, the functions can no longer decrypt older data for callers with a tenant.',
    example: 'customer',
    local: { applied: true },
    needs: withTenants,
  }),
  tenantTag: parameter({
    schema: z.string().regex(/^(?!aws:|kms-functions:)[\w.:/=+@-]{1,128}$/i),
    default: tenancyDefaults.tag,
    rule: `${characterRule}, without the prefix \`aws:\` or \`kms-functions:\``,
    description:
      "Tag key whose value is the tenant that owns the KMS key. Callers cannot use other tenants' keys, and cannot change this tag. Before you deploy a new value, add the new tag to all keys. Otherwise, the keys have no owner.",
    example: 'customer',
    local: { applied: true },
    needs: withTenants,
  }),
  tenantDirect: parameter({
    schema: z.enum(['refuse', 'unbound']),
    default: tenancyDefaults.direct,
    rule: 'must be `refuse` or `unbound`',
    description:
      "Treatment of direct invocations, which have no tenant because Lambda does not identify the invoker. `refuse` rejects these invocations. `unbound` gives them access to all tenants' data.",
    example: 'unbound',
    local: { applied: true },
    needs: withTenants,
  }),
  callerContextKey: parameter({
    schema: contextKey,
    rule: contextKeyRule,
    description:
      'Encryption context key whose value is the caller: the ARN of its IAM role (without the session) or user, or the subject of its token. Only the caller that encrypted the data can then decrypt it through the API. If you change this parameter, or rename a role, the functions can no longer decrypt older data for the caller.',
    example: 'caller',
    local: { applied: true },
  }),
};
