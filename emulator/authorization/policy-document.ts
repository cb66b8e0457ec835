import { isObject } from '../../shared/declaration/json-object.ts';
import { type OperatorUse, operatorUse } from './condition-operators.ts';
import { type Template, templateOf } from './wildcard-pattern.ts';

/** A policy document, ready to be evaluated. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** Accounts that it lets do everything, whatever the request; none where anything is denied to anybody. */
  readonly opensTo: ReadonlySet<string>;
}

export interface Statement {
  readonly isDeny: boolean;
  /** Undefined in a policy of an identity: its principal is whom it is attached to. */
  readonly principals: Principals | undefined;
  readonly actions: Choice;
  readonly resources: Choice;
  readonly conditions: readonly Condition[];
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Choice {
  readonly isNegated: boolean;
  readonly templates: readonly Template[];
}

export interface Principals {
  readonly isNegated: boolean;
  readonly everyone: boolean;
  readonly accounts: ReadonlySet<string>;
  readonly arns: ReadonlySet<string>;
}

export interface Condition extends OperatorUse {
  readonly key: string;
  readonly values: readonly Template[];
}

/** A document that is no policy, and why. */
export class PolicyFault extends Error {
  override name = 'PolicyFault';
}

/** `key`: a key policy, whose statements name principals; `identity`: a policy of a user or role, whose do not. */
export type PolicyKind = 'key' | 'identity';

/**
 * Reads a policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). Throws PolicyFault,
 * also for an operator that it does not know: a condition that cannot be evaluated must not be stored as if it could.
 */
export function readPolicy(document: string | object, kind: PolicyKind): Policy {
  const policy = typeof document === 'string' ? parse(document) : document;
  if (!isObject(policy)) throw new PolicyFault('Policy document must be a JSON object');
  const { Version: version = '2008-10-17' } = policy;
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicyFault('Policy has an invalid version');
  const statements = [policy.Statement].flat();
  if (statements.length === 0) throw new PolicyFault('Policy contains no statement');
  const hasVariables = version === '2012-10-17';
  const read = statements.map((statement) => readStatement(statement, kind, hasVariables));
  return { statements: read, opensTo: openAccounts(statements as Json[], read) };
}

/** A policy that was stored before it was checked as now may not be readable. */
export function policyOrFault(document: string): Policy | PolicyFault {
  try {
    return readPolicy(document, 'key');
  } catch (error) {
    if (error instanceof PolicyFault) return error;
    throw error;
  }
}

type Json = Readonly<Record<string, unknown>>;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyFault('Policy contains invalid JSON');
  }
}

function readStatement(json: unknown, kind: PolicyKind, hasVariables: boolean): Statement {
  if (!isObject(json)) throw new PolicyFault('Policy contains a statement that is not valid');
  const { Effect: effect } = json;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new PolicyFault('Policy contains a statement without a valid Effect');
  const choice = (name: string) => readChoice(json, name, kind, hasVariables && name === 'Resource');
  return {
    isDeny: effect === 'Deny',
    principals: readPrincipals(json, kind),
    actions: choice('Action'),
    resources: choice('Resource'),
    conditions: readConditions(json.Condition, hasVariables),
  };
}

/**
 * Without actions or resources a statement of a key policy has no effect, and is taken all the same
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html#KMS-PutKeyPolicy-request-Policy).
 */
function readChoice(json: Json, name: string, kind: PolicyKind, hasVariables: boolean): Choice {
  const [positive, negative] = [json[name], json[`Not${name}`]];
  if (positive !== undefined && negative !== undefined) {
    throw new PolicyFault(`Policy contains a statement with both ${name} and Not${name}`);
  }
  const values = positive ?? negative;
  if (values === undefined && kind === 'identity') throw new PolicyFault(`Policy contains a statement without ${name}`);
  const texts = values === undefined ? [] : listOfTexts(values, name);
  return {
    isNegated: negative !== undefined,
    templates: texts.map((text) => templateOf(name === 'Action' ? text.toLowerCase() : text, hasVariables)),
  };
}

function listOfTexts(value: unknown, name: string): string[] {
  const values = [value].flat();
  if (values.length === 0 || !values.every((item) => typeof item === 'string')) {
    throw new PolicyFault(`Policy contains a statement with an invalid ${name}`);
  }
  return values as string[];
}

