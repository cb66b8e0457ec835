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
    schema: z.string().regex(/^(account|principal|claim:[\w:./-]{1,200})$/),
    unset: 'no tenants',
    rule: 'must be `account`, `principal` or `claim:NAME`',
    description:
      "Source of the caller's tenant: the caller's account, its principal, or a claim in its token. The functions bind every call to the caller's tenant, either through the encryption context or through a key tag.",
    example: 'principal',
    needs: [
      { parameter: 'auth', value: 'jwt', when: /^claim:/ },
      { parameter: 'auth', value: 'iam', when: /^account$/ },
    ],
  }),
  tenantContextKey: parameter({
    schema: contextKey,
    default: tenancyDefaults.contextKey,
    rule: contextKeyRule,
    description: 'Encryption context key whose value is the tenant.',
    example: 'customer',
    needs: withTenants,
  }),
  tenantTag: parameter({
    schema: z.string().regex(/^(?!aws:|kms-functions:)[\w.:/=+@-]{1,128}$/i),
    default: tenancyDefaults.tag,
    rule: `${characterRule}, without the prefix \`aws:\` or \`kms-functions:\``,
    description:
      'Tag key whose value is the tenant that owns the KMS key. The functions check this tag for operations without an encryption context.',
    example: 'customer',
    needs: withTenants,
  }),
  tenantDirect: parameter({
    schema: z.enum(['refuse', 'unbound']),
    default: tenancyDefaults.direct,
    rule: 'must be `refuse` or `unbound`',
    description:
      'Treatment of direct invocations, which have no tenant because Lambda does not identify the invoker. `refuse` rejects them. `unbound` gives them access to the data of all tenants.',
    example: 'unbound',
    needs: withTenants,
  }),
  tenantEmails: parameter({
    schema: z.enum(['refuse', 'allow']),
    default: tenancyDefaults.emails,
    rule: 'must be `refuse` or `allow`',
    description:
      'Treatment of tenants that look like email addresses. `refuse` rejects their calls, because CloudTrail records the encryption context, including the tenant, in plaintext. `allow` accepts them.',
    example: 'allow',
    needs: withTenants,
  }),
  callerContextKey: parameter({
    schema: contextKey,
    rule: contextKeyRule,
    description:
      "Encryption context key that the functions set to the caller's principal. Only the caller that encrypted the data can then decrypt it.",
    example: 'caller',
  }),
};
