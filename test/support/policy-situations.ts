import type { AuthorizationTarget } from '../../emulator/authorization/authorization-target.ts';
import { decide } from '../../emulator/authorization/decide.ts';
import type { AuthorizationRequest } from '../../emulator/authorization/evaluate.ts';
import type { OrganizationPolicies } from '../../emulator/authorization/organization-policies.ts';
import { type Principal, parseIdentity } from '../../emulator/authorization/principal.ts';
import { type PolicyKind, readPolicy } from '../../emulator/policy-language/policy-document.ts';
import type { Store } from '../../emulator/store/store.ts';
import { awsOperations } from '../../functions/all-operations.ts';
import { policy } from './access.ts';

export type RawStatement = Readonly<Record<string, unknown>>;

/** A request and the policies that apply to it, without grants. Lists contain the statements of one policy. */
export interface Situation {
  /** The ARN of the caller. */
  readonly caller: string;
  readonly action: string;
  /** The ARN of the key. */
  readonly resource: string;
  readonly key: readonly RawStatement[];
  readonly identity: readonly RawStatement[];
  readonly boundary?: readonly RawStatement[] | undefined;
  readonly session?: readonly RawStatement[] | undefined;
  /** The service control policies of the caller's account, by level. */
  readonly serviceControl?: readonly (readonly RawStatement[])[] | undefined;
  /** The resource control policy of the key's account. */
  readonly resourceControl?: readonly RawStatement[] | undefined;
  /** The condition keys that have values, by lowercase name. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** The policy version. Default: 2012-10-17. */
  readonly version?: string | undefined;
}

/**
 * Decides a situation with the emulator's code. Returns `allowed`, the type of the policy that does not allow the
 * request, the type after `denied by`, or `hidden`.
 */
export function decideSituation(store: Store, situation: Situation): string {
  const { caller, action, resource, values, version } = situation;
  const read = (statements: readonly RawStatement[], kind: PolicyKind) =>
    readPolicy({ ...policy(...statements), ...(version && { Version: version }) }, kind);
  const readIdentity = (statements: readonly RawStatement[] | undefined) => statements && read(statements, 'identity');
  const identity = parseIdentity(caller, 'session');
  const operation = awsOperations.find(({ name }) => action === `kms:${name}`);
  if (identity === undefined || operation === undefined) throw new Error(`${caller} ${action}`);
  const isRoot = identity.type === 'Account';
  const sessionPolicy = readIdentity(situation.session);
  const principal: Principal = {
    ...identity,
    policies: isRoot ? undefined : situation.identity.length === 0 ? [] : [read(situation.identity, 'identity')],
    boundary: isRoot ? undefined : readIdentity(situation.boundary),
    sessionPolicies: isRoot || sessionPolicy === undefined ? undefined : [sessionPolicy],
    tags: {},
    conditionKeys: new Map(),
  };
  const account = resource.split(':')[4] ?? '';
  const request: AuthorizationRequest = {
    principal,
    action,
    resource,
    readConditionKey: (key) => values[key.toLowerCase()],
  };
  const { name, crossAccount } = operation;
  const target: AuthorizationTarget = {
    operation: name,
    crossAccount,
    action,
    resource,
    region: 'us-east-1',
    account,
    input: {},
  };
  const levels = situation.serviceControl?.map((level) => [read(level, 'identity')]) ?? [];
  const controls = situation.resourceControl ? [read(situation.resourceControl, 'resource control')] : [];
  const organization: OrganizationPolicies = new Map(
    [principal.account, account].map((each) => [
      each,
      {
        serviceControlLevels: each === principal.account ? levels : [],
        resourceControls: each === account ? controls : [],
      },
    ]),
  );
  const { denial } = decide(store, request, target, read(situation.key, 'key'), organization);
  if (denial === undefined) return 'allowed';
  if ('deniedBy' in denial) return `denied by ${denial.deniedBy}`;
  return 'notAllowedBy' in denial ? denial.notAllowedBy : 'hidden';
}
