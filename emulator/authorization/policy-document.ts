import { isObject } from '../../shared/declaration/json-object.ts';
import { type OperatorUse, parseOperator } from './condition-operators.ts';
import { parseTemplate, type Template } from './wildcard-pattern.ts';

/** A parsed policy document. */
export interface Policy {
  readonly statements: readonly Statement[];
  /**
   * The accounts for which the policy allows every request. The set is empty if the policy contains a Deny statement.
   */
  readonly openAccounts: ReadonlySet<string>;
}

export interface Statement {
  readonly isDeny: boolean;
  /** `undefined` in an identity-based policy, which applies to the identity that it is attached to. */
  readonly principals: Principals | undefined;
  readonly actions: Matcher;
  readonly resources: Matcher;
  readonly conditions: readonly Condition[];
}

/** An `Action`, `NotAction`, `Resource` or `NotResource` element. */
export interface Matcher {
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

/** Reports an invalid policy document. The message contains the reason. */
export class PolicyError extends Error {
  override name = 'PolicyError';
}

/**
 * The type of a policy. Statements in a `key` policy contain principals. Statements in an `identity` policy, which is
 * attached to a user or role, do not contain principals.
 */
export type PolicyKind = 'key' | 'identity';

/**
 * Reads a policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). Throws PolicyError
 * if the policy is invalid. An unknown condition operator also makes a policy invalid, because the emulator cannot
 * evaluate the operator.
 */
export function readPolicy(document: string | object, kind: PolicyKind): Policy {
  const policy = typeof document === 'string' ? parseJson(document) : document;
  if (!isObject(policy)) throw new PolicyError('Policy document must be a JSON object');
  rejectUnknownElements(policy, documentElements);
  const { Version: version = '2008-10-17' } = policy;
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicyError('Policy has an invalid version');
  const statements = [policy.Statement].flat();
  if (statements.length === 0) throw new PolicyError('Policy contains no statement');
  const hasVariables = version === '2012-10-17';
  const read = statements.map((statement) => readStatement(statement, kind, hasVariables));
  return { statements: read, openAccounts: findOpenAccounts(statements as Json[], read) };
}

/**
 * Reads a key policy. Returns the error for an invalid policy instead of throwing it, because an older emulator version
 * with fewer checks may have stored the policy.
 */
export function tryReadPolicy(document: string): Policy | PolicyError {
  try {
    return readPolicy(document, 'key');
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
}

type Json = Readonly<Record<string, unknown>>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyError('Policy contains invalid JSON');
  }
}

function readStatement(json: unknown, kind: PolicyKind, hasVariables: boolean): Statement {
  if (!isObject(json)) throw new PolicyError('Policy contains a statement that is not valid');
  rejectUnknownElements(json, statementElements);
  const { Effect: effect } = json;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new PolicyError('Policy contains a statement without a valid Effect');
  const matcher = (name: string) => readMatcher(json, name, kind, hasVariables && name === 'Resource');
  return {
    isDeny: effect === 'Deny',
    principals: readPrincipals(json, kind),
    actions: matcher('Action'),
    resources: matcher('Resource'),
    conditions: readConditions(json.Condition, hasVariables),
  };
}

const documentElements = new Set(['Version', 'Id', 'Statement']);
const statementElements = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** Rejects elements that the grammar does not define. Without this check, a misspelled `Condition` would have no effect. */
function rejectUnknownElements(json: Json, elements: ReadonlySet<string>): void {
  const unknown = Object.keys(json).find((name) => !elements.has(name));
  if (unknown !== undefined) throw new PolicyError(`Policy contains the unknown element ${unknown}`);
}

/**
 * Reads an element, such as `Action`, or its `Not` variant. A key policy statement without actions or resources is
 * valid but has no effect
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html#KMS-PutKeyPolicy-request-Policy).
 */
