import type { Policy } from '../policy-language/policy-document.ts';
import type { Principal } from './principal.ts';

/** The policies that an organization applies to an account. */
export interface AccountControls {
  /**
   * The service control policies at each level above the account: the root, the organizational units, and the account.
   * A request must be allowed at each level
   * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html).
   */
  readonly serviceControlLevels: readonly (readonly Policy[])[];
  /** The resource control policies. AWS always attaches a policy that allows everything, so only denials matter. */
  readonly resourceControls: readonly Policy[];
}

/** The organization's policies by account id. */
export type OrganizationPolicies = ReadonlyMap<string, AccountControls>;

/** Service control policies do not affect service-linked roles. */
export function isServiceLinkedRole({ principalArn }: Principal): boolean {
  return principalArn.includes(':role/aws-service-role/');
}
