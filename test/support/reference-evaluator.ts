import type { RawStatement, Situation } from './policy-situations.ts';

/**
 * A second policy evaluator, for comparison with the emulator's. It was written from the IAM User Guide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies.html) and shares no code with the emulator. It
 * supports only what the tests generate, and is not fast.
 */
export function isAllowedByReference(situation: Situation): boolean {
  const { key, identity, boundary, session, serviceControl = [], resourceControl = [] } = situation;
  const caller = parseCaller(situation.caller);
  const isRoot = caller.kind === 'root';
  const attached = isRoot ? [] : [identity, boundary ?? [], session ?? []];
  const all = [...serviceControl, resourceControl, key, ...attached].flat();
  if (all.some((statement) => statement.Effect === 'Deny' && findMatch(statement, situation) !== undefined))
    return false;
  const allows = (statements: readonly RawStatement[]) =>
    statements.some((statement) => statement.Effect === 'Allow' && findMatch(statement, situation) !== undefined);
  if (!serviceControl.every(allows)) return false;
  const isLimited = !isRoot && [boundary, session].some((limit) => limit !== undefined && !allows(limit));
  const byIdentity = isRoot || (allows(identity) && !isLimited);
  const byKey = new Set(key.filter(({ Effect }) => Effect === 'Allow').map((each) => findMatch(each, situation)));
  if (situation.resource.split(':')[4] !== caller.account) {
    const isOpenToAccounts = crossAccountActions.has(situation.action);
    return isOpenToAccounts && byIdentity && [...byKey].some((match) => match !== undefined);
  }
  return byKey.has('exact') || (byKey.has('role') && !isLimited) || (byKey.has('account') && byIdentity);
}

/** The generated actions that KMS allows across accounts. */
const crossAccountActions = new Set(['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:CreateGrant']);

type Match = 'exact' | 'role' | 'account';

/** Returns how a statement matches the request, or `undefined` if it does not. */
function findMatch(statement: RawStatement, situation: Situation): Match | undefined {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const { action, resource } = situation;
  const isAction = (pattern: string) => toExpression(pattern.toLowerCase()).test(action.toLowerCase());
  const isResource = (pattern: string) => {
    const text = fill(pattern, situation);
    return text !== undefined && toExpression(text).test(resource);
  };
  if (Action !== undefined ? !list(Action).some(isAction) : list(NotAction).some(isAction)) return undefined;
  if (Resource !== undefined ? !list(Resource).some(isResource) : list(NotResource).some(isResource)) return undefined;
  for (const [operator, tests] of Object.entries(Condition as Record<string, Record<string, unknown>>)) {
    for (const [name, wanted] of Object.entries(tests)) {
      if (!isMet(operator, situation.values[name.toLowerCase()] ?? [], list(wanted), situation)) return undefined;
    }
  }
  return matchPrincipal(statement, situation.caller);
}

function matchPrincipal({ Principal, NotPrincipal, Effect }: RawStatement, arn: string): Match | undefined {
  const caller = parseCaller(arn);
  const named = (element: unknown) => (element === '*' ? ['*'] : list((element as { AWS: unknown }).AWS));
  const isAccount = (text: string) => text === caller.account || text.endsWith(`::${caller.account}:root`);
  if (NotPrincipal !== undefined) {
    const names = named(NotPrincipal);
    const needed = [arn, ...(caller.role === undefined ? [] : [caller.role])];
    const isExempt =
      names.includes('*') ||
      (names.some(isAccount) && (caller.kind === 'root' || needed.every((text) => names.includes(text))));
    return isExempt ? undefined : 'exact';
  }
  if (Principal === undefined) return 'exact';
  const names = named(Principal);
  if (names.includes('*') || names.includes(arn)) return 'exact';
  if (caller.role !== undefined && names.includes(caller.role)) return 'role';
  if (!names.some(isAccount)) return undefined;
  return caller.kind === 'root' || Effect === 'Deny' ? 'exact' : 'account';
}

function parseCaller(arn: string): { kind: 'root' | 'other'; account: string; role: string | undefined } {
  const [, account = '', resource = ''] = /^arn:aws:(?:iam|sts)::(\d{12}):(.*)$/.exec(arn) ?? [];
  const [, role] = /^assumed-role\/([^/]+)\//.exec(resource) ?? [];
  return {
    kind: resource === 'root' ? 'root' : 'other',
    account,
    role: role === undefined ? undefined : `arn:aws:iam::${account}:role/${role}`,
  };
}