function readMatcher(json: Json, name: string, kind: PolicyKind, hasVariables: boolean): Matcher {
  const [positive, negative] = [json[name], json[`Not${name}`]];
  if (positive !== undefined && negative !== undefined) {
    throw new PolicyError(`Policy contains a statement with both ${name} and Not${name}`);
  }
  const values = positive ?? negative;
  if (values === undefined && kind === 'identity') throw new PolicyError(`Policy contains a statement without ${name}`);
  const texts = values === undefined ? [] : readTexts(values, name);
  return {
    isNegated: negative !== undefined,
    templates: texts.map((text) => parseTemplate(name === 'Action' ? text.toLowerCase() : text, hasVariables)),
  };
}

function readTexts(value: unknown, name: string): string[] {
  const values = [value].flat();
  if (values.length === 0 || !values.every((item) => typeof item === 'string')) {
    throw new PolicyError(`Policy contains a statement with an invalid ${name}`);
  }
  return values as string[];
}

const principalTypes = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);
const accountPrincipal = /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/;
/** Matches the ARN of a principal, or the unique id that replaces the ARN of a deleted principal. */
const principalForm =
  /^(?:arn:[a-z-]+:(?:iam::\d{12}:(?:user|role)\/[^\s*?]+|sts::\d{12}:(?:assumed-role\/[^\s*?/]+\/[^\s*?]+|federated-user\/[^\s*?]+))|A[A-Z0-9]{15,})$/;

function readPrincipals(json: Json, kind: PolicyKind): Principals | undefined {
  const { Principal: positive, NotPrincipal: negative } = json;
  const given = positive ?? negative;
  if (kind === 'identity') {
    if (given !== undefined)
      throw new PolicyError('An identity-based policy must not contain Principal or NotPrincipal');
    return undefined;
  }
  // AWS does not allow NotPrincipal with Allow:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  if (negative !== undefined && json.Effect === 'Allow')
    throw new PolicyError('Policy contains NotPrincipal in a statement whose Effect is not Deny');
  if (given === undefined || (positive !== undefined && negative !== undefined))
    throw new PolicyError(invalidPrincipals);
  const byType = isObject(given) ? given : { AWS: given };
  if (given !== '*' && !isObject(given)) throw new PolicyError(invalidPrincipals);
  if (Object.keys(byType).length === 0 || !Object.keys(byType).every((type) => principalTypes.has(type))) {
    throw new PolicyError(invalidPrincipals);
  }
  const all = Object.entries(byType).map(([type, values]) => [type, readTexts(values, 'Principal')] as const);
  const named = all.flatMap(([type, values]) => (type === 'AWS' ? values : []));
  const accounts = named.flatMap((text) => accountPrincipal.exec(text)?.[1] ?? []);
  const arns = named.filter((text) => text !== '*' && !accountPrincipal.test(text));
  // Service and Federated principals are not checked, because they do not call the emulator with an access key.
  if (!arns.every((arn) => principalForm.test(arn))) throw new PolicyError(invalidPrincipals);
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
  if (!isObject(json)) throw new PolicyError('Policy contains an invalid Condition');
  return Object.entries(json).flatMap(([name, keys]) => {
    const use = parseOperator(name);
    if (use === undefined) throw new PolicyError(`Policy contains the unknown condition operator ${name}`);
    if (!isObject(keys)) throw new PolicyError(`Policy contains an invalid Condition at ${name}`);
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
    throw new PolicyError(`Policy contains a condition on ${key} without valid values`);
  }
  const accepts = operator === 'Null' ? (text: string) => /^(true|false)$/i.test(text) : operator.accepts;
  if (accepts !== undefined && !texts.every((text) => text.includes('${') || accepts(text))) {
    throw new PolicyError(`Policy contains a condition on ${key} with a value that its operator does not accept`);
  }
  return texts.map((text) => parseTemplate(text, hasVariables));
}

function findOpenAccounts(documents: readonly Json[], statements: readonly Statement[]): ReadonlySet<string> {
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
