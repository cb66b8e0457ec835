import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { addToGroups, addToList, groupsFile, listFile } from '../../scripts/new-operation/edit-lists.ts';
import { remainingSteps } from '../../scripts/new-operation/remaining-steps.ts';
import { RequestError, readRequest } from '../../scripts/new-operation/request.ts';
import { groups } from '../../shared/declaration/operation.ts';
import { run } from '../support/process.ts';

describe('a request for a new operation', () => {
  const request = { name: 'CountKeys', group: 'keys', isOwn: true, isNewGroup: false };

  test('a new operation is accepted if its name is new and its group exists', () => {
    expect(readRequest(request)).toEqual({ name: 'CountKeys', group: 'keys', isOwn: true });
  });

  test.for([
    ['without a name', { name: undefined }, '--group and --name are required'],
    ['without a group', { group: undefined }, '--group and --name are required'],
    ['with the name of an existing operation', { name: 'CreateKey' }, 'The operation CreateKey already exists'],
    ['with an existing name in different case', { name: 'Createkey' }, 'The operation CreateKey already exists'],
    ['with a name that starts with a lowercase letter', { name: 'restKey' }, 'The name restKey is not valid'],
    ['with a name that is reserved in JavaScript', { name: 'Delete' }, 'The name Delete is not valid'],
    ['with an unknown group', { group: 'key' }, 'The group key does not exist'],
    [
      'with a group that is not a valid folder name',
      { group: '../keys', isNewGroup: true },
      'The group ../keys is not valid',
    ],
    ['with a new group that already exists', { isNewGroup: true }, 'The group keys already exists'],
    ['with an AWS KMS operation in the group service', { group: 'service', isOwn: false }, 'Add --own'],
    [
      'with an operation that the SDK does not have, without --own',
      { isOwn: false },
      'no CountKeysCommand. Correct the name, or add --own',
    ],
  ] as const)('a new operation is rejected %s', ([, change, message]) => {
    expect(() => readRequest({ ...request, ...change })).toThrow(RequestError);
    expect(() => readRequest({ ...request, ...change })).toThrow(message);
  });
});

test('each documented command to update snapshots runs one test file', async () => {
  const operation = { name: 'CountKeys', group: 'keys' };
  const steps = [true, false].flatMap((isOwn) => remainingSteps({ ...operation, isOwn }));
  const texts = [...steps, readFileSync('CONTRIBUTING.md', 'utf8')].join('\n');
  const commands = new Set([...texts.matchAll(/vitest run ([^`,\n]* -u|-u[^`,\n]*)/g)].map(([, args = '']) => args));
  expect(commands.size).toBe(1);
  for (const args of commands) {
    const { code, stdout } = await run(['npx', 'vitest', 'list', '--filesOnly', ...args.split(' ')], {
      timeoutMs: 50_000,
      env: { NO_COLOR: '1' },
    });
    expect({ code, files: stdout.trim().split('\n') }, args).toMatchObject({ code: 0, files: { length: 1 } });
  }
}, 120_000);

describe('the lists of operations and groups', () => {
  const list = readFileSync(listFile, 'utf8');
  const lines = list.split('\n').filter((line) => line.startsWith('export '));

  test('a line that is removed and added again is in its previous position', () => {
    for (const line of lines) {
      const [, group = '', folder = ''] = /'\.\/([\w-]+)\/([\w-]+)\//.exec(line) ?? [];
      const name = folder.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
      expect(addToList(list.replace(`${line}\n`, ''), { name, group, isOwn: false }), line).toBe(list);
    }
  });

  test('a new group is added before the group service', () => {
    const text = addToGroups(readFileSync(groupsFile, 'utf8'), 'envelope');
    expect(text).toContain(`  '${groups.at(-2)}',\n  'envelope',\n  'service',\n`);
  });
});