function isMet(operator: string, actual: readonly string[], wanted: readonly string[], situation: Situation): boolean {
  const [, quantifier = '', name = '', ifExists = ''] =
    /^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  if (name === 'Null') return wanted.some((text) => (text === 'true') === (actual.length === 0));
  const isNegated = name.includes('Not');
  if (actual.length === 0) {
    if (ifExists !== '' || quantifier === 'ForAllValues:') return true;
    return quantifier === '' && isNegated;
  }
  const compare = comparisons[name.replace('Not', '')];
  if (compare === undefined) throw new Error(operator);
  const patterns = wanted.map((text) => fill(text, situation)).filter((text) => text !== undefined);
  const results = actual.map((value) => patterns.some((pattern) => compare(value, pattern)) !== isNegated);
  if (quantifier === 'ForAnyValue:') return results.includes(true);
  return quantifier === 'ForAllValues:' || isNegated ? !results.includes(false) : results.includes(true);
}

const seconds = (text: string) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1000);
const arnMatches = (value: string, pattern: string) => {
  const split = (text: string) =>
    text.split(':').flatMap((part, index, all) => (index < 5 ? [part] : index === 5 ? [all.slice(5).join(':')] : []));
  const [ours, theirs] = [split(value), split(pattern)];
  return theirs.length === 6 && theirs.every((part, index) => toExpression(part).test(ours[index] ?? ''));
};

const comparisons: Readonly<Record<string, (value: string, pattern: string) => boolean>> = {
  StringEquals: (value, pattern) => value === toText(pattern),
  StringEqualsIgnoreCase: (value, pattern) => value.toLowerCase() === toText(pattern).toLowerCase(),
  StringLike: (value, pattern) => toExpression(pattern).test(value),
  NumericEquals: (value, pattern) => Number(value) === Number(pattern),
  NumericLessThan: (value, pattern) => Number(value) < Number(pattern),
  NumericGreaterThanEquals: (value, pattern) => Number(value) >= Number(pattern),
  DateLessThan: (value, pattern) => seconds(value) < seconds(pattern),
  DateGreaterThanEquals: (value, pattern) => seconds(value) >= seconds(pattern),
  Bool: (value, pattern) => value.toLowerCase() === pattern.toLowerCase(),
  IpAddress: (value, pattern) => isInRange(value, pattern),
  ArnLike: arnMatches,
  ArnEquals: arnMatches,
};

function isInRange(address: string, range: string): boolean {
  const toBits = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const [start = '', length = '32'] = range.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(toBits(address) / size) === Math.floor(toBits(start) / size);
}

/** Marks the characters that variables insert, so that they are not wildcards. */
const literal = (text: string) => text.replaceAll('*', '\u0001').replaceAll('?', '\u0002');
const toText = (text: string) => text.replaceAll('\u0001', '*').replaceAll('\u0002', '?');

/** Replaces policy variables. Returns `undefined` if a variable has no single value and no default value. */
function fill(text: string, { values, version = '2012-10-17' }: Situation): string | undefined {
  if (version !== '2012-10-17') return text;
  let isMissing = false;
  const filled = text.replaceAll(/\$\{([^}]*)\}/g, (_, inner: string) => {
    if (['*', '?', '$'].includes(inner)) return literal(inner);
    const [, name = inner, fallback] = /^([^,]*?)\s*,\s*'(.*)'\s*$/.exec(inner) ?? [];
    const found = values[name.trim().toLowerCase()] ?? [];
    const value = found.length === 1 ? found[0] : fallback;
    if (value === undefined) isMissing = true;
    return literal(value ?? '');
  });
  return isMissing ? undefined : filled;
}

function toExpression(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\/-]/g, '\\$&');
  return new RegExp(`^${toEscapedText(escaped.replaceAll('*', '[^]*').replaceAll('?', '[^]'))}$`);
}

const toEscapedText = (expression: string) => expression.replaceAll('\u0001', '\\*').replaceAll('\u0002', '\\?');

function list(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
