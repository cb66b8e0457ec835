import type { CreateKeyCommandInput } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import type { KeySpec } from '../../../emulator/core/key-spec.ts';
import { clientFor, requireEmulator, useEmulator } from '../../support/emulator.ts';
import { createExternalKey } from '../../support/import.ts';
import { keyOfKind, replicaRegion, send } from '../../support/key-calls.ts';
import { cloudHsm, createKeyStore } from '../../support/key-stores.ts';
import { createKey } from '../../support/keys.ts';
import { type Answer, type Asked, findKeyOfSpec, otherKeySpecs, testAnswers } from '../../support/recorded-answers.ts';

const used = useEmulator({});
const dayMs = 24 * 60 * 60 * 1000;

/** Creates a key, prepares it with calls, and asks about it. */
const askAbout =
  (request: CreateKeyCommandInput = {}, prepare: (KeyId: string) => Promise<unknown> = async () => {}, input = {}) =>
  async (): Promise<Asked> => {
    const { KeyId, Arn } = await createKey(used.client, request);
    await prepare(KeyId);
    return { client: used.client, input: { KeyId, ...input }, values: { arn: Arn } };
  };
const enable = (KeyId: string, RotationPeriodInDays?: number) =>
  send(used.client, 'EnableKeyRotation', { KeyId, RotationPeriodInDays });
