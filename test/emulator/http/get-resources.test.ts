import { CreateKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  paginateGetResources,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../emulator/index.ts';
import { catchError } from '../../support/emulator.ts';

const account = '111122223333';
const allow = (Action: string) => JSON.stringify({ Statement: { Effect: 'Allow', Action, Resource: '*' } });
const principal = (AccessKeyId: string, ...Policies: string[]) => ({
  AccessKeyId,
  Arn: `arn:aws:iam::${account}:user/${AccessKeyId}`,
  SecretAccessKey: 'secret',
  Policies,
});

/** The API: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html. */
describe('GetResources', () => {
  let emulator: Emulator;
  const clients = new Map<string, ResourceGroupsTaggingAPIClient>();
  const arns = new Map<string, string>();

  const settings = (accessKeyId: string, region: string) => ({
    endpoint: emulator.endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const search = (input: GetResourcesCommandInput, accessKeyId = account, region = 'us-east-1') => {
    const client = new ResourceGroupsTaggingAPIClient(settings(accessKeyId, region));
    clients.set(accessKeyId + region, client);
    return client.send(new GetResourcesCommand(input));
  };
  /** Returns the names of the keys that a search found. */
  const find = async (input: GetResourcesCommandInput, accessKeyId?: string, region?: string) => {
    const { ResourceTagMappingList = [] } = await search(input, accessKeyId, region);
    const names = new Map([...arns].map(([name, arn]) => [arn, name]));
    return ResourceTagMappingList.map(({ ResourceARN = '' }) => names.get(ResourceARN) ?? ResourceARN);
  };
  const createKey = async (name: string, tags: Record<string, string>, region = 'us-east-1') => {
    const client = new KMSClient(settings(account, region));
    const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Tags }));
    arns.set(name, KeyMetadata?.Arn ?? '');
    return { client, KeyId: KeyMetadata?.KeyId };
  };

  beforeAll(async () => {
    const Principals = [
      principal('AKIAALLOWED', allow('tag:GetResources')),
      principal('AKIADENIED', allow('kms:*')),
      principal('AKIAANY', allow('*')),
    ];
    emulator = await startEmulator({ seed: { Version: 1, Keys: [], Principals }, verifySignatures: false });
    await createKey('one', { team: 'red', stage: 'dev' });
    await createKey('two', { team: 'blue', stage: 'dev' });
    await createKey('three', { team: 'red', stage: '' });
    await createKey('untagged', {});
    await createKey('elsewhere', { team: 'red' }, 'eu-west-1');
  });
  afterAll(() => emulator.close());

  test.each([
    ['all tagged keys without a filter', [], ['one', 'two', 'three']],
    ['the keys with a tag', [{ Key: 'team', Values: ['red'] }], ['one', 'three']],
    ['the keys with any of several values', [{ Key: 'team', Values: ['red', 'blue'] }], ['one', 'two', 'three']],
    ['the keys with a tag key if the filter has no values', [{ Key: 'stage' }], ['one', 'two', 'three']],
    ['the keys with an empty value', [{ Key: 'stage', Values: [''] }], ['three']],
    [
      'only keys that match all filters',
      [
        { Key: 'team', Values: ['red'] },
        { Key: 'stage', Values: ['dev'] },
      ],
      ['one'],
    ],
    ['no keys if the case of a value differs', [{ Key: 'team', Values: ['Red'] }], []],
  ])('returns %s', async (_, TagFilters, expected) => {
    expect(await find({ TagFilters })).toEqual(expected);
  });

  test('returns the ARN and all tags of a key', async () => {
    const { ResourceTagMappingList, PaginationToken } = await search({
      TagFilters: [{ Key: 'team', Values: ['blue'] }],
      ResourceTypeFilters: ['kms:key'],
    });
    const Tags = [
      { Key: 'stage', Value: 'dev' },
      { Key: 'team', Value: 'blue' },
    ];
    expect(ResourceTagMappingList).toEqual([{ ResourceARN: arns.get('two'), Tags }]);
    expect(PaginationToken).toBe('');
  });

  test('returns keys only for resource types of KMS', async () => {
    const TagFilters = [{ Key: 'team', Values: ['blue'] }];
    expect(await find({ TagFilters, ResourceTypeFilters: ['kms'] })).toEqual(['two']);
    expect(await find({ TagFilters, ResourceTypeFilters: ['s3', 'kms:key'] })).toEqual(['two']);
    expect(await find({ TagFilters, ResourceTypeFilters: ['s3', 'kms:alias'] })).toEqual([]);
  });

  test("returns only keys in the caller's account and Region", async () => {
    expect(await find({}, account, 'eu-west-1')).toEqual(['elsewhere']);
    expect(await find({}, '444455556666')).toEqual([]);
  });

  test('returns a key that is pending deletion', async () => {
    const { client, KeyId } = await createKey('deleted', { purpose: 'deletion' });
    await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(await find({ TagFilters: [{ Key: 'purpose', Values: ['deletion'] }] })).toEqual(['deleted']);
  });

  test('returns each key once over several pages', async () => {
    const client = new ResourceGroupsTaggingAPIClient(settings(account, 'us-east-1'));
    const found: (string | undefined)[] = [];
    const TagFilters = [{ Key: 'team' }];
    for await (const page of paginateGetResources({ client, pageSize: 1 }, { TagFilters })) {
      expect(page.ResourceTagMappingList?.length).toBe(1);
      found.push(...(page.ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN));
    }
    expect(found).toEqual(['one', 'two', 'three'].map((name) => arns.get(name)));
  });

  test('rejects a token of another search', async () => {
    const { PaginationToken } = await search({ TagFilters: [{ Key: 'team' }], ResourcesPerPage: 1 });
    const error = await catchError(search({ PaginationToken, ResourcesPerPage: 1 }));
    expect(error.name).toBe('PaginationTokenExpiredException');
  });

  test.each([
    ['too many resources per page', { ResourcesPerPage: 101 }],
    ['no resources per page', { ResourcesPerPage: 0 }],
    ['an empty tag key', { TagFilters: [{ Key: '' }] }],
    ['too many values', { TagFilters: [{ Key: 'team', Values: Array.from({ length: 21 }, String) }] }],
    ['too many filters', { TagFilters: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}` })) }],
    ['a member that the emulator does not support', { ResourceARNList: ['arn:aws:kms:us-east-1:111122223333:key/a'] }],
  ])('rejects %s', async (_, input) => {
    expect(await catchError(search(input))).toMatchObject({ name: 'InvalidParameterException' });
  });

  test('requires the permission tag:GetResources', async () => {
    expect(await find({ TagFilters: [{ Key: 'stage', Values: [''] }] }, 'AKIAALLOWED')).toEqual(['three']);
    expect(await find({ TagFilters: [{ Key: 'stage', Values: [''] }] }, 'AKIAANY')).toEqual(['three']);
    expect(await catchError(search({}, 'AKIADENIED'))).toEqual({
      name: 'AccessDeniedException',
      message: expect.stringContaining('because no identity-based policy allows the tag:GetResources action'),
    });
  });

  test('adds the search to the request log', async () => {
    await find({ TagFilters: [{ Key: 'team', Values: ['blue'] }] });
    const { requests } = await fetch(`${emulator.endpoint}/_kms/requests`).then(
      (response) => response.json() as Promise<{ requests: { operation: string; outcome: string }[] }>,
    );
    expect(requests).toContainEqual(expect.objectContaining({ operation: 'GetResources', outcome: 'ok' }));
  });
});
