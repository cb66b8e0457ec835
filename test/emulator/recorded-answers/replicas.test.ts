import type { CreateKeyCommandInput, KMSClient } from '@aws-sdk/client-kms';
import { afterAll } from 'vitest';
import { clientFor, useEmulator } from '../../support/emulator.ts';
import { keyOfKind, replicaRegion, replicate, requestOn, send } from '../../support/key-calls.ts';
import { createKey } from '../../support/keys.ts';
import { type Answer, type Asked, otherKeySpecs, testAnswers, usageOf } from '../../support/recorded-answers.ts';
import { setTransientState } from '../../support/states.ts';

const used = useEmulator({});
const otherRegion = 'us-west-2';
const clients = new Map<string, KMSClient>();
afterAll(() => {
  for (const client of clients.values()) client.destroy();
});

/** Returns the client for a Region. */
function clientIn(region: string): KMSClient {
  const client = clients.get(region) ?? clientFor(used.emulator.endpoint, { region });
  clients.set(region, client);
  return client;
}

/** Creates a multi-Region key and asks about it in its primary's Region. */
const askPrimary =
  (input: object, request: CreateKeyCommandInput = {}) =>
  async (): Promise<Asked> => {
    const { KeyId, Arn } = await keyOfKind(used.client, 'symmetric', { MultiRegion: true, ...request });
    return { client: used.client, input: { KeyId, ...input }, values: { id: KeyId, arn: Arn } };
  };

type Prepare = (clients: { readonly primary: KMSClient; readonly replica: KMSClient }, KeyId: string) => unknown;

/** Creates a multi-Region key with a replica, and asks in one of the two Regions. */
const askRelated =
  (where: 'primary' | 'replica', input: object, prepare: Prepare = () => {}) =>
  async (): Promise<Asked> => {
    const { KeyId, Arn } = await keyOfKind(used.client, 'replicated');
    const both = { primary: used.client, replica: clientIn(replicaRegion) };
    await prepare(both, KeyId);
    const replicaArn = Arn.replace('us-east-1', replicaRegion);
    return { client: both[where], input: { KeyId, ...input }, values: { id: KeyId, arn: Arn, replicaArn } };
  };

