import { describe, expect, test } from 'vitest';
import { allowsIdentifier, needsLookup, parseKeyList } from '../../../shared/authorization/key-list.ts';
import { matchWildcards } from '../../../shared/authorization/match-wildcards.ts';

const location = {
  partition: 'aws',
  regions: ['us-east-1', 'eu-west-1'],
  accountIds: ['111122223333', '444455556666'],
};
const id = '1234abcd-12ab-34cd-56ef-1234567890ab';
const mrk = 'mrk-1234abcd12ab34cd56ef1234567890ab';
const own = 'arn:aws:kms:us-east-1:111122223333:';
const otherRegion = 'arn:aws:kms:eu-west-1:111122223333:';
const otherAccount = 'arn:aws:kms:us-east-1:444455556666:';
const otherPartition = 'arn:aws-cn:kms:us-east-1:111122223333:';

describe('an entry of a key list', () => {
  const rows: readonly (readonly [entry: string, allowed: readonly string[], rejected: readonly string[]])[] = [
    [
      id,
      [id, `${own}key/${id}`],
      [`${otherRegion}key/${id}`, `${otherAccount}key/${id}`, `${otherPartition}key/${id}`],
    ],
    [`${own}key/${id}`, [id, `${own}key/${id}`], [`${otherRegion}key/${id}`, `${otherAccount}key/${id}`]],
    [`${otherRegion}key/${mrk}`, [`${otherRegion}key/${mrk}`], [mrk, `${own}key/${mrk}`]],
    [`${otherAccount}key/${id}`, [`${otherAccount}key/${id}`], [id, `${own}key/${id}`]],
    [`${otherPartition}key/${id}`, [`${otherPartition}key/${id}`], [id, `${own}key/${id}`]],
    [
      'alias/app',
      ['alias/app', `${own}alias/app`],
      [`${otherRegion}alias/app`, `${otherAccount}alias/app`, `${otherPartition}alias/app`, 'alias/apps', 'app', id],
    ],
    [`${otherRegion}alias/app`, [`${otherRegion}alias/app`], ['alias/app', `${own}alias/app`]],
    [`${otherRegion}alias/app/*`, [`${otherRegion}alias/app/x`], ['alias/app/x', `${otherRegion}alias/app`]],
    ['alias/app/*', ['alias/app/x', 'alias/app/x/y', `${own}alias/app/`], ['alias/app', `${otherRegion}alias/app/x`]],
    ['arn:aws:kms:*:111122223333:alias/*', [], ['alias/app', `${own}alias/app`, `${otherRegion}alias/app`]],
    [`arn:aws:kms:us-east-1:*:key/${id}`, [], [id, `${own}key/${id}`]],
    [`${id.slice(0, -1)}*`, [], [id, `${own}key/${id}`]],
    ['*x', [], ['x', 'alias/x']],
    ['*', [id, 'alias/app', `${otherRegion}alias/app`], []],
    ['x-alias/app', [], [`${own}x-alias/app`]],
  ];

  test.for(rows)('%s matches the partition, Region, account and name', ([entry, allowed, rejected]) => {
    const list = parseKeyList(entry, location);
    for (const identifier of allowed) expect(allowsIdentifier(list, identifier, location), identifier).toBe(true);
    for (const identifier of rejected) expect(allowsIdentifier(list, identifier, location), identifier).toBe(false);
  });

  test.for([
    ['alias/app', false],
    [`${own}alias/app`, false],
    [id, true],
    [`${own}key/${id}`, true],
    ['tag:team=payments', true],
  ] as const)('%s requires a lookup: %s', ([entry, expected]) => {
    expect(needsLookup(parseKeyList(entry, location))).toBe(expected);
  });
});

test.for<readonly [value: unknown, expected: object]>([
  [
    `[${id},, tag:team=a[b]  alias/a*\ttag:x tag:y=z=1 * ${otherRegion}alias/b]`,
    {
      allowsAll: true,
      keys: new Set([`${own}key/${id}`]),
      aliases: [
        { prefix: own, literals: ['alias/a', ''] },
        { prefix: otherRegion, literals: ['alias/b'] },
      ],
      tags: [
        ['team', 'a[b]'],
        ['x', ''],
        ['y', 'z=1'],
      ],
    },
  ],
  [['alias/a', 7, id], { aliases: [{ prefix: own, literals: ['alias/a'] }], keys: new Set([`${own}key/${id}`]) }],
  [undefined, {}],
  [7, {}],
  [{ 0: id }, {}],
  ['', {}],
])('the key list %j is parsed', ([value, expected]) => {
  const nothing = { allowsAll: false, keys: new Set(), aliases: [], tags: [] };
  expect(parseKeyList(value, location)).toEqual({ ...nothing, ...expected });
});

describe('a wildcard in an alias', () => {
  test.for<readonly [pattern: string, text: string, matches: boolean]>([
    ['alias/app', 'alias/app', true],
    ['alias/*', 'alias/', true],
    ['alias/*', 'alias', false],
    ['alias/*/x', 'alias/a/b/x', true],
    ['alias/*/x', 'alias/x', false],
    ['alias/a*a', 'alias/a', false],
    ['alias/a*a', 'alias/aa', true],
    ['alias/*ab*ab', 'alias/ab', false],
    ['alias/*ab*ab', 'alias/abab', true],
    ['alias/*ab*ab*', 'alias/xabab', true],
    ['alias/**b', 'alias/ab', true],
    ['alias/*a*b*c', 'alias/aabbc', true],
    ['alias/*a*b*c', 'alias/acb', false],
    ['alias/*x*c', 'alias/abc', false],
    ['alias/a*x*a', 'alias/a', false],
    ['alias/*.x', 'alias/ax', false],
    ['alias/*', 'alias/a\nb', true],
  ])('%s matches %j: %s', ([pattern, text, matches]) => {
    expect(matchWildcards(pattern.split('*'), text)).toBe(matches);
  });

  // A backtracking matcher needs minutes for a single one of these texts.
  test('a wildcard pattern is matched in linear time, even if the pattern is hostile', { timeout: 20_000 }, () => {
    const hostile = [
      ['alias/*/*/*x', `alias${'/'.repeat(250)}\n`],
      [`alias/${'*a'.repeat(100)}b`, `alias/${'a'.repeat(250)}`],
      [`alias/${'*'.repeat(2_000)}b`, `alias/${'a'.repeat(250)}`],
      ['alias/*-*-*-*-*-*-*-*x', `alias/${'-'.repeat(250)}`],
    ] as const;
    for (const [pattern, text] of hostile) {
      const list = parseKeyList(pattern, location);
      for (let turn = 0; turn < 1_000; turn += 1) expect(allowsIdentifier(list, text, location)).toBe(false);
    }
  });

  test('the wildcard matcher searches for each part of the pattern once, whatever the length of the text', () => {
    for (const length of [10, 1_000, 100_000]) {
      const searches: number[] = [];
      const text = new String(`alias/${'a'.repeat(length)}`);
      const indexOf = (part: string, position?: number) => {
        searches.push(position ?? 0);
        return text.valueOf().indexOf(part, position);
      };
      const counted = Object.assign(text, { indexOf }) as unknown as string;
      expect(matchWildcards(['alias/', 'a', 'a', 'a', 'a', 'b', 'c'], counted)).toBe(false);
      expect(matchWildcards(['alias/', 'a', 'a', 'a', 'a', 'a'], counted)).toBe(true);
      expect(searches.length).toBeLessThanOrEqual(10);
      expect(searches.slice(-4)).toEqual([6, 7, 8, 9]);
    }
  });
});