const rotate = (KeyId: string) => send(used.client, 'RotateKeyOnDemand', { KeyId });
const disable = (KeyId: string) => send(used.client, 'DisableKey', { KeyId });
const schedule = (KeyId: string) => send(used.client, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
/** Matches the date of the next rotation, which is this many days after now. */
const inDays = (days: number) =>
  expect.toSatisfy((date: Date) => Math.abs(date.getTime() - Date.now() - days * dayMs) < dayMs / 2);

/** Asks about a key in a custom key store. */
const askAboutKeyInStore = async (): Promise<Asked> => {
  requireEmulator('a custom key store requires a cluster');
  const client = clientFor(used.emulator.endpoint, { account: '555555555555' });
  const CustomKeyStoreId = await createKeyStore(client, cloudHsm());
  await send(client, 'ConnectCustomKeyStore', { CustomKeyStoreId });
  const { KeyId, Arn } = await createKey(client, { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
  return { client, input: { KeyId }, values: { arn: Arn } };
};

const on = (days: number) => ({
  KeyId: '{arn}',
  KeyRotationEnabled: true,
  RotationPeriodInDays: days,
  NextRotationDate: inDays(days),
});
const off = { KeyId: '{arn}', KeyRotationEnabled: false };
const rotationMembers = ['RotationPeriodInDays', 'NextRotationDate', 'OnDemandRotationStartDate'];
const mac = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' } as const;

const status = { operation: 'GetKeyRotationStatus', source: 'rotation', recorded: true } as const;
const list = { operation: 'ListKeyRotations', source: 'rotation', recorded: true } as const;

const statusAnswers: Answer[] = [
  { ...status, situation: 'new key', ask: askAbout(), response: off, absent: rotationMembers },
  { ...status, situation: 'period of 90 days', ask: askAbout({}, (id) => enable(id, 90)), response: on(90) },
  { ...status, situation: 'no period', ask: askAbout({}, enable), response: on(365), recorded: false },
  {
    ...status,
    situation: 'enabled again without a period',
    ask: askAbout({}, async (id) => {
      await enable(id, 2560);
      await enable(id);
    }),
    response: on(2560),
  },
  {
    ...status,
    situation: 'enabled again with the same period',
    ask: askAbout({}, async (id) => {
      await enable(id, 90);
      await enable(id, 90);
    }),
    response: on(90),
  },
  {
    ...status,
    situation: 'enabled again without a period, after rotation was disabled',
    ask: askAbout({}, async (id) => {
      await enable(id, 90);
      await send(used.client, 'DisableKeyRotation', { KeyId: id });
      await enable(id);
    }),
    response: on(365),
  },
  {
    ...status,
    situation: 'disabled key',
    ask: askAbout({}, async (id) => {
      await enable(id, 90);
      await disable(id);
    }),
    response: on(90),
  },
  {
    ...status,
    situation: 'key that is pending deletion',
    ask: askAbout({}, async (id) => {
      await enable(id, 90);
      await schedule(id);
    }),
    response: off,
    absent: rotationMembers,
  },
  {
    ...status,
    situation: 'key whose deletion was canceled',
    ask: askAbout({}, async (id) => {
      await enable(id, 90);
      await schedule(id);
      await send(used.client, 'CancelKeyDeletion', { KeyId: id });
    }),
    response: on(90),
  },
  {
    ...status,
    source: 'replicas',
    situation: 'primary that waits for the deletion of its replicas',
    ask: async () => {
      const { client, KeyId, Arn } = await keyOfKind(used.client, 'replicated');
      await enable(KeyId, 90);
      await schedule(KeyId);
      return { client, input: { KeyId }, values: { arn: Arn } };
    },
    response: on(90),
  },
  {
    ...status,
    source: 'replicas',
    situation: 'replica of a primary that rotates',
    ask: () => askAboutReplica((KeyId) => enable(KeyId, 90)),
    response: on(90),
  },
  {
    ...status,
    source: 'replicas',
    situation: 'replica that is pending deletion',
    ask: async () => {
      const replica = await askAboutReplica((KeyId) => enable(KeyId, 90));
      await send(replica.client, 'ScheduleKeyDeletion', { ...replica.input, PendingWindowInDays: 7 });
      return replica;
    },
    response: off,
    absent: rotationMembers,
  },
  ...externalKeyStates().map(([situation, recorded, ask]) => ({
    ...status,
    source: 'imports' as const,
    recorded,
    situation,
    ask,
    response: off,
    absent: rotationMembers,
  })),
  {
    ...status,
    source: 'rotationStatus',
    recorded: false,
    situation: 'key in a custom key store',
    ask: askAboutKeyInStore,
    response: off,
    absent: rotationMembers,
  },
];

/** Prepares keys with Origin EXTERNAL in each state. */
function externalKeyStates(): [situation: string, recorded: boolean, ask: () => Promise<Asked>][] {
  const imported =
    (prepare: (KeyId: string) => Promise<unknown> = async () => {}) =>
    async (): Promise<Asked> => {
      const { client, KeyId, Arn } = await keyOfKind(used.client, 'external');
      await prepare(KeyId);
      return { client, input: { KeyId }, values: { arn: Arn } };
    };
  return [
    ['imported material', true, imported()],
    ['imported material that was never imported', true, askAbout({ Origin: 'EXTERNAL' })],
    ['imported material, disabled key', false, imported(disable)],
    ['imported material, key that is pending deletion', false, imported(schedule)],
    [
      'imported material that was deleted',
      false,
      imported((KeyId) => send(used.client, 'DeleteImportedKeyMaterial', { KeyId })),
    ],
  ];
}

/** Asks about the replica of a new multi-Region key. */
async function askAboutReplica(prepare: (KeyId: string) => Promise<unknown> = async () => {}): Promise<Asked> {
  const { KeyId, Arn } = await keyOfKind(used.client, 'replicated');
  await prepare(KeyId);
  const client = clientFor(used.emulator.endpoint, { region: replicaRegion });
  return { client, input: { KeyId }, values: { arn: Arn.replace('us-east-1', replicaRegion), id: KeyId } };
}

/** Asks about a key that is not a symmetric encryption key. */
const askAboutSpec =
  (KeySpec: KeySpec, input = {}) =>
  async (): Promise<Asked> => {
    const { KeyId, Arn } = await findKeyOfSpec(used.client, KeySpec);
    return { client: used.client, input: { KeyId, ...input }, values: { arn: Arn } };
  };

const listAnswers: Answer[] = [
  { ...list, situation: 'new key', ask: askAbout(), response: { Rotations: [], Truncated: false } },
  {
    ...list,
    situation: 'all material of a new key',
    ask: askAbout({}, undefined, { IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    response: { Rotations: [{ KeyId: '{arn}', KeyMaterialState: 'CURRENT' }], Truncated: false },
    absent: ['Rotations.0.RotationDate', 'Rotations.0.RotationType', 'Rotations.0.ImportState'],
  },
  {
    ...list,
    situation: 'rotated key',
    ask: askAbout({}, rotate),
    response: { Rotations: [{ KeyId: '{arn}', KeyMaterialState: 'CURRENT', RotationType: 'ON_DEMAND' }] },
  },
  ...otherKeySpecs.map((KeySpec) => ({
    ...list,
    recorded: KeySpec === 'HMAC_256',
    situation: `${KeySpec} key`,
    ask: askAboutSpec(KeySpec),
    response: { Rotations: [], Truncated: false },
  })),
  ...otherKeySpecs.map((KeySpec) => ({
    ...list,
    source: 'importFamilies' as const,
    recorded: false,
    situation: `all material of a ${KeySpec} key`,
    ask: askAboutSpec(KeySpec, { IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    error: ['ValidationException', 'Input parameter includeKeyMaterial can only be used with symmetric keys.'] as const,
  })),
  ...(['HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512'] as const).map((KeySpec) => ({
    ...list,
    source: 'importFamilies' as const,
    situation: `all material of a ${KeySpec} key with Origin EXTERNAL`,
    ask: async () => {
      const KeyId = await createExternalKey(used.client, { ...mac, KeySpec });
      return { client: used.client, input: { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' } };
    },
    error: ['ValidationException', 'Input parameter includeKeyMaterial can only be used with symmetric keys.'] as const,
  })),
  {
    ...list,
    source: 'imports',
    situation: 'all material of a key that waits for its first import',
    ask: askAbout({ Origin: 'EXTERNAL' }, undefined, { IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    response: { Rotations: [], Truncated: false },
  },
  {
    ...list,
    recorded: false,
    situation: 'key in a custom key store',
    ask: askAboutKeyInStore,
    response: { Rotations: [], Truncated: false },
  },
];

const markers: Answer[] = [
  { ...list, situation: 'invalid marker', ask: askAbout({}, undefined, { Marker: 'x' }), error: invalidMarker() },
  ...(['ListAliases', 'ListGrants', 'ListKeyPolicies', 'ListResourceTags'] as const).map((operation) => ({
    ...list,
    operation,
    recorded: false,
    situation: 'invalid marker',
    ask: askAbout({}, undefined, { Marker: 'x' }),
    error: invalidMarker(),
  })),
  ...(['DescribeCustomKeyStores', 'ListKeys', 'ListRetirableGrants'] as const).map((operation) => ({
    ...list,
    operation,
    recorded: false,
    situation: 'invalid marker',
    ask: async () => {
      const RetiringPrincipal = 'arn:aws:iam::000000000000:root';
      const input = operation === 'ListRetirableGrants' ? { RetiringPrincipal } : {};
      return { client: used.client, input: { ...input, Marker: 'x' } };
    },
    error: invalidMarker(),
  })),
];

function invalidMarker() {
  return ['InvalidMarkerException', ''] as const;
}

const changes = ['EnableKeyRotation', 'DisableKeyRotation', 'RotateKeyOnDemand'] as const;
const changeAnswers: Answer[] = [
  {
    operation: 'RotateKeyOnDemand',
    situation: 'symmetric key',
    source: 'rotation',
    recorded: true,
    ask: askAbout(),
    response: { KeyId: '{arn}' },
  },
  ...changes.flatMap((operation): Answer[] => [
    {
      operation,
      situation: 'disabled key',
      source: 'rotation',
      recorded: true,
      ask: askAbout({}, disable),
      error: ['DisabledException', '{arn} is disabled.'],
    },
    {
      operation,
      situation: 'key that is pending deletion',
      source: 'rotation',
      recorded: true,
      ask: askAbout({}, schedule),
      error: ['KMSInvalidStateException', '{arn} is pending deletion.'],
    },
    {
      operation,
      situation: 'alias',
      source: 'rotation',
      recorded: true,
      ask: async () => ({ client: used.client, input: { KeyId: 'alias/app' } }),
      error: ['InvalidArnException', 'Key Aliases are not supported for this operation.'],
    },
    {
      operation,
      situation: 'replica',
      source: 'replicas',
      recorded: true,
      ask: askAboutReplica,
      error: [
        'UnsupportedOperationException',
        `{arn} is a multi-region replica key which is not valid for ${operation}.`,
      ],
    },
  ]),
  ...(['EnableKeyRotation', 'RotateKeyOnDemand'] as const).flatMap((operation) =>
    otherKeySpecs.map((KeySpec) => ({
      operation,
      situation: `${KeySpec} key`,
      source: 'rotation' as const,
      recorded: KeySpec === 'HMAC_256',
      ask: askAboutSpec(KeySpec),
      error: ['UnsupportedOperationException', ''] as const,
    })),
  ),
  {
    operation: 'DisableKeyRotation',
    situation: 'HMAC_256 key',
    source: 'rotation',
    recorded: true,
    ask: askAbout(mac),
    response: {},
  },
  ...(['EnableKeyRotation', 'DisableKeyRotation'] as const).map((operation) => ({
    operation,
    situation: 'key that waits for its first import',
    source: 'imports' as const,
    recorded: true,
    ask: askAbout({ Origin: 'EXTERNAL' }),
    error: [
      'UnsupportedOperationException',
      '{arn} origin is EXTERNAL which is not valid for this operation.',
    ] as const,
  })),
  {
    operation: 'RotateKeyOnDemand',
    situation: 'key that waits for its first import',
    source: 'imports',
    recorded: true,
    ask: askAbout({ Origin: 'EXTERNAL' }),
    error: ['KMSInvalidStateException', '{arn} is pending import.'],
  },
];

const overdueAnswers: Answer[] = [
  {
    operation: 'ListKeyRotations',
    situation: 'key that was enabled again after several rotations became due',
    source: 'overdueRotation',
    recorded: false,
    ask: askAbout({}, async (KeyId) => {
      await enable(KeyId, 90);
      await disable(KeyId);
      used.emulator.clock.advance(300 * dayMs);
      await send(used.client, 'EnableKey', { KeyId });
      used.emulator.clock.advance(-300 * dayMs);
    }),
    response: { Rotations: [{ KeyMaterialState: 'CURRENT', RotationType: 'AUTOMATIC' }] },
    absent: ['Rotations.1'],
  },
];

testAnswers([...statusAnswers, ...listAnswers, ...markers, ...changeAnswers, ...overdueAnswers]);
