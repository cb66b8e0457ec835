import {
  CreateKeyCommand,
  GetKeyPolicyCommand,
  ListKeyPoliciesCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { beforeAll, expect, test } from 'vitest';
import { account, catchError, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});

const statement = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

const newKeyId = async (Policy?: string) => (await createKey(used.client, { Policy })).KeyId;
const put = (KeyId: string, Policy: string, PolicyName?: string) =>
  used.client.send(new PutKeyPolicyCommand({ KeyId, Policy, PolicyName }));
const get = async (KeyId: string, PolicyName?: string) =>
  used.client.send(new GetKeyPolicyCommand({ KeyId, PolicyName }));

test('a new key has the policy in the request or the default policy', async () => {
  const { Policy = '', PolicyName } = await get(await newKeyId());
  expect(PolicyName).toBe('default');
  expect(JSON.parse(Policy)).toMatchObject({
    Id: 'key-default-1',
    Statement: [{ Sid: 'Enable IAM User Permissions', ...statement }],
  });
  expect((await get(await newKeyId(policy(statement)))).Policy).toBe(policy(statement));
});

test('PutKeyPolicy replaces the whole policy', async () => {
  const KeyId = await newKeyId();
  const next = policy(statement, { ...statement, Effect: 'Deny', Action: ['kms:Decrypt'] });
  await put(KeyId, next);
  expect((await get(KeyId, 'default')).Policy).toBe(next);
});

test('a key has exactly one policy, which is named default', async () => {
  const KeyId = await newKeyId();
  const listed = await used.client.send(new ListKeyPoliciesCommand({ KeyId }));
  expect(listed).toMatchObject({ PolicyNames: ['default'], Truncated: false });
  const missing = { name: 'NotFoundException', message: 'No such policy exists' };
  expect(await catchError(get(KeyId, 'other'))).toEqual(missing);
  expect(await catchError(put(KeyId, policy(statement), 'other'))).toEqual(missing);
});

const role = `arn:aws:iam::${account}:role/app`;
const invalidPrincipals = 'Policy contains a statement with one or more invalid principals.';
const noPrincipal = 'Policy contains a statement with no principal.';
const invalidResource =
  'Policy contains a statement with an invalid Resource. In a key policy, the Resource must be "*"';
const ownKeyConditions =
  'These condition keys are not permitted in a key policy: aws:ResourceTag, kms:ResourceTag, kms:ResourceAliases';
const vendor = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
const twoConditions = '"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Condition":{}';
const extra = (more: object) => policy(statement, { ...statement, ...more });
const withCondition = (Condition: object) => extra({ Condition });

/**
 * The statements that KMS rejects since August 2025 are in an AWS notice
 * (https://github.com/ministryofjustice/analytical-platform/issues/7691). The texts about principals and condition keys
 * are AWS's (https://github.com/awsdocs/aws-kms-developer-guide/pull/47). The text about Sids is IAM's
 * (https://github.com/kubernetes/kops/issues/4951). Texts with `undefined` are the emulator's own.
 */
