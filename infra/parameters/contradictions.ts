import type { ParameterName, Parameters } from './table.ts';

/**
 * A combination of valid values that would have no effect, or would undo the isolation that one of the values provides.
 */
export interface Contradiction {
  /** The parameters under which docs/reference/configuration.md documents the rule. */
  readonly parameters: readonly ParameterName[];
  readonly applies: (parameters: Parameters) => boolean;
  /** The rule, and how to follow it. */
  readonly rule: string;
}

export const contradictions: readonly Contradiction[] = [
  {
    parameters: ['callerAccounts', 'tenantDirect'],
    applies: ({ callerAccounts, tenantDirect }) => callerAccounts !== undefined && tenantDirect === 'unbound',
    rule: '`tenantDirect=unbound` cannot be combined with `callerAccounts`, because direct invocations can access the data of all tenants. Remove `callerAccounts`, or use `tenantDirect=refuse`.',
  },
  {
    parameters: ['bulk', 'tenantDirect', 'tenantField'],
    applies: ({ bulk, tenantField, tenantDirect }) => bulk && tenantField !== undefined && tenantDirect === 'refuse',
    rule: '`bulk=on` cannot be combined with `tenantField` if `tenantDirect` is `refuse`, because its worker invokes ReEncryptBatch directly. Use `bulk=off`, or `tenantDirect=unbound`.',
  },
  {
    parameters: ['directKeys', 'tenantDirect', 'tenantField'],
    applies: ({ directKeys, tenantField, tenantDirect }) =>
      directKeys !== undefined && tenantField !== undefined && tenantDirect === 'refuse',
    rule: '`directKeys` has no effect if `tenantField` is set and `tenantDirect` is `refuse`, because the functions then reject direct invocations. Remove `directKeys`, or use `tenantDirect=unbound`.',
  },
  {
    parameters: ['tenantContextKey', 'callerContextKey'],
    // A grant constraint ignores the case of these keys
    // (https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html).
    applies: ({ tenantField, tenantContextKey, callerContextKey }) =>
      tenantField !== undefined && callerContextKey?.toLowerCase() === tenantContextKey.toLowerCase(),
    rule: '`callerContextKey` must differ from `tenantContextKey`, regardless of case, because each key has one value. Choose another key.',
  },
  {
    parameters: ['keysClaim', 'tenantField'],
    applies: ({ keysClaim, tenantField }) => keysClaim !== undefined && tenantField === `claim:${keysClaim}`,
    rule: '`keysClaim` must differ from the claim in `tenantField`, because the first lists keys and the second identifies the tenant. Choose another claim.',
  },
];
