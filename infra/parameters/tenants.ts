import * as z from 'zod';
import { tenancyDefaults } from '../../shared/config/function-config.ts';
import { parameter } from './parameter.ts';

/** The prefix is reserved for the AWS Encryption SDK (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#encryption-context). */
const contextKey = z.string().regex(/^(?!aws-crypto-)[\w.:/=+@-]{1,128}$/i);
const contextKeyRule = 'must be a name of at most 128 characters that does not begin with `aws-crypto-`';

const withTenants = [{ parameter: 'tenantField' }] as const;

export const tenantParameters = {
  tenantField: parameter({
    schema: z.string().regex(/^(account|principal|claim:[\w:./-]{1,200})$/),
    unset: 'no tenants',
    rule: 'must be `account`, `principal` or `claim:NAME`',
    description:
      "Tenant of a caller: its account, its principal, or a claim of its token. Every call is then bound to the caller's tenant, by encryption context or by tag.",
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
    description: 'Key of the encryption context that contains the tenant.',
    example: 'customer',
    needs: withTenants,
  }),
  tenantTag: parameter({
    schema: z.string().regex(/^(?!aws:|kms-functions:)[\w.:/=+@-]{1,128}$/i),
    default: tenancyDefaults.tag,
    rule: 'must be a tag key that does not begin with `aws:` or `kms-functions:`',
    description: 'Tag that contains the tenant of a key. It applies to operations without an encryption context.',
    example: 'customer',
    needs: withTenants,
  }),
  tenantDirect: parameter({
    schema: z.enum(['refuse', 'unbound']),
    default: tenancyDefaults.direct,
    rule: 'must be `refuse` or `unbound`',
    description:
      'How direct invocations are handled. They have no tenant, because Lambda does not report their caller. `refuse`: they are rejected. `unbound`: they may use the data of all tenants.',
    example: 'unbound',
    needs: withTenants,
  }),
  tenantEmails: parameter({
    schema: z.enum(['refuse', 'allow']),
    default: tenancyDefaults.emails,
    rule: 'must be `refuse` or `allow`',
    description:
      'How tenants that look like email addresses are handled. CloudTrail records the encryption context, and thus the tenant, in plain text.',
    example: 'allow',
    needs: withTenants,
  }),
  callerContextKey: parameter({
    schema: contextKey,
    rule: contextKeyRule,
    description:
      "Key of the encryption context that is set to the caller's name. Only the same caller can then decrypt.",
    example: 'caller',
  }),
};