const principalTypes = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);
const accountPrincipal = /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/;
/** What a deleted principal's ARN turns into is taken too: an id of IAM's. */
const principalForm =
  /^(?:arn:[a-z-]+:(?:iam::\d{12}:(?:user|role)\/[^\s*?]+|sts::\d{12}:(?:assumed-role\/[^\s*?/]+\/[^\s*?]+|federated-user\/[^\s*?]+))|A[A-Z0-9]{15,})$/;

function readPrincipals(json: Json, kind: PolicyKind): Principals | undefined {
  const { Principal: positive, NotPrincipal: negative } = json;
  const given = positive ?? negative;
  if (kind === 'identity') {
    if (given !== undefined) throw new PolicyFault('A policy of an identity names no principal');
    return undefined;
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  if (negative !== undefined && json.Effect === 'Allow') throw new PolicyFault('NotPrincipal goes with Deny only');
  if (given === undefined || (positive !== undefined && negative !== undefined))
    throw new PolicyFault(invalidPrincipals);
  const byType = isObject(given) ? given : { AWS: given };
  if (given !== '*' && !isObject(given)) throw new PolicyFault(invalidPrincipals);
  if (Object.keys(byType).length === 0 || !Object.keys(byType).every((type) => principalTypes.has(type))) {
    throw new PolicyFault(invalidPrincipals);
  }
  const all = Object.entries(byType).map(([type, values]) => [type, listOfTexts(values, 'Principal')] as const);
  const named = all.flatMap(([type, values]) => (type === 'AWS' ? values : []));
  const accounts = named.flatMap((text) => accountPrincipal.exec(text)?.[1] ?? []);
  const arns = named.filter((text) => text !== '*' && !accountPrincipal.test(text));
  // A service or a federation may be `*`, which is nobody who calls with an access key.
  if (!arns.every((arn) => principalForm.test(arn))) throw new PolicyFault(invalidPrincipals);
  return {
    isNegated: negative !== undefined,
    everyone: named.includes('*'),
    accounts: new Set(accounts),
    arns: new Set(arns),
  };
}

const invalidPrincipals = 'Policy contains a statement with one or more invalid principals.';

function readConditions(json: unknown, hasVariables: boolean): Condition[] {
  if (json === undefined) return [];
  if (!isObject(json)) throw new PolicyFault('Policy contains an invalid Condition');
  return Object.entries(json).flatMap(([name, keys]) => {
    const use = operatorUse(name);
    if (use === undefined) throw new PolicyFault(`Policy contains the unknown condition operator ${name}`);
    if (!isObject(keys)) throw new PolicyFault(`Policy contains an invalid Condition at ${name}`);
    return Object.entries(keys).map(([key, values]) => ({
      ...use,
      key,
      values: readValues(use, key, values, hasVariables),
    }));
  });
}

function readValues({ operator }: OperatorUse, key: string, json: unknown, hasVariables: boolean): Template[] {
  const values = [json].flat();
  const texts = values.map(String);
  if (values.length === 0 || !values.every((value) => ['string', 'number', 'boolean'].includes(typeof value))) {
    throw new PolicyFault(`Policy contains a condition on ${key} without valid values`);
  }
  const takes = operator === 'Null' ? (text: string) => /^(true|false)$/i.test(text) : operator.takes;
  if (takes !== undefined && !texts.every((text) => text.includes('${') || takes(text))) {
    throw new PolicyFault(`Policy contains a condition on ${key} with a value that its operator does not take`);
  }
  return texts.map((text) => templateOf(text, hasVariables));
}

function openAccounts(documents: readonly Json[], statements: readonly Statement[]): ReadonlySet<string> {
  if (statements.some(({ isDeny }) => isDeny)) return new Set();
  const open = documents.filter(
    ({ Action, Resource, Condition }) =>
      Condition === undefined &&
      Resource === '*' &&
      [Action].flat().some((action) => action === 'kms:*' || action === '*'),
  );
  return new Set(
    open.flatMap((document) => [...(statements[documents.indexOf(document)]?.principals?.accounts ?? [])]),
  );
}