const disable = (client: KMSClient, KeyId: string) => send(client, 'DisableKey', { KeyId });
const schedule = (client: KMSClient, KeyId: string) =>
  send(client, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
const recorded = { source: 'replicas', recorded: true } as const;
const extrapolated = { source: 'replicas', recorded: false } as const;
const alreadyExists = [
  'AlreadyExistsException',
  'You can create only one replica of each primary key in each AWS Region.',
] as const;

const replicateKey = { operation: 'ReplicateKey', ...recorded } as const;
const replicateAnswers: Answer[] = [
  {
    ...replicateKey,
    situation: "the primary's Region",
    ask: askPrimary({ ReplicaRegion: 'us-east-1' }),
    error: ['ValidationException', 'us-east-1 cannot have a replica because it contains the primary.'],
  },
  ...['cn-north-1', 'cn-northwest-1', 'us-gov-west-1'].map((ReplicaRegion) => ({
    ...replicateKey,
    recorded: ReplicaRegion === 'cn-north-1',
    situation: `${ReplicaRegion}, which is in another partition`,
    ask: askPrimary({ ReplicaRegion }),
    error: [
      'ValidationException',
      'The replica key Region must be in the same AWS partition as the primary key Region.',
    ] as const,
  })),
  ...['us-invalid-1', 'eu-west-9'].map((ReplicaRegion) => ({
    ...replicateKey,
    recorded: ReplicaRegion === 'us-invalid-1',
    situation: `${ReplicaRegion}, which does not exist`,
    ask: askPrimary({ ReplicaRegion }),
    error: [
      'ValidationException',
      `Region ${ReplicaRegion} is not a valid Region or multi-Region keys are not supported in Region ${ReplicaRegion}.`,
    ] as const,
  })),
  {
    ...replicateKey,
    situation: 'replica that exists',
    ask: askRelated('primary', { ReplicaRegion: replicaRegion }),
    error: alreadyExists,
  },
  {
    ...replicateKey,
    situation: 'replica that is pending deletion',
    ask: askRelated('primary', { ReplicaRegion: replicaRegion }, ({ replica }, KeyId) => schedule(replica, KeyId)),
    error: alreadyExists,
  },
  {
    ...replicateKey,
    situation: 'replica of a replica',
    ask: askRelated('replica', { ReplicaRegion: otherRegion }),
    error: ['UnsupportedOperationException', '{replicaArn} is not a multi-region primary key.'],
  },
  {
    ...replicateKey,
    ...extrapolated,
    situation: 'single-Region key',
    ask: askPrimary({ ReplicaRegion: otherRegion }, { MultiRegion: false }),
    error: ['UnsupportedOperationException', '{arn} is not a multi-region primary key.'],
  },
  {
    ...replicateKey,
    situation: 'disabled primary',
    ask: askRelated('primary', { ReplicaRegion: otherRegion }, ({ primary }, KeyId) => disable(primary, KeyId)),
    error: ['DisabledException', '{arn} is disabled.'],
  },
  {
    ...replicateKey,
    source: 'importReplicas',
    situation: 'primary that waits for its first import',
    ask: async () => {
      const { KeyId, Arn } = await createKey(used.client, { Origin: 'EXTERNAL', MultiRegion: true });
      return { client: used.client, input: { KeyId, ReplicaRegion: otherRegion }, values: { arn: Arn } };
    },
    error: ['KMSInvalidStateException', '{arn} is pending import.'],
  },
  {
    ...replicateKey,
    situation: 'response without tags',
    ask: askPrimary({ ReplicaRegion: otherRegion }),
    response: { ReplicaKeyMetadata: { KeyId: '{id}', KeyState: 'Creating', Enabled: false, Description: '' } },
    absent: ['ReplicaTags', 'ReplicaKeyMetadata.CurrentKeyMaterialId', 'ReplicaKeyMetadata.ExpirationModel'],
  },
  {
    ...replicateKey,
    ...extrapolated,
    situation: 'response with tags',
    ask: askPrimary({ ReplicaRegion: otherRegion, Tags: [{ TagKey: 'a', TagValue: '1' }] }),
    response: { ReplicaTags: [{ TagKey: 'a', TagValue: '1' }] },
  },
  ...(['SYMMETRIC_DEFAULT', 'HMAC_256', 'ECC_NIST_P256'] as const).map((KeySpec) => ({
    ...replicateKey,
    source: 'importReplicas' as const,
    recorded: KeySpec === 'SYMMETRIC_DEFAULT',
    situation: `response for a ${KeySpec} key with imported material`,
    ask: askPrimary({ ReplicaRegion: otherRegion }, { Origin: 'EXTERNAL', KeySpec, KeyUsage: usageOf(KeySpec) }),
    response: { ReplicaKeyMetadata: { KeyState: 'Creating', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } },
    absent: ['ReplicaKeyMetadata.CurrentKeyMaterialId', 'ReplicaTags'],
  })),
];

const updateRegion = { operation: 'UpdatePrimaryRegion', ...recorded } as const;
const updateAnswers: Answer[] = [
  {
    ...updateRegion,
    situation: 'Region that is already the primary Region',
    ask: askRelated('primary', { PrimaryRegion: 'us-east-1' }),
    response: {},
  },
  {
    ...updateRegion,
    ...extrapolated,
    situation: 'primary without replicas, and its own Region',
    ask: askPrimary({ PrimaryRegion: 'us-east-1' }),
    response: {},
  },
  ...[otherRegion, 'cn-north-1', 'us-invalid-1'].map((PrimaryRegion) => ({
    ...updateRegion,
    recorded: PrimaryRegion === otherRegion,
    situation: `${PrimaryRegion}, which has no replica`,
    ask: askRelated('primary', { PrimaryRegion }),
    error: ['ValidationException', '{id} does not have a replica key in the specified Region.'] as const,
  })),
  {
    ...updateRegion,
    situation: 'replica',
    ask: askRelated('replica', { PrimaryRegion: replicaRegion }),
    error: ['KMSInvalidStateException', '{replicaArn} is not a multi-Region primary key.'],
  },
  {
    ...updateRegion,
    situation: 'disabled primary',
    ask: askRelated('primary', { PrimaryRegion: replicaRegion }, ({ primary }, KeyId) => disable(primary, KeyId)),
    error: ['DisabledException', '{arn} is disabled.'],
  },
  {
    ...updateRegion,
    situation: 'disabled replica',
    ask: askRelated('primary', { PrimaryRegion: replicaRegion }, ({ replica }, KeyId) => disable(replica, KeyId)),
    error: ['DisabledException', '{replicaArn} is disabled.'],
  },
  {
    ...updateRegion,
    situation: 'replica that is pending deletion',
    ask: askRelated('primary', { PrimaryRegion: replicaRegion }, ({ replica }, KeyId) => schedule(replica, KeyId)),
    error: ['KMSInvalidStateException', '{replicaArn} is pending deletion.'],
  },
];

/** Encrypts under the primary and asks for the plaintext in the replica's Region, or the reverse. */
const askAcross =
  (from: 'primary' | 'replica', name: (values: Readonly<Record<string, string>>) => string, member = 'KeyId') =>
  async (): Promise<Asked> => {
    const { values = {} } = await askRelated('primary', {})();
    const [source, target] =
      from === 'primary' ? [used.client, clientIn(replicaRegion)] : [clientIn(replicaRegion), used.client];
    const KeyId = values.id ?? '';
    const { CiphertextBlob } = (await send(source, 'Encrypt', { KeyId, Plaintext: Buffer.from('text') })) as {
      CiphertextBlob: Uint8Array;
    };
    const destination = member === 'KeyId' ? {} : { DestinationKeyId: KeyId };
    return { client: target, input: { CiphertextBlob, [member]: name(values), ...destination }, values };
  };
const incorrectKey = [
  'IncorrectKeyException',
  'The key ID in the request does not identify a CMK that can perform this operation.',
] as const;
const primaryArn = (values: Readonly<Record<string, string>>) => values.arn ?? '';
const ownReplicaArn = (values: Readonly<Record<string, string>>) => values.replicaArn ?? '';

const cryptoAnswers: Answer[] = [
  {
    operation: 'Decrypt',
    ...recorded,
    situation: "the primary's ARN in the replica's Region",
    ask: askAcross('primary', primaryArn),
    error: incorrectKey,
  },
  {
    operation: 'Decrypt',
    ...recorded,
    situation: "the replica's ARN in the replica's Region",
    ask: askAcross('primary', ownReplicaArn),
    response: { KeyId: '{replicaArn}' },
  },
  {
    operation: 'Decrypt',
    ...recorded,
    situation: "the key id in the replica's Region",
    ask: askAcross('primary', ({ id = '' }) => id),
    response: { KeyId: '{replicaArn}' },
  },
  {
    operation: 'Decrypt',
    ...extrapolated,
    situation: "the replica's ARN in the primary's Region",
    ask: askAcross('replica', ownReplicaArn),
    error: incorrectKey,
  },
  {
    operation: 'ReEncrypt',
    ...extrapolated,
    situation: "the primary's ARN in the replica's Region",
    ask: askAcross('primary', primaryArn, 'SourceKeyId'),
    error: incorrectKey,
  },
  {
    operation: 'ReEncrypt',
    ...recorded,
    situation: "the key id in the replica's Region",
    ask: askAcross('primary', ({ id = '' }) => id, 'SourceKeyId'),
    response: { SourceKeyId: '{replicaArn}', KeyId: '{replicaArn}' },
  },
];

/** Prepares an operation on a primary, puts the key into state Updating, and asks for the operation. */
const askUpdating =
  (operation: Parameters<typeof requestOn>[0], change: object = {}) =>
  async (): Promise<Asked> => {
    const key = await keyOfKind(used.client, 'symmetric', { MultiRegion: true });
    const input = { ...(await requestOn(operation, key)), ...change };
    setTransientState(used.emulator, key, 'Updating');
    return { client: used.client, input, values: { arn: key.Arn } };
  };
const updatingAnswers: Answer[] = [
  ...(['Encrypt', 'Decrypt', 'GenerateDataKey', 'ReEncrypt'] as const).map((operation) => ({
    operation,
    ...extrapolated,
    situation: 'state Updating',
    ask: askUpdating(operation),
    response: {},
  })),
  ...(['EnableKey', 'DisableKey', 'ScheduleKeyDeletion', 'ReplicateKey'] as const).map((operation) => ({
    operation,
    ...extrapolated,
    situation: 'state Updating',
    ask: askUpdating(operation),
    error: ['KMSInvalidStateException', '{arn} is updating.'] as const,
  })),
];

/** The two states of a multi-Region key that is deleted. Only a primary with replicas waits for replicas. */
const deletionStates = [
  ['primary that waits for the deletion of its replicas', 'primary', '{arn} is pending replica deletion.'],
  ['replica that is pending deletion', 'replica', '{replicaArn} is pending deletion.'],
] as const;
const Tags = [{ TagKey: 'a', TagValue: '1' }];
const deletionAnswers: Answer[] = deletionStates.flatMap(([situation, where, message]): Answer[] => {
  const ask = (input: object) => askRelated(where, input, (both, KeyId) => schedule(both[where], KeyId));
  const refused = ['KMSInvalidStateException', message] as const;
  return [
    { operation: 'TagResource', ...recorded, situation, ask: ask({ Tags }), error: refused },
    { operation: 'UntagResource', ...recorded, situation, ask: ask({ TagKeys: ['a'] }), error: refused },
    {
      operation: 'PutKeyPolicy',
      ...recorded,
      situation,
      ask: async () => {
        const asked = await ask({})();
        const { Policy } = (await send(asked.client, 'GetKeyPolicy', asked.input)) as { Policy: string };
        return { ...asked, input: { ...asked.input, Policy } };
      },
      response: {},
    },
  ];
});

const sharedAnswers: Answer[] = otherKeySpecs
  .filter((KeySpec) => !KeySpec.startsWith('RSA'))
  .map((KeySpec) => ({
    operation: 'DescribeKey',
    ...extrapolated,
    situation: `replica of a ${KeySpec} key`,
    ask: async () => {
      const { KeyId, Arn } = await createKey(used.client, { KeySpec, KeyUsage: usageOf(KeySpec), MultiRegion: true });
      await replicate(used.client, KeyId);
      const values = { id: KeyId, replicaArn: Arn.replace('us-east-1', replicaRegion) };
      return { client: clientIn(replicaRegion), input: { KeyId }, values };
    },
    response: { KeyMetadata: { Arn: '{replicaArn}', KeySpec, KeyState: 'Enabled' } },
    absent: ['KeyMetadata.CurrentKeyMaterialId'],
  }));

testAnswers([
  ...replicateAnswers,
  ...updateAnswers,
  ...cryptoAnswers,
  ...updatingAnswers,
  ...deletionAnswers,
  ...sharedAnswers,
]);