const rejectedPolicies: [title: string, text: string, message: string | undefined][] = [
  ['invalid JSON', '{', undefined],
  ['a list', '[]', undefined],
  ['a policy without statements', '{}', undefined],
  ['an empty list of statements', policy(), undefined],
  ['an unknown version', policy(statement).replace('2012', '2020'), undefined],
  ['an Id that is not a string', policy(statement).replace('{', '{"Id":1,'), undefined],
  ['an unknown element in the document', policy(statement).replace('{', '{"Owner":"x",'), undefined],
  ['an unknown element in a statement', extra({ Conditon: {} }), undefined],
  ['a statement without an effect', extra({ Effect: undefined }), undefined],
  ['a statement with an unknown effect', extra({ Effect: 'Maybe' }), undefined],
  ['a Sid that is not a string', extra({ Sid: 1 }), undefined],
  ['a statement without an action', extra({ Action: undefined }), 'Missing required field Action'],
  ['an empty list of actions', extra({ Action: [] }), undefined],
  ['an action without a service', extra({ Action: ['kms:Encrypt', 'Decrypt'] }), undefined],
  ['an empty action', extra({ Action: '' }), undefined],
  ['a condition key without a service', withCondition({ StringEquals: { ViaService: 'a' } }), vendor],
  // https://zatoima.github.io/en/aws-iam-policy-condition-multipul
  ['two conditions for one statement', extra({ Condition: {} }).replace('"Condition":{}', twoConditions), undefined],
  ['a second list of statements', policy(statement).replace('{', '{"Statement":[],'), undefined],
  [
    'the same condition key twice, once with an escape',
    withCondition({ StringEquals: {} }).replace('s":{', 's":{"kms:a":"1","kms:\\u0061":"2"'),
    undefined,
  ],
  ['a statement without a resource', extra({ Resource: undefined }), 'Missing required field Resource'],
  ['an empty list of resources', extra({ Resource: [] }), undefined],
  ['an empty resource', extra({ Resource: '' }), invalidResource],
  ['a key ARN as the resource', extra({ Resource: `arn:aws:kms:us-east-1:${account}:key/*` }), invalidResource],
  ['a resource in addition to *', extra({ Resource: ['*', 'arn:aws:kms:*:*:key/*'] }), invalidResource],
  ['NotResource', extra({ Resource: undefined, NotResource: 'arn:aws:s3:::x' }), invalidResource],
  ['a statement without a principal', extra({ Principal: undefined }), noPrincipal],
  ['an empty principal', extra({ Principal: {} }), noPrincipal],
  ['an empty list of principals', extra({ Principal: { AWS: [] } }), noPrincipal],
  ['the unique id of a user', extra({ Principal: { AWS: 'AIDACKCEVSQ6C2EXAMPLE' } }), invalidPrincipals],
  ['the unique id of a role', extra({ Principal: { AWS: [role, 'AROACKCEVSQ6C2EXAMPLE'] } }), invalidPrincipals],
  [
    'an account in another partition',
    extra({ Principal: { AWS: `arn:aws-cn:iam::${account}:root` } }),
    invalidPrincipals,
  ],
  ['a role in another partition', extra({ Principal: { AWS: role.replace('aws', 'aws-us-gov') } }), invalidPrincipals],
  [
    'the path of a role in the ARN of a role session',
    extra({ Principal: { AWS: `arn:aws:sts::${account}:assumed-role/path/app/session` } }),
    invalidPrincipals,
  ],
  ['an account id with 11 digits', extra({ Principal: { AWS: '11112222333' } }), invalidPrincipals],
  ['a wildcard in a principal', extra({ Principal: { AWS: `arn:aws:iam::${account}:role/*` } }), invalidPrincipals],
  [
    'NotPrincipal in another partition',
    extra({ Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: role.replace('aws', 'aws-cn') } }),
    invalidPrincipals,
  ],
  [
    'two statements with the same Sid',
    policy({ ...statement, Sid: 'a' }, { ...statement, Sid: 'a' }),
    'Statement IDs (SID) in a single policy must be unique.',
  ],
  [
    'kms:ResourceAliases',
    withCondition({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/a' } }),
    ownKeyConditions,
  ],
  ['a Condition that is not an object', extra({ Condition: 'none' }), 'Policy contains an invalid Condition'],
  ['a Condition that is a list', extra({ Condition: [] }), 'Policy contains an invalid Condition'],
  ['aws:ResourceTag', withCondition({ StringEquals: { 'AWS:resourceTag/Team': 'a' } }), ownKeyConditions],
  ['kms:ResourceTag', withCondition({ Null: { 'kms:ResourceTag/Team': 'true' } }), ownKeyConditions],
];
let mrk = '';
beforeAll(async () => {
  mrk = (await createKey(used.client, { MultiRegion: true })).KeyId;
});
const writers = {
  CreateKey: (Policy: string) => used.client.send(new CreateKeyCommand({ Policy })),
  PutKeyPolicy: (Policy: string) => put(mrk, Policy),
  ReplicateKey: (Policy: string) =>
    used.client.send(new ReplicateKeyCommand({ KeyId: mrk, ReplicaRegion: 'eu-west-1', Policy })),
};

test.for(rejectedPolicies)('CreateKey, PutKeyPolicy and ReplicateKey reject %s', async ([, text, message]) => {
  for (const [name, write] of Object.entries(writers)) {
    const error = await catchError(write(text));
    expect(error.name, name).toBe('MalformedPolicyDocumentException');
    if (message !== undefined) expect(error.message, name).toBe(message);
  }
});

test('the policies with missing elements are rejected, whether or not they lock out the caller', async () => {
  const { KeyId } = await createKey(used.client, {});
  const onlyDeny = policy({ ...statement, Effect: 'Deny', Action: undefined });
  expect((await catchError(put(KeyId, onlyDeny))).message).toBe('Missing required field Action');
  expect(JSON.parse((await get(KeyId)).Policy ?? '')).toMatchObject({ Id: 'key-default-1' });
});

test('PutKeyPolicy accepts every form that the policy grammar allows', async () => {
  const KeyId = await newKeyId();
  const forms = policy(
    { ...statement, Sid: 'Text with spaces', Action: ['*'], Resource: ['*'] },
    { ...statement, Sid: '', Principal: { AWS: [account, role], Service: ['logs.amazonaws.com'] } },
    {
      ...statement,
      Sid: '',
      Effect: 'Deny',
      Principal: undefined,
      NotPrincipal: { AWS: [account, role] },
      Action: 'kms:Create*',
    },
    {
      ...statement,
      Action: undefined,
      NotAction: 'kms:Put*',
      Principal: '*',
      Condition: { StringEquals: { 'kms:CallerAccount': account, 'example-aws:ResourceTag/Team': 'a' } },
    },
  );
  await put(KeyId, forms);
  expect((await get(KeyId)).Policy).toBe(forms);
});

test('PutKeyPolicy rejects a policy of more than 32,768 bytes', async () => {
  const KeyId = await newKeyId();
  const long = policy({ ...statement, Sid: 'a'.repeat(32_768) });
  expect((await catchError(put(KeyId, long))).name).toBe('LimitExceededException');
});
