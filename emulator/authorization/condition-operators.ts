import { BlockList, isIP } from 'node:net';
import { literal, lowerCase, matches, matchesArn, type Pattern } from './wildcard-pattern.ts';

/** Whether one value of the request matches one value of the policy. */
type Compare = (value: string, pattern: Pattern) => boolean;

export interface Operator {
  readonly matches: Compare;
  /** `…Not…`: holds where no value matches. */
  readonly isNegated: boolean;
  /** Whether a policy may give this value; where absent, any. */
  readonly takes?: (text: string) => boolean;
}

const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));
/** ISO 8601, or seconds since 1970. */
const time = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const by =
  (read: (text: string) => number, holds: (one: number, other: number) => boolean): Compare =>
  (value, pattern) =>
    holds(read(value), read(literal(pattern)));

const equal = (one: number, other: number) => one === other;
const less = (one: number, other: number) => one < other;
const lessOrEqual = (one: number, other: number) => one <= other;
const greater = (one: number, other: number) => one > other;
const greaterOrEqual = (one: number, other: number) => one >= other;

const isNumber = (text: string) => !Number.isNaN(number(text));
const isTime = (text: string) => !Number.isNaN(time(text));
const isBool = (text: string) => /^(true|false)$/i.test(text);

const sameText: Compare = (value, pattern) => value === literal(pattern);
const sameTextOfAnyCase: Compare = (value, pattern) => value.toLowerCase() === literal(pattern).toLowerCase();
const inRange: Compare = (value, pattern) => {
  const range = rangeOf(literal(pattern));
  const address = value.replace(/^::ffff:(?=\d+\.)/i, '');
  return range !== undefined && isIP(address) !== 0 && range.check(address, familyOf(address));
};

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function rangeOf(text: string): BlockList | undefined {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  if (Number(prefix ?? bits) > bits) return undefined;
  const range = new BlockList();
  range.addSubnet(address, Number(prefix ?? bits), familyOf(address));
  return range;
}

const is = (compare: Compare, takes?: Operator['takes']): Operator => ({
  matches: compare,
  isNegated: false,
  ...(takes && { takes }),
});
const not = (compare: Compare, takes?: Operator['takes']): Operator => ({ ...is(compare, takes), isNegated: true });

/**
 * IAM's operators by their names in lower case
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html). `Null` stands
 * apart: it asks whether there is a value at all.
 */
const operators = new Map<string, Operator>([
  ['stringequals', is(sameText)],
  ['stringnotequals', not(sameText)],
  ['stringequalsignorecase', is(sameTextOfAnyCase)],
  ['stringnotequalsignorecase', not(sameTextOfAnyCase)],
  ['stringlike', is((value, pattern) => matches(pattern, value))],
  ['stringnotlike', not((value, pattern) => matches(pattern, value))],
  ['numericequals', is(by(number, equal), isNumber)],
  ['numericnotequals', not(by(number, equal), isNumber)],
  ['numericlessthan', is(by(number, less), isNumber)],
  ['numericlessthanequals', is(by(number, lessOrEqual), isNumber)],
  ['numericgreaterthan', is(by(number, greater), isNumber)],
  ['numericgreaterthanequals', is(by(number, greaterOrEqual), isNumber)],
  ['dateequals', is(by(time, equal), isTime)],
  ['datenotequals', not(by(time, equal), isTime)],
  ['datelessthan', is(by(time, less), isTime)],
  ['datelessthanequals', is(by(time, lessOrEqual), isTime)],
  ['dategreaterthan', is(by(time, greater), isTime)],
  ['dategreaterthanequals', is(by(time, greaterOrEqual), isTime)],
  ['bool', is(sameTextOfAnyCase, isBool)],
  ['binaryequals', is(sameText)],
  ['ipaddress', is(inRange, (text) => rangeOf(text) !== undefined)],
  ['notipaddress', not(inRange, (text) => rangeOf(text) !== undefined)],
  ['arnequals', is((value, pattern) => matchesArn(pattern, value))],
  ['arnlike', is((value, pattern) => matchesArn(pattern, value))],
  ['arnnotequals', not((value, pattern) => matchesArn(pattern, value))],
  ['arnnotlike', not((value, pattern) => matchesArn(pattern, value))],
]);

/** `ForAllValues:StringLikeIfExists`, taken apart. */
export interface OperatorUse {
  readonly operator: Operator | 'Null';
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
}

const form = /^(?:(ForAllValues|ForAnyValue):)?([a-z]+?)(IfExists)?$/i;

/** Undefined for a name that is not IAM's. */
export function operatorUse(text: string): OperatorUse | undefined {
  const [, quantifier, name = '', ifExists] = form.exec(text) ?? [];
  const isNull = name.toLowerCase() === 'null';
  const operator = isNull ? 'Null' : operators.get(name.toLowerCase());
  if (operator === undefined || (isNull && (quantifier ?? ifExists) !== undefined)) return undefined;
  const isAll = quantifier?.toLowerCase() === 'forallvalues';
  return {
    operator,
    quantifier: quantifier === undefined ? undefined : isAll ? 'ForAllValues' : 'ForAnyValue',
    ifExists: ifExists !== undefined,
  };
}

/** Whether the request's values satisfy the operator; `values` undefined: the request has no such key. */
export function holds(
  { operator, quantifier, ifExists }: OperatorUse,
  values: readonly string[] | undefined,
  patterns: readonly Pattern[],
): boolean {
  const present = values === undefined || values.length === 0 ? undefined : values;
  if (operator === 'Null') return patterns.some((pattern) => (literal(lowerCase(pattern)) === 'true') === !present);
  if (present === undefined)
    return ifExists || quantifier === 'ForAllValues' || (quantifier === undefined && operator.isNegated);
  const matchesAny = (value: string) => patterns.some((pattern) => operator.matches(value, pattern));
  const satisfies = (value: string) => matchesAny(value) !== operator.isNegated;
  if (quantifier === 'ForAllValues') return present.every(satisfies);
  if (quantifier === 'ForAnyValue') return present.some(satisfies);
  return operator.isNegated ? present.every(satisfies) : present.some(satisfies);
}
