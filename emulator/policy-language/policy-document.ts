import { isObject, type UnknownObject } from '../../shared/declaration/json-object.ts';
import { type Condition, readConditions } from './policy-conditions.ts';
import { PolicyError, readTexts } from './policy-error.ts';
import { type Principals, readPrincipals, rejectPrincipals } from './policy-principals.ts';
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
  /** The statement's position in the policy, which starts at 1. */
  readonly position: number;
  readonly sid: string | undefined;
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

/**
 * The type of a policy. Statements in a `key` policy contain principals. Statements in an `identity` policy do not
 * contain principals. Identity-based policies, permissions boundaries, session policies and service control policies
 * are of this type.
 */
export type PolicyKind = 'key' | 'identity' | 'resource control';

/**
 * Reads a policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). Throws PolicyError
 * if the policy is invalid. An unknown condition operator also makes a policy invalid, because the emulator cannot
 * evaluate the operator.
 */
export function readPolicy(document: string | object, kind: PolicyKind): Policy {
  const policy = typeof document === 'string' ? parseJson(document) : document;
  if (!isObject(policy)) throw new PolicyError('Policy document must be a JSON object');
  rejectUnknownElements(policy, documentElements);
  const { Version: version = '2008-10-17', Id: id = '' } = policy;
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicyError('Policy has an invalid version');
  if (typeof id !== 'string') throw new PolicyError('Policy has an Id that is not a string');
  const statements = listStatements(policy);
  if (statements.length === 0) throw new PolicyError('Policy contains no statement');
  const hasVariables = version === '2012-10-17';
  const read = statements.map((statement, index) => readStatement(statement, index + 1, kind, hasVariables));
  return { statements: read, openAccounts: findOpenAccounts(statements as UnknownObject[], read) };
}

/** Returns the result of reading a policy, or its PolicyError. */
export function tryRead<T>(read: () => T): T | PolicyError {
  try {
    return read();
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
}

/** Lists the statements in a document, which can contain one statement instead of a list. */
export function listStatements(policy: UnknownObject): unknown[] {
  return [policy.Statement].flat();
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyError('Policy contains invalid JSON');
  }
}

function readStatement(json: unknown, position: number, kind: PolicyKind, hasVariables: boolean): Statement {
  if (!isObject(json)) throw new PolicyError('Policy contains a statement that is not valid');
  rejectUnknownElements(json, statementElements);
  const { Effect: effect, Sid: sid } = json;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new PolicyError('Policy contains a statement without a valid Effect');
  if (sid !== undefined && typeof sid !== 'string') throw new PolicyError('Policy contains a Sid that is not a string');
  const matcher = (name: string) => readMatcher(json, name, kind, hasVariables && name === 'Resource');
  return {
    position,
    sid,
    isDeny: effect === 'Deny',
    principals: kind === 'identity' ? rejectPrincipals(json) : readPrincipals(json),
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
function rejectUnknownElements(json: UnknownObject, elements: ReadonlySet<string>): void {
  const unknown = Object.keys(json).find((name) => !elements.has(name));
  if (unknown !== undefined) throw new PolicyError(`Policy contains the unknown element ${unknown}`);
}

/**
 * Reads an element, such as `Action`, or its `Not` variant. A stored key policy can contain a statement without actions
 * or resources, which has no effect. KMS and the emulator no longer accept such statements (`key-policy-rules.ts`).
 */
function readMatcher(json: UnknownObject, name: string, kind: PolicyKind, hasVariables: boolean): Matcher {
  const [positive, negative] = [json[name], json[`Not${name}`]];
  if (positive !== undefined && negative !== undefined) {
    throw new PolicyError(`Policy contains a statement with both ${name} and Not${name}`);
  }
  const values = positive ?? negative;
  if (values === undefined && kind !== 'key') throw new PolicyError(`Policy contains a statement without ${name}`);
  const texts = values === undefined ? [] : readTexts(values, name);
  return {
    isNegated: negative !== undefined,
    templates: texts.map((text) => parseTemplate(name === 'Action' ? text.toLowerCase() : text, hasVariables)),
  };
}

function findOpenAccounts(documents: readonly UnknownObject[], statements: readonly Statement[]): ReadonlySet<string> {
  if (statements.some(({ isDeny }) => isDeny)) return new Set();
  const open = documents.filter(
    ({ Action, Resource, Condition }) =>
      Condition === undefined &&
      String(Resource) === '*' &&
      [Action].flat().some((action) => action === 'kms:*' || action === '*'),
  );
  return new Set(
    open.flatMap((document) => [...(statements[documents.indexOf(document)]?.principals?.accounts ?? [])]),
  );
}
