import { randomBytes } from 'node:crypto';
import * as kms from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deleteImportedKeyMaterial, describeKeyUsage, scheduleKeyDeletion } from '../../../functions/operations.ts';
import { type FunctionConfig, readFunctionConfig } from '../../../shared/config/function-config.ts';
import type { JsonObject, Operation } from '../../../shared/declaration/operation.ts';
import { buildBearerEvent, buildDeployedConfig, claimTenancy, createGatewayContext } from '../../support/deployed.ts';
import { clientFor, useEmulator } from '../../support/emulator.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { importMaterial } from '../../support/import.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';
import {
  changeJson,
  type ProxiedRequest,
  type RewritingProxy,
  startRewritingProxy,
} from '../../support/rewriting-proxy.ts';

const used = useEmulator({ seed: 'none' });
let proxy: RewritingProxy;
let requests: ProxiedRequest[] = [];
beforeAll(async () => {
  proxy = await startRewritingProxy(used.emulator.endpoint);
  setLocalEnvironment(proxy.url);
});
afterAll(() => proxy.close());
beforeEach(() => {
  requests = [];
  watch(() => undefined);
});

type Answer = Parameters<typeof watch>[0];

/** Records all requests to KMS. `answer` may return a response instead of the emulator's. */
function watch(answer: NonNullable<RewritingProxy['rewrite']>): void {
  proxy.rewrite = (request, forward) => {
    requests.push(request);
    return answer(request, forward);
  };
}

const dayMs = 24 * 60 * 60 * 1_000;
const daysAgo = (days: number) => (Date.now() - days * dayMs) / 1_000;
const triggers = ['direct', 'http'] as const;
type Trigger = (typeof triggers)[number];
type Overrides = Partial<FunctionConfig>;

async function call(
  trigger: Trigger,
  operation: Operation,
  input: JsonObject,
  overrides: Overrides = {},
): Promise<Outcome> {
  const config = { ...readFunctionConfig(), regions: ['us-east-1', 'eu-west-1'], deletionGuardDays: 7, ...overrides };
  const handler = await loadHandler(operation, config);
  return invoke(handler, trigger === 'http' ? buildHttpEvent(operation, operation.routes[0], input) : input);
}

const schedule = (trigger: Trigger, input: JsonObject, overrides?: Overrides) =>
  call(trigger, scheduleKeyDeletion, input, overrides);

/** Returns the result of a successful DescribeKeyUsage call. */
// biome-ignore lint/suspicious/noExplicitAny: the assertions check the members.
async function describeUse(KeyId: string, overrides?: Overrides): Promise<any> {
  const outcome = await call('http', describeKeyUsage, { KeyId }, overrides);
  if (!outcome.ok) throw new Error(outcome.text);
  return outcome.body;
}

async function createKey(input: kms.CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await used.client.send(new kms.CreateKeyCommand(input));
  return KeyMetadata?.Arn ?? '';
}

async function readState(arn: string): Promise<string | undefined> {
  const client = clientFor(used.emulator.endpoint, { region: arn.split(':')[3] ?? '' });
  const { KeyMetadata } = await client.send(new kms.DescribeKeyCommand({ KeyId: arn }));
  client.destroy();
  return KeyMetadata?.KeyState;
}

async function encrypt(arn: string): Promise<void> {
  const client = clientFor(used.emulator.endpoint, { region: arn.split(':')[3] ?? '' });
  await client.send(new kms.EncryptCommand({ KeyId: arn, Plaintext: Buffer.from('data') }));
  client.destroy();
}

async function createReplicatedKey(): Promise<readonly [primary: string, replica: string]> {
  const primary = await createKey({ MultiRegion: true });
  await used.client.send(new kms.ReplicateKeyCommand({ KeyId: primary, ReplicaRegion: 'eu-west-1' }));
  return [primary, primary.replace('us-east-1', 'eu-west-1')];
}

