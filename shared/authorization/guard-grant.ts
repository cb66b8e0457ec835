import { memberNotAllowed } from './caller-not-allowed.ts';
import { type Guard, isAllowedPrincipal } from './policy-bounds.ts';

/** By default, a grant must not allow its grantee to create further grants. */
const excludedByDefault = 'CreateGrant';

/** Rejects a grant whose principals or operations exceed the policy bounds. */
export const guardGrant: Guard = (input, bounds) => {
  for (const member of ['GranteePrincipal', 'RetiringPrincipal']) {
    const principal = input[member];
    if (typeof principal === 'string' && !isAllowedPrincipal(principal, bounds)) {
      throw memberNotAllowed(
        `/${member}`,
        'must be a principal in this account or another principal that this service allows',
      );
    }
  }
  for (const member of ['GranteeServicePrincipal', 'RetiringServicePrincipal']) {
    const service = input[member];
    if (typeof service === 'string' && !bounds.principals.has(service))
      throw memberNotAllowed(`/${member}`, 'must be a service principal that this service allows');
  }
  const { grantOperations } = bounds;
  for (const operation of input.Operations as readonly string[]) {
    const isAllowed = grantOperations === undefined ? operation !== excludedByDefault : grantOperations.has(operation);
    if (!isAllowed)
      throw memberNotAllowed(
        '/Operations',
        `must not contain ${operation}, because this service does not allow that operation in grants`,
      );
  }
};
