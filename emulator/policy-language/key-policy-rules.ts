import { isObject, type UnknownObject } from '../../shared/declaration/json-object.ts';
import { findPartition } from '../core/arn.ts';
import { findDuplicateName } from '../policy-language/duplicate-names.ts';
import { listStatements, type Policy, parseJson, readPolicy, tryRead } from '../policy-language/policy-document.ts';
import { PolicyError } from '../policy-language/policy-error.ts';
import { invalidPrincipals, listAwsPrincipals } from '../policy-language/policy-principals.ts';

/**
 * Reads a key policy that the store contains. Returns a PolicyError for an invalid policy, because an older emulator
 * version with fewer checks may have stored the policy.
 */
export function readStoredKeyPolicy(text: string): Policy | PolicyError {
  return tryRead(() => readPolicy(text, 'key'));
}

/**
 * Reads a key policy in a request or a seed. Returns a PolicyError for a policy that KMS rejects in this Region. The
 * rules go beyond the grammar, so that the emulator accepts only policies that it evaluates as KMS does.
 */
export function readNewKeyPolicy(text: string, region: string): Policy | PolicyError {
  return tryRead(() => {
    const policy = readPolicy(text, 'key');
    const document = parseJson(text) as UnknownObject;
    const statements = listStatements(document) as UnknownObject[];
    const duplicate = findDuplicateName(text);
    if (duplicate !== undefined) throw new PolicyError(`Policy contains the element ${duplicate} twice`);
    requireUniqueSids(policy);
    for (const statement of statements) {
      const broken = statementRules.find(([isBroken]) => isBroken(statement, findPartition(region)));
      if (broken !== undefined) throw new PolicyError(broken[1]);
    }
    return policy;
  });
}

type IsBroken = (statement: UnknownObject, partition: string) => boolean;

/**
 * The rules for each statement. KMS requires Action and Resource since August 2025, and accepts only `*` as the
 * Resource (an AWS notice, quoted in https://github.com/ministryofjustice/analytical-platform/issues/7691). KMS also
 * rejects condition keys that depend on the key's own tags and aliases
 * (https://github.com/awsdocs/aws-kms-developer-guide/pull/47). The messages about missing fields are IAM's
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
 */
const statementRules: readonly [isBroken: IsBroken, message: string][] = [
  [({ Action, NotAction }) => (Action ?? NotAction) === undefined, 'Missing required field Action'],
  [
    ({ Action, NotAction, Condition = {} }) =>
      ![Action ?? NotAction].flat().every((action) => typeof action === 'string' && isAction(action)) ||
      !listConditionKeys(Condition).every((key) => key.includes(':')),
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  ],
  [({ Resource, NotResource }) => (Resource ?? NotResource) === undefined, 'Missing required field Resource'],
  [
    ({ Resource }) => ![Resource].flat().every((resource) => resource === '*'),
    'Policy contains a statement with an invalid Resource. In a key policy, the Resource must be "*"',
  ],
  [
    (statement, partition) => !listAwsPrincipals(statement).every((name) => isPrincipal(name, partition)),
    invalidPrincipals,
  ],
  [
    ({ Condition = {} }) => listConditionKeys(Condition).some((key) => ownKeyConditions.test(key)),
    'These condition keys are not permitted in a key policy: aws:ResourceTag, kms:ResourceTag, kms:ResourceAliases',
  ],
];

/** Matches `*`, or a service prefix and an action. Both can contain wildcards. */
function isAction(text: string): boolean {
  return text === '*' || /^[a-z0-9*?-]+:[a-z0-9*?]+$/i.test(text);
}

/**
 * Returns whether a principal is an account id or `*`, or has an ARN in this partition. KMS rejects unique ids
 * (`AIDA…`). In a stored policy, a unique id replaces the ARN of a deleted user or role
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids). The ARN of a role
 * session does not contain the path of the role.
 */
function isPrincipal(name: string, partition: string): boolean {
  if (name.includes(':assumed-role/') && name.split('/').length !== 3) return false;
  return name === '*' || /^\d{12}$/.test(name) || name.startsWith(`arn:${partition}:`);
}

const ownKeyConditions = /^(?:(?:aws|kms):resourcetag\/.*|kms:resourcealiases)$/i;

function listConditionKeys(condition: unknown): string[] {
  if (!isObject(condition)) return [];
  return Object.values(condition).flatMap((keys) => (isObject(keys) ? Object.keys(keys) : []));
}

/**
 * Rejects duplicate Sids
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html). The message is IAM's.
 */
function requireUniqueSids({ statements }: Policy): void {
  const sids = statements.flatMap(({ sid }) => (sid === undefined || sid === '' ? [] : [sid]));
  if (new Set(sids).size < sids.length) throw new PolicyError('Statement IDs (SID) in a single policy must be unique.');
}
