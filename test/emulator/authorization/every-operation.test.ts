import { expect, test } from 'vitest';
import { loadDefaultSeed, parseSeed } from '../../../emulator/seed/read-seed.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { account, allow, byIam, policy, user } from '../../support/access.ts';
import { authorization, rawCall } from '../../support/call.ts';
import { useEmulator } from '../../support/emulator.ts';
import { operationRows, operations } from '../../support/operations.ts';

const listActions = ({ permissions }: Operation) => [...new Set(permissions.map(({ action }) => action))];
const slug = (text: string) => text.replace(':', '-');

/** Permissions that an operation requires only for members that the operation's example omits. */
const conditional = new Set([
  'CreateKey iam:CreateServiceLinkedRole',
  'CreateKey kms:PutKeyPolicy',
  'ReplicateKey kms:TagResource',
  'ReplicateKey kms:PutKeyPolicy',
  'CreateCustomKeyStore ec2:DescribeVpcEndpointServices',
  'UpdateCustomKeyStore ec2:DescribeVpcEndpointServices',
]);

const principals = operations.flatMap((operation) => [
  {
    AccessKeyId: `only-${operation.name}`,
    Arn: user(`only-${operation.name}`),
    Policies: [policy(allow(listActions(operation)))],
  },
  ...listActions(operation).map((action) => ({
    AccessKeyId: `${operation.name}-without-${slug(action)}`,
    Arn: user('almost'),
    Policies: [policy({ Effect: 'Allow', NotAction: action, Resource: '*' })],
  })),
]);

const { Principals } = parseSeed({ Version: 1, Keys: [], Principals: principals }, 'the principals');
const used = useEmulator({ seed: { ...loadDefaultSeed(), Principals } });

const call = ({ name, example }: Operation, accessKeyId: string) =>
  rawCall(used.emulator.endpoint, name, example.input, { headers: { authorization: authorization(accessKeyId) } });

const rows = operations.flatMap((operation) =>
  listActions(operation).map((action) => ({ name: operation.name, action, operation })),
);

test.for(rows.filter(({ name, action }) => !conditional.has(`${name} ${action}`)))(
  '$name is denied to a caller without permission for $action',
  async ({ operation, action }) => {
    const { status, json } = await call(operation, `${operation.name}-without-${slug(action)}`);
    expect(status).toBe(400);
    expect(json.__type).toBe('AccessDeniedException');
    expect(json.Message).toMatch(new RegExp(`^User: ${user('almost')} is not authorized to perform: ${action}`));
    expect(json.Message).toMatch(new RegExp(` because no identity-based policy allows the ${action} action$`));
  },
);

test.for(operationRows)('$name requires no permissions except the declared ones', async ({ operation }) => {
  await used.emulator.restoreSeed();
  expect(await call(operation, `only-${operation.name}`)).toMatchObject({ status: 200 });
});

test.for(rows.filter(({ name, action }) => conditional.has(`${name} ${action}`)))(
  '$name does not require $action if the request omits the relevant member',
  async ({ operation, action }) => {
    await used.emulator.restoreSeed();
    const response = await call(operation, `${operation.name}-without-${slug(action)}`);
    expect(response).toMatchObject({ status: 200 });
  },
);

const foreignService = { XksProxyVpcEndpointServiceOwner: '111122223333' };

test("tags and another account's endpoint service require further permissions", async () => {
  const calls: [name: string, action: string, input: object][] = [
    ['CreateKey', 'kms:TagResource', { Tags: [{ TagKey: 'a', TagValue: 'b' }] }],
    [
      'ReplicateKey',
      'kms:TagResource',
      {
        KeyId: 'mrk-5a4d1e00000040008000000000000201',
        ReplicaRegion: 'eu-west-1',
        Tags: [{ TagKey: 'a', TagValue: 'b' }],
      },
    ],
    ['CreateCustomKeyStore', 'ec2:DescribeVpcEndpointServices', { CustomKeyStoreName: 'a', ...foreignService }],
    [
      'UpdateCustomKeyStore',
      'ec2:DescribeVpcEndpointServices',
      { CustomKeyStoreId: 'cks-2222222222b', ...foreignService },
    ],
  ];
  for (const [name, action, input] of calls) {
    const headers = { authorization: authorization(`${name}-without-${slug(action)}`) };
    const { json } = await rawCall(used.emulator.endpoint, name, input, { headers });
    expect(json.Message).toMatch(new RegExp(` to perform: ${action} .*because no identity-based policy allows`));
  }
});

test("an endpoint service in the caller's own account requires no permission for DescribeVpcEndpointServices", async () => {
  await used.emulator.restoreSeed();
  const input = { CustomKeyStoreId: 'cks-2222222222b', XksProxyVpcEndpointServiceOwner: account };
  const headers = { authorization: authorization('UpdateCustomKeyStore-without-ec2-DescribeVpcEndpointServices') };
  const { json } = await rawCall(used.emulator.endpoint, 'UpdateCustomKeyStore', input, { headers });
  expect(json.__type).not.toBe('AccessDeniedException');
});

test.for([
  ['CreateKey', {}],
  ['ReplicateKey', { KeyId: 'mrk-5a4d1e00000040008000000000000201', ReplicaRegion: 'eu-west-1' }],
] as const)(
  '%s with a key policy that delegates to IAM policies requires permission for PutKeyPolicy',
  async ([name, input]) => {
    const send = (accessKeyId: string) =>
      rawCall(
        used.emulator.endpoint,
        name,
        { ...input, Policy: JSON.stringify(policy(byIam)) },
        { headers: { authorization: authorization(accessKeyId) } },
      );
    await used.emulator.restoreSeed();
    const { json } = await send(`${name}-without-kms-PutKeyPolicy`);
    expect(json).toMatchObject({ __type: 'MalformedPolicyDocumentException' });
    expect(await send(`only-${name}`)).toMatchObject({ status: 200 });
  },
);
