import { isObject, type UnknownObject } from '../declaration/json-object.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';

/** A key policy whose elements have the names and types that the IAM policy grammar allows. */
export interface KeyPolicyDocument {
  readonly Version?: unknown;
  readonly Id?: unknown;
  readonly Statement: KeyPolicyStatement | readonly KeyPolicyStatement[];
}

export interface KeyPolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Principals;
  readonly NotPrincipal?: Principals;
  readonly Action?: Texts;
  readonly NotAction?: Texts;
  readonly Resource?: Texts;
  readonly NotResource?: Texts;
  readonly Condition?: Conditions;
}

/** A single text or a list. The grammar allows both forms for most elements. */
export type Texts = string | readonly string[];
export type Principals = '*' | Readonly<Record<string, Texts>>;
type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Formats a statement's position for an error, counted from 1. Errors never contain the statement's `Sid`. */
export function formatStatementPointer(index: number): string {
  return `/Policy, statement ${index + 1},`;
}

/**
 * Reads a key policy. Throws `MalformedPolicyDocumentException` for elements that the grammar does not define, because
 * their effect is not known
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). Names are case-sensitive here.
 */
export function readKeyPolicy(text: string): KeyPolicyDocument {
  const policy = parseJson(text);
  if (!isObject(policy)) throw malformed('/Policy must be a JSON object');
  rejectInvalidElements(policy, '/Policy', documentElements);
  const statements = [policy.Statement].flat();
  if (statements.length === 0) throw malformed('/Policy must contain a statement');
  statements.forEach((statement, index) => {
    const pointer = formatStatementPointer(index);
    if (!isObject(statement)) throw malformed(`${pointer} must be a JSON object`);
    rejectInvalidElements(statement, pointer, statementElements);
    if (!isEffect(statement.Effect)) throw malformed(`${pointer} must contain the Effect Allow or Deny`);
  });
  return policy as unknown as KeyPolicyDocument;
}

type Elements = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown) => typeof value === 'string';
const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
const isEffect = (value: unknown) => value === 'Allow' || value === 'Deny';
const isTexts = (value: unknown) => isText(value) || (Array.isArray(value) && value.every(isText));
const isValues = (value: unknown) => isScalar(value) || (Array.isArray(value) && value.every(isScalar));
const isMap = (value: unknown, isItem: (item: unknown) => boolean) =>
  isObject(value) && Object.values(value).every(isItem);
const principalTypes = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);
const isPrincipals = (value: unknown) =>
  value === '*' || (isMap(value, isTexts) && Object.keys(value as object).every((type) => principalTypes.has(type)));

const documentElements: Elements = {
  Version: (value) => value === '2012-10-17' || value === '2008-10-17',
  Id: isText,
  Statement: (value) => isObject(value) || Array.isArray(value),
};

const statementElements: Elements = {
  Sid: isText,
  Effect: isEffect,
  Principal: isPrincipals,
  NotPrincipal: isPrincipals,
  Action: isTexts,
  NotAction: isTexts,
  Resource: isTexts,
  NotResource: isTexts,
  Condition: (value) => isMap(value, (keys) => isMap(keys, isValues)),
};

function rejectInvalidElements(object: UnknownObject, pointer: string, elements: Elements): void {
  for (const [name, value] of Object.entries(object)) {
    if (!Object.hasOwn(elements, name))
      throw malformed(`${pointer} must contain only ${Object.keys(elements).join(', ')}, spelled like this`);
    if (elements[name]?.(value) !== true)
      throw malformed(`${pointer} must contain a ${name} as the IAM policy grammar defines it`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(detail: string): KmsFunctionsError {
  return new KmsFunctionsError('MalformedPolicyDocumentException', `${detail}.`);
}
