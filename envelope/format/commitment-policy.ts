import { EnvelopeError } from './errors.ts';
import { type AlgorithmSuite, formatSuite } from './suites.ts';

/**
 * Whether messages without a key commitment may be opened. The names are AWS's
 * (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#commitment-policy). AWS's third policy,
 * FORBID_ENCRYPT_ALLOW_DECRYPT, does not exist here, because messages are never sealed without a key commitment.
 */
export type CommitmentPolicy = 'REQUIRE_ENCRYPT_ALLOW_DECRYPT' | 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT';

export const defaultCommitmentPolicy: CommitmentPolicy = 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT';

const policies: readonly CommitmentPolicy[] = ['REQUIRE_ENCRYPT_ALLOW_DECRYPT', 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT'];

/** Throws if the policy does not exist. */
export function checkCommitmentPolicy(policy: CommitmentPolicy = defaultCommitmentPolicy): void {
  if (!policies.includes(policy))
    throw new EnvelopeError('InvalidOption', `\`commitmentPolicy\` must be one of ${policies.join(', ')}.`);
}

/** Throws if the policy does not allow messages of this suite to be opened. */
export function checkCommitment(suite: AlgorithmSuite, policy: CommitmentPolicy = defaultCommitmentPolicy): void {
  checkCommitmentPolicy(policy);
  if (!suite.isCommitting && policy === 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT')
    throw new EnvelopeError(
      'CommitmentRequired',
      `The message uses ${formatSuite(suite)}, which has no key commitment. The commitment policy REQUIRE_ENCRYPT_ALLOW_DECRYPT allows such messages.`,
    );
}