/** Changes the responses of GetKeyLastUsage, which the emulator cannot return for a new key. */
const changeLastUsage =
  (change: (body: Record<string, unknown>) => object): NonNullable<RewritingProxy['rewrite']> =>
  (request, forward) =>
    request.target === 'GetKeyLastUsage' ? changeJson(forward(), change) : undefined;

const usedDaysAgo = (days: number) =>
  changeLastUsage((body) => ({ ...body, KeyLastUsage: { Operation: 'Decrypt', Timestamp: daysAgo(days) } }));
/** A key that existed 100 days before AWS began to track its use. */
const untracked = changeLastUsage((body) => ({
  ...body,
  KeyLastUsage: {},
  KeyCreationDate: daysAgo(200),
  TrackingStartDate: daysAgo(100),
}));

interface Row {
  readonly prepare?: () => Promise<string>;
  readonly answer?: NonNullable<RewritingProxy['rewrite']>;
  readonly input?: JsonObject;
  readonly overrides?: Overrides;
  /** The reasons in the response, in order. Without reasons, the deletion is scheduled. */
  readonly reasons?: readonly (string | RegExp)[];
}

const iso = /\d{4}-\d\d-\d\dT[\d:.]+Z/.source;
const recently = (region: string, operation = 'Encrypt') =>
  new RegExp(`^was used by ${operation} in ${region} at ${iso}, in the last 7 days$`);

const createUsedKey = async () => {
  const key = await createKey();
  await encrypt(key);
  return key;
};

/** Whether ScheduleKeyDeletion schedules a deletion with a guard of 7 days. */
const answers: Readonly<Record<string, Row>> = {
  'a key that was never used': {},
  'a key that was used today': { prepare: createUsedKey, reasons: [recently('us-east-1')] },
  'a key that was used 6 days ago': { answer: usedDaysAgo(6), reasons: [recently('us-east-1', 'Decrypt')] },
  'a key that was used 8 days ago': { answer: usedDaysAgo(8) },
  'a key that was used 8 days ago, with a guard of 30 days': {
    answer: usedDaysAgo(8),
    overrides: { deletionGuardDays: 30 },
    reasons: [/in the last 30 days$/],
  },
  'a key that was used today, with Force': { prepare: createUsedKey, input: { Force: true } },
  'a key that was used today, with Force set to false': {
    prepare: createUsedKey,
    input: { Force: false },
    reasons: [recently('us-east-1')],
  },
  'a key that was used today, without a guard': { prepare: createUsedKey, overrides: { deletionGuardDays: 0 } },
  'a key that was used today and is now disabled': {
    prepare: async () => {
      const key = await createUsedKey();
      await used.client.send(new kms.DisableKeyCommand({ KeyId: key }));
      return key;
    },
    reasons: [recently('us-east-1')],
  },
  'a key whose use is unknown, because it is older than the tracking': {
    answer: untracked,
    reasons: [
      new RegExp(
        `^has no recorded use in us-east-1, but may have been used before AWS KMS began to track its use on ${iso}$`,
      ),
    ],
  },
  'a key whose use is unknown, with Force': { answer: untracked, input: { Force: true } },
  'a key whose last usage has no dates': {
    answer: changeLastUsage(({ KeyId }) => ({ KeyId })),
    reasons: ['has no recorded use in us-east-1, but may have been used before AWS KMS began to track its use'],
  },
  'an unused key with an alias and a grant': {
    prepare: async () => {
      const key = await createKey();
      await addDependents(key, 1);
      return key;
    },
  },
  'a used key with aliases and grants': {
    prepare: async () => {
      const key = await createUsedKey();
      await addDependents(key, 7);
      return key;
    },
    reasons: [
      recently('us-east-1'),
      /^has 7 aliases in us-east-1(: alias\/dependent-\d+|, alias\/dependent-\d+){5}, …$/,
      'has 1 grant in us-east-1',
    ],
  },
  'a multi-Region key that was never used in any Region': { prepare: async () => (await createReplicatedKey())[0] },
  'a multi-Region key whose replica was used': {
    prepare: async () => {
      const [primary, replica] = await createReplicatedKey();
      await encrypt(replica);
      return primary;
    },
    reasons: [recently('eu-west-1')],
  },
  'a replica whose primary key was used': {
    prepare: async () => {
      const [primary, replica] = await createReplicatedKey();
      await encrypt(primary);
      return replica;
    },
    reasons: [recently('us-east-1')],
  },
  'a multi-Region key with a replica in a Region that the deployment does not list': {
    prepare: async () => (await createReplicatedKey())[0],
    overrides: { regions: ['us-east-1'] },
    reasons: [
      'has a related multi-Region key in eu-west-1, whose use is unknown, because this service does not use keys in that Region',
    ],
  },
  'a multi-Region key with a replica in such a Region, with Force': {
    prepare: async () => (await createReplicatedKey())[0],
    overrides: { regions: ['us-east-1'] },
    input: { Force: true },
  },
};

