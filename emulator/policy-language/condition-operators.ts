import { BlockList, isIP } from 'node:net';
import { matches, matchesArn, type Pattern, toLiteral } from './wildcard-pattern.ts';

/** Returns whether a value in the request matches a value in the policy. */
type Compare = (value: string, pattern: Pattern) => boolean;

export interface Operator {
  readonly matches: Compare;
  /** True for `…Not…` operators, which are satisfied if no value matches. */
  readonly isNegated: boolean;
  /** Returns whether a policy may contain this value. Without this function, every value is valid. */
  readonly accepts?: (text: string) => boolean;
}

const parseNumber = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));
/** Parses an ISO 8601 time or a number of seconds since 1970. Returns milliseconds since 1970. */
const parseTime = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const compareAs =
  (parse: (text: string) => number, compare: (one: number, other: number) => boolean): Compare =>
  (value, pattern) =>
    compare(parse(value), parse(toLiteral(pattern)));

const equal = (one: number, other: number) => one === other;
const less = (one: number, other: number) => one < other;
const lessOrEqual = (one: number, other: number) => one <= other;
const greater = (one: number, other: number) => one > other;
const greaterOrEqual = (one: number, other: number) => one >= other;

const isNumber = (text: string) => !Number.isNaN(parseNumber(text));
const isTime = (text: string) => !Number.isNaN(parseTime(text));
const isBool = (text: string) => /^(true|false)$/i.test(text);

const isSameText: Compare = (value, pattern) => value === toLiteral(pattern);
const isSameTextIgnoringCase: Compare = (value, pattern) => value.toLowerCase() === toLiteral(pattern).toLowerCase();
const matchesText: Compare = (value, pattern) => matches(pattern, value);
const matchesArnText: Compare = (value, pattern) => matchesArn(pattern, value);
const isInRange: Compare = (value, pattern) => {
  const text = toLiteral(pattern);
  const address = value.replace(/^::ffff:(?=\d+\.)/i, '');
  // BlockList also finds IPv4 addresses in IPv6 ranges.
  const hasSameFamily = isIP(address) !== 0 && isIP(address) === isIP(text.split('/')[0] ?? '');
  return hasSameFamily && parseRange(text)?.check(address, findFamily(address)) === true;
};

function findFamily(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function parseRange(text: string): BlockList | undefined {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  if (Number(prefix ?? bits) > bits) return undefined;
  const range = new BlockList();
  range.addSubnet(address, Number(prefix ?? bits), findFamily(address));
  return range;
}

const createOperator = (compare: Compare, accepts?: Operator['accepts']): Operator => ({
  matches: compare,
  isNegated: false,
  ...(accepts && { accepts }),
});
const negate = (operator: Operator): Operator => ({ ...operator, isNegated: true });

const stringEquals = createOperator(isSameText);
const stringEqualsIgnoreCase = createOperator(isSameTextIgnoringCase);
const stringLike = createOperator(matchesText);
const numericEquals = createOperator(compareAs(parseNumber, equal), isNumber);
const dateEquals = createOperator(compareAs(parseTime, equal), isTime);
const ipAddress = createOperator(isInRange, (text) => parseRange(text) !== undefined);
const arnLike = createOperator(matchesArnText);

/**
 * The IAM condition operators by lowercase name
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html). The table
 * does not contain `Null`, which checks only whether a value exists.
 */
const operators = new Map<string, Operator>([
  ['stringequals', stringEquals],
  ['stringnotequals', negate(stringEquals)],
  ['stringequalsignorecase', stringEqualsIgnoreCase],
  ['stringnotequalsignorecase', negate(stringEqualsIgnoreCase)],
  ['stringlike', stringLike],
  ['stringnotlike', negate(stringLike)],
  ['numericequals', numericEquals],
  ['numericnotequals', negate(numericEquals)],
  ['numericlessthan', createOperator(compareAs(parseNumber, less), isNumber)],
  ['numericlessthanequals', createOperator(compareAs(parseNumber, lessOrEqual), isNumber)],
  ['numericgreaterthan', createOperator(compareAs(parseNumber, greater), isNumber)],
  ['numericgreaterthanequals', createOperator(compareAs(parseNumber, greaterOrEqual), isNumber)],
  ['dateequals', dateEquals],
  ['datenotequals', negate(dateEquals)],
  ['datelessthan', createOperator(compareAs(parseTime, less), isTime)],
  ['datelessthanequals', createOperator(compareAs(parseTime, lessOrEqual), isTime)],
  ['dategreaterthan', createOperator(compareAs(parseTime, greater), isTime)],
  ['dategreaterthanequals', createOperator(compareAs(parseTime, greaterOrEqual), isTime)],
  ['bool', createOperator(isSameTextIgnoringCase, isBool)],
  ['binaryequals', stringEquals],
  ['ipaddress', ipAddress],
  ['notipaddress', negate(ipAddress)],
  ['arnequals', arnLike],
  ['arnlike', arnLike],
  ['arnnotequals', negate(arnLike)],
  ['arnnotlike', negate(arnLike)],
]);

/** The parts of an operator name such as `ForAllValues:StringLikeIfExists`. */
export interface OperatorUse {
  readonly operator: Operator | 'Null';
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
}

const operatorPattern = /^(?:(ForAllValues|ForAnyValue):)?([a-z]+?)(IfExists)?$/i;

/** Parses an operator name. Returns `undefined` if IAM does not support the operator. */
export function parseOperator(text: string): OperatorUse | undefined {
  const [, quantifier, name = '', ifExists] = operatorPattern.exec(text) ?? [];
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

/**
 * Returns whether a condition key's values satisfy the operator. `values` is `undefined` if the request has no value
 * for the condition key.
 */
export function isSatisfied(
  { operator, quantifier, ifExists }: OperatorUse,
  values: readonly string[] | undefined,
  patterns: readonly Pattern[],
): boolean {
  const present = values === undefined || values.length === 0 ? undefined : values;
  if (operator === 'Null')
    return patterns.some((pattern) => (toLiteral(pattern).toLowerCase() === 'true') === !present);
  if (present === undefined)
    return ifExists || quantifier === 'ForAllValues' || (quantifier === undefined && operator.isNegated);
  const matchesAny = (value: string) => patterns.some((pattern) => operator.matches(value, pattern));
  const satisfies = (value: string) => matchesAny(value) !== operator.isNegated;
  if (quantifier === 'ForAllValues') return present.every(satisfies);
  if (quantifier === 'ForAnyValue') return present.some(satisfies);
  return operator.isNegated ? present.every(satisfies) : present.some(satisfies);
}
