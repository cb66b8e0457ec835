import { type Guard, isAllowedPrincipal } from './bounds.ts';
import { memberNotAllowed } from './not-allowed.ts';

/** Unless the deployment says otherwise, whoever is given a grant cannot pass it on. */
const neverByDefault = 'CreateGrant';

/** Bounds a grant that a caller makes: to whom, and for what. */
export const boundGrant: Guard = (input, bounds) => {
  for (const member of ['GranteePrincipal', 'RetiringPrincipal']) {
    const principal = input[member];
    if (typeof principal === 'string' && !isAllowedPrincipal(principal, bounds)) {
      throw memberNotAllowed(`/${member}`, 'is neither of this account nor listed');
    }
  }
  for (const member of ['GranteeServicePrincipal', 'RetiringServicePrincipal']) {
    const service = input[member];
    if (typeof service === 'string' && !bounds.principals.has(service))
      throw memberNotAllowed(`/${member}`, 'is not listed');
  }
  const { grantOperations } = bounds;
  for (const operation of input.Operations as readonly string[]) {
    const isAllowed = grantOperations === undefined ? operation !== neverByDefault : grantOperations.has(operation);
    if (!isAllowed)
      throw memberNotAllowed('/Operations', `must not have ${operation}: this service grants no such thing`);
  }
};