let aliases = 0;
async function addDependents(key: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    aliases += 1;
    await used.client.send(new kms.CreateAliasCommand({ AliasName: `alias/dependent-${aliases}`, TargetKeyId: key }));
  }
  const GranteePrincipal = 'arn:aws:iam::000000000000:role/app';
  await used.client.send(new kms.CreateGrantCommand({ KeyId: key, GranteePrincipal, Operations: ['Decrypt'] }));
}

const rows = Object.entries(answers).flatMap(([title, row]) => triggers.map((trigger) => ({ title, trigger, row })));

describe('ScheduleKeyDeletion', () => {
  test.for(rows)('answers for $title ($trigger)', async ({ trigger, row }) => {
    const { prepare = createKey, answer = () => undefined, input, overrides, reasons } = row;
    const KeyId = await prepare();
    watch(answer);
    const outcome = await schedule(trigger, { KeyId, PendingWindowInDays: 7, ...input }, overrides);
    const sent = requests.find(({ target }) => target === 'ScheduleKeyDeletion');
    if (reasons === undefined) {
      expect(outcome).toMatchObject({ ok: true });
      expect(JSON.parse(sent?.body ?? '')).toEqual({ KeyId, PendingWindowInDays: 7 });
      expect(await readState(KeyId)).toMatch(/^Pending/);
      return;
    }
    expect(sent).toBeUndefined();
    expect(await readState(KeyId)).not.toMatch(/^Pending/);
    if (outcome.ok || outcome.code !== 'KeyInUseError') throw new Error(outcome.text);
    const days = overrides?.deletionGuardDays ?? 7;
    const advice = `Disable the key, wait for ${days} days, and repeat the request if nothing fails. To omit the check, set Force to true.`;
    expect(outcome.text).toContain(advice);
    const found = readReasons(outcome, advice);
    expect(found).toHaveLength(reasons.length);
    for (const [index, reason] of reasons.entries()) expect(found[index]).toMatch(reason);
  });

  /** Returns the reasons in a problem document or, because direct invocations return only a message, in the message. */
  function readReasons(outcome: Outcome & { ok: false }, advice: string): string[] {
    const message =
      outcome.trigger === 'http' ? outcome.problem.detail : outcome.error.message.replace('KeyInUseError: ', '');
    const inMessage = message
      .replace(` ${advice}`, '')
      .replace(/^The key /, '')
      .replace(/\.$/, '')
      .split('; it ');
    if (outcome.trigger === 'direct') return inMessage;
    expect(outcome.problem).toMatchObject({ status: 409, retryable: false });
    expect(outcome.problem.errors).toEqual(inMessage.map((detail) => ({ pointer: '/KeyId', detail })));
    return inMessage;
  }

  test.for(triggers)('a key that is already pending deletion gets the error of KMS (%s)', async (trigger) => {
    const KeyId = await createUsedKey();
    await used.client.send(new kms.ScheduleKeyDeletionCommand({ KeyId }));
    expect(await schedule(trigger, { KeyId })).toMatchObject({ ok: false, code: 'KMSInvalidStateException' });
  });

  test.for(triggers)('a key that does not exist gets the error of KMS (%s)', async (trigger) => {
    const KeyId = '5a4d1e00-0000-4000-8000-00000000dead';
    expect(await schedule(trigger, { KeyId })).toMatchObject({ ok: false, code: 'NotFoundException' });
  });

  test('Force must be a boolean', async () => {
    const outcome = await schedule('http', { KeyId: await createKey(), Force: 'true' });
    expect(outcome).toMatchObject({ ok: false, problem: { errors: [{ pointer: '/Force' }] } });
  });

  const throttled = { status: 400, body: JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' }) };
  const denied = {
    status: 400,
    body: JSON.stringify({ __type: 'AccessDeniedException', message: 'explicit deny in a resource-based policy' }),
  };
  const failures: Readonly<Record<string, readonly [Answer, string]>> = {
    'KMS throttles DescribeKey': [onlyFor('DescribeKey', throttled), 'because KMS returned ThrottlingException'],
    'KMS throttles GetKeyLastUsage': [
      onlyFor('GetKeyLastUsage', throttled),
      'used in us-east-1, because KMS returned ThrottlingException',
    ],
    'KMS denies GetKeyLastUsage': [
      onlyFor('GetKeyLastUsage', denied),
      'used in us-east-1, because KMS returned AccessDeniedException',
    ],
    'KMS fails in the Region of a replica': [
      ({ target, body }) =>
        target === 'GetKeyLastUsage' && body.includes('eu-west-1')
          ? Promise.resolve({ status: 500, body: '{"__type":"KMSInternalException"}' })
          : undefined,
      'used in eu-west-1, because KMS returned KMSInternalException',
    ],
  };
  const failureRows = Object.entries(failures).flatMap(([title, [answer, detail]]) =>
    triggers.map((trigger) => ({ title, trigger, answer, detail })),
  );

  test.for(failureRows)(
    'answers 503 and schedules nothing if $title ($trigger)',
    async ({ trigger, answer, detail }) => {
      const [KeyId] = await createReplicatedKey();
      watch(answer);
      const outcome = await schedule(trigger, { KeyId });
      expect(outcome).toMatchObject({ ok: false, code: 'ServiceUnavailableException' });
      expect(outcome.text).toContain(detail);
      expect(outcome.text).toContain('The key is unchanged.');
      expect(await readState(KeyId)).toBe('Enabled');
      expect(await schedule(trigger, { KeyId, Force: true })).toMatchObject({ ok: true });
    },
  );

  test("a check without a response from KMS ends with a 503 within half of the call's time", async () => {
    const KeyId = await createKey();
    watch(({ target }) => (target === 'GetKeyLastUsage' ? new Promise(() => undefined) : undefined));
    const config = { ...readFunctionConfig(), deletionGuardDays: 7 };
    const handler = await loadHandler(scheduleKeyDeletion, config);
    const outcome = await invoke(handler, { KeyId }, createContext(1_300));
    expect(outcome).toMatchObject({ ok: false, code: 'ServiceUnavailableException' });
    expect(outcome.text).toContain('because KMS returned TimeoutError');
    expect(requests.some(({ target }) => target === 'ScheduleKeyDeletion')).toBe(false);
  });

  test('a refusal does not depend on the lists of aliases and grants', async () => {
    const KeyId = await createUsedKey();
    watch(({ target }) => (/^List/.test(target) ? Promise.resolve(throttled) : undefined));
    const outcome = await schedule('direct', { KeyId });
    expect(outcome).toMatchObject({ ok: false, code: 'KeyInUseError' });
    expect(outcome.text).toContain('it may have aliases in us-east-1, which the service could not list');
  });

  test('an unused key costs two more requests to KMS, and a call with Force none', async () => {
    const [first, second] = [await createKey(), await createKey()];
    await schedule('direct', { KeyId: first });
    expect(requests.map(({ target }) => target)).toEqual(['DescribeKey', 'GetKeyLastUsage', 'ScheduleKeyDeletion']);
    requests = [];
    await schedule('direct', { KeyId: second, Force: true });
    expect(requests.map(({ target }) => target)).toEqual(['ScheduleKeyDeletion']);
  });
});

function onlyFor(operation: string, response: { status: number; body: string }): Answer {
  return ({ target }) => (target === operation ? Promise.resolve(response) : undefined);
}

describe('DeleteImportedKeyMaterial', () => {
  const create = (input: kms.CreateKeyCommandInput = {}) => createKey({ Origin: 'EXTERNAL', ...input });
  const createImported = async (input?: kms.CreateKeyCommandInput) => {
    const KeyId = await create(input);
    await importMaterial(used.client, KeyId, randomBytes(32));
    return KeyId;
  };
  const createUsed = async () => {
    const KeyId = await createImported();
    await encrypt(KeyId);
    return KeyId;
  };

  interface MaterialRow extends Omit<Row, 'reasons' | 'prepare'> {
    readonly prepare: () => Promise<string>;
    /** The error code in the response, or the state of the key afterwards. */
    readonly code?: string;
    readonly state: string;
  }
  const materialAnswers: Readonly<Record<string, MaterialRow>> = {
    'a key that was never used': { prepare: createImported, state: 'PendingImport' },
    'a key that was used today': { prepare: createUsed, code: 'KeyInUseError', state: 'Enabled' },
    'a key that was used today, with Force': { prepare: createUsed, input: { Force: true }, state: 'PendingImport' },
    'a key that was used today, without a guard': {
      prepare: createUsed,
      overrides: { deletionGuardDays: 0 },
      state: 'PendingImport',
    },
    'a key whose use is unknown': {
      prepare: createImported,
      answer: untracked,
      code: 'KeyInUseError',
      state: 'Enabled',
    },
    'a used key that is pending deletion, because its deletion can be canceled': {
      prepare: async () => {
        const KeyId = await createUsed();
        await used.client.send(new kms.ScheduleKeyDeletionCommand({ KeyId }));
        return KeyId;
      },
      code: 'KeyInUseError',
      state: 'PendingDeletion',
    },
    'a key without material': { prepare: create, answer: untracked, state: 'PendingImport' },
    'a used key whose material is from KMS': {
      prepare: createUsedKey,
      code: 'UnsupportedOperationException',
      state: 'Enabled',
    },
    'a multi-Region key whose replica was used, because the replica keeps its material': {
      prepare: async () => {
        const KeyId = await createImported({ MultiRegion: true });
        await used.client.send(new kms.ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
        return KeyId;
      },
      answer: (request, forward) => (request.body.includes('eu-west-1') ? usedDaysAgo(1)(request, forward) : undefined),
      state: 'PendingImport',
    },
  };
  const materialRows = Object.entries(materialAnswers).flatMap(([title, row]) =>
    triggers.map((trigger) => ({ title, trigger, row })),
  );

  test.for(materialRows)('answers for $title ($trigger)', async ({ trigger, row }) => {
    const { prepare, answer = () => undefined, input, overrides, code, state } = row;
    const KeyId = await prepare();
    watch(answer);
    const outcome = await call(trigger, deleteImportedKeyMaterial, { KeyId, ...input }, overrides);
    expect(outcome).toMatchObject(code === undefined ? { ok: true } : { ok: false, code });
    expect(await readState(KeyId)).toBe(state);
    const sent = requests.find(({ target }) => target === 'DeleteImportedKeyMaterial');
    // KMS never receives Force.
    expect(sent && JSON.parse(sent.body)).toEqual(code === 'KeyInUseError' ? undefined : { KeyId });
    if (code === 'KeyInUseError') expect(outcome.text).toContain('To omit the check, set Force to true.');
  });
});

describe('DescribeKeyUsage', () => {
  test('reports the last use, aliases, grants and tags in every Region of a key', async () => {
    const [primary, replica] = await createReplicatedKey();
    await encrypt(replica);
    await addDependents(primary, 2);
    await used.client.send(
      new kms.TagResourceCommand({ KeyId: primary, Tags: [{ TagKey: 'team', TagValue: 'orders' }] }),
    );
    const usage = await describeUse(primary);
    expect(usage).toMatchObject({
      KeyId: primary,
      LastUse: { Status: 'USED', Operation: 'Encrypt', Region: 'eu-west-1' },
      DeletionGuard: { Days: 7, Refusals: [expect.stringMatching(recently('eu-west-1'))] },
      Complete: true,
      Regions: [
        {
          Region: 'us-east-1',
          KeyId: primary,
          KeyState: 'Enabled',
          LastUse: { Status: 'NOT_USED' },
          Aliases: [expect.stringMatching(/^alias\/dependent-/), expect.stringMatching(/^alias\/dependent-/)],
          AliasesTruncated: false,
          Grants: [{ GranteePrincipal: 'arn:aws:iam::000000000000:role/app', Operations: ['Decrypt'] }],
          GrantsTruncated: false,
          Tags: [{ TagKey: 'team', TagValue: 'orders' }],
          Errors: [],
        },
        {
          Region: 'eu-west-1',
          KeyId: replica,
          LastUse: {
            Status: 'USED',
            Operation: 'Encrypt',
            KmsRequestId: expect.stringMatching(/^[\w-]{36}$/),
            CloudTrailEventId: expect.stringMatching(/^[\w-]{36}$/),
          },
          Aliases: [],
          Errors: [],
        },
      ],
    });
    expect(describeKeyUsage.output().safeParse(usage).success).toBe(true);
  });

  test.for(triggers)('describes the key behind an alias (%s)', async (trigger) => {
    const KeyId = await createKey();
    await used.client.send(new kms.CreateAliasCommand({ AliasName: `alias/use-${trigger}`, TargetKeyId: KeyId }));
    const outcome = await call(trigger, describeKeyUsage, { KeyId: `alias/use-${trigger}` });
    expect(outcome).toMatchObject({
      ok: true,
      body: { KeyId, LastUse: { Status: 'NOT_USED' }, DeletionGuard: { Refusals: [] } },
    });
  });

  test('a use before the tracking, or in a Region that the deployment does not list, is unknown', async () => {
    watch(untracked);
    expect(await describeUse(await createKey())).toMatchObject({ LastUse: { Status: 'UNKNOWN' }, Complete: true });
    watch(() => undefined);
    const [primary] = await createReplicatedKey();
    const usage = await describeUse(primary, { regions: ['us-east-1'] });
    expect(usage).toMatchObject({
      LastUse: { Status: 'UNKNOWN' },
      Complete: false,
      Regions: [
        { Errors: [] },
        { Region: 'eu-west-1', LastUse: { Status: 'UNKNOWN' }, Errors: [{ Code: 'ValidationException' }] },
      ],
    });
  });

  test('a request that fails leaves out only its part, and the response says so', async () => {
    const KeyId = await createUsedKey();
    watch(onlyFor('ListGrants', { status: 400, body: '{"__type":"AccessDeniedException","message":"no"}' }));
    const usage = await describeUse(KeyId);
    expect(usage).toMatchObject({
      LastUse: { Status: 'USED' },
      Complete: false,
      Regions: [{ Aliases: [], Tags: [], Errors: [{ Operation: 'ListGrants', Code: 'AccessDeniedException' }] }],
    });
    expect(usage.Regions[0]).not.toHaveProperty('Grants');
  });

  test('a list with more than 100 grants is truncated, and the response says so', async () => {
    const KeyId = await createKey();
    const grant = { KeyId, GranteePrincipal: 'arn:aws:iam::000000000000:role/app', Operations: ['Decrypt' as const] };
    await Promise.all(Array.from({ length: 101 }, () => used.client.send(new kms.CreateGrantCommand(grant))));
    const usage = await describeUse(KeyId);
    expect(usage).toMatchObject({ Complete: false, Regions: [{ GrantsTruncated: true, AliasesTruncated: false }] });
    expect(usage.Regions[0].Grants).toHaveLength(100);
  });
});

describe('a caller with limits', () => {
  const callAs = async (
    claims: Record<string, string>,
    operation: Operation,
    input: JsonObject,
    overrides: Overrides,
  ) => {
    const config = buildDeployedConfig({
      auth: 'jwt',
      regions: ['us-east-1', 'eu-west-1'],
      deletionGuardDays: 7,
      ...overrides,
    });
    const event = buildBearerEvent(operation, claims, input);
    return invoke(await loadHandler(operation, config), event, createGatewayContext());
  };
  const tagFor = (tenant: string) => ({ Tags: [{ TagKey: 'tenant', TagValue: tenant }] });
  const rejected = { ok: false, code: 'CallerNotAllowedError' };

  test('a tenant sees and deletes only its own keys', async () => {
    const [own, foreign] = [await createKey(tagFor('a')), await createKey(tagFor('b'))];
    const limits = { tenancy: claimTenancy };
    const claims = { tenant_id: 'a' };
    expect(await callAs(claims, describeKeyUsage, { KeyId: own }, limits)).toMatchObject({
      ok: true,
      body: { Complete: true },
    });
    expect(await callAs(claims, describeKeyUsage, { KeyId: foreign }, limits)).toMatchObject(rejected);
    requests = [];
    expect(await callAs(claims, scheduleKeyDeletion, { KeyId: foreign }, limits)).toMatchObject(rejected);
    expect(requests.map(({ target }) => target)).not.toContain('GetKeyLastUsage');
    expect(await callAs(claims, scheduleKeyDeletion, { KeyId: own }, limits)).toMatchObject({ ok: true });
  });

  test('a replica that belongs to another tenant counts as unknown, and its use is not revealed', async () => {
    const primary = await createKey({ MultiRegion: true, ...tagFor('a') });
    await used.client.send(new kms.ReplicateKeyCommand({ KeyId: primary, ReplicaRegion: 'eu-west-1', ...tagFor('b') }));
    await encrypt(primary.replace('us-east-1', 'eu-west-1'));
    const limits = { tenancy: claimTenancy };
    const outcome = await callAs({ tenant_id: 'a' }, scheduleKeyDeletion, { KeyId: primary }, limits);
    if (outcome.ok || outcome.trigger !== 'http') throw new Error(outcome.text);
    expect(outcome.problem.errors).toEqual([
      {
        pointer: '/KeyId',
        detail: 'has an unknown use in eu-west-1, because the caller may not use the key in that Region',
      },
    ]);
    const usage = await callAs({ tenant_id: 'a' }, describeKeyUsage, { KeyId: primary }, limits);
    expect(usage).toMatchObject({ ok: true, body: { LastUse: { Status: 'UNKNOWN' }, Complete: false } });
    expect(usage.text).not.toContain('Timestamp');
  });

  test('a caller with a key list describes only the keys in its list', async () => {
    const [own, other] = [await createKey(), await createKey()];
    const limits = { keysClaim: 'keys' };
    expect(await callAs({ keys: own }, describeKeyUsage, { KeyId: own }, limits)).toMatchObject({ ok: true });
    expect(await callAs({ keys: own }, describeKeyUsage, { KeyId: other }, limits)).toMatchObject(rejected);
    expect(await callAs({ keys: own }, scheduleKeyDeletion, { KeyId: other }, limits)).toMatchObject(rejected);
  });
});
