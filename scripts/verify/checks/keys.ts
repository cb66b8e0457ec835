import { ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { requestTagKey, serviceTagKey } from '../../../shared/config/resource-names.ts';
import { parseArn } from '../../../shared/declaration/arn.ts';
import { type Check, expectThat } from '../check.ts';
import type { CreatedKey } from '../created-resources.ts';
import { getKey, type Run } from '../run.ts';

export const keyChecks: readonly Check[] = [
  {
    name: 'create',
    title: 'Keys: CreateKey creates an enabled key in this account and Region',
    functions: ['createKey'],
    run: async (run) => {
      const { arn } = await createKey(run, 'create', {});
      const prefix = `arn:${run.stage.partition}:kms:${run.stage.region}:${run.stage.accountId}:key/`;
      expectThat(arn.startsWith(prefix), `The key is ${arn}, not ${prefix}….`);
      return arn;
    },
  },
  {
    name: 'usable',
    title: 'Keys: the functions may use a new key within five minutes',
    functions: ['describeKey'],
    after: ['create'],
    run: async (run) => {
      const { id, createdMs } = getKey(run, 'create');
      const { KeyMetadata } = await run.http.describeKey({ KeyId: id });
      expectThat(KeyMetadata?.KeyId === id, `DescribeKey returned ${KeyMetadata?.KeyId}.`);
      return `usable ${((Date.now() - createdMs) / 1_000).toFixed(1)} s after its creation`;
    },
  },
  {
    name: 'tags',
    title: 'Keys: IAM accepts the tags of a new key, and KMS stores them',
    after: ['create'],
    run: (run) => checkTags(run, getKey(run, 'create')),
  },
  {
    name: 'path decoding',
    title: 'Keys: API Gateway decodes a key ARN in a path (%3A)',
    functions: ['describeKey'],
    after: ['usable'],
    run: async (run) => {
      const { id, arn } = getKey(run, 'create');
      const { KeyMetadata } = await run.http.describeKey({ KeyId: arn });
      expectThat(KeyMetadata?.KeyId === id, `DescribeKey returned ${KeyMetadata?.KeyId}, not ${id}.`);
      return 'decoded';
    },
  },
  {
    name: 'rotation',
    title: "Keys: EnableKeyRotation turns on the key's rotation",
    functions: ['enableKeyRotation', 'getKeyRotationStatus'],
    after: ['usable'],
    run: async (run) => {
      const { id } = getKey(run, 'create');
      await run.http.enableKeyRotation({ KeyId: id });
      const { KeyRotationEnabled, RotationPeriodInDays } = await run.http.getKeyRotationStatus({ KeyId: id });
      expectThat(KeyRotationEnabled === true, 'GetKeyRotationStatus reports that rotation is off.');
      return `every ${RotationPeriodInDays} days`;
    },
  },
];

type CreateKeyInput = Parameters<Run['http']['createKey']>[0];

/** Creates a key with the run's tags, and stores it as the result of a check. */
export async function createKey(run: Run, check: string, input: CreateKeyInput): Promise<CreatedKey> {
  const { KeyMetadata } = await run.http.createKey({
    ...input,
    Description: 'Created by npm run verify. Its deletion is scheduled.',
    Tags: run.created.tags,
  });
  expectThat(KeyMetadata?.KeyState === 'Enabled', `The state of the new key is ${KeyMetadata?.KeyState}.`);
  const key = run.created.keys.find(({ id }) => id === KeyMetadata.KeyId);
  expectThat(key !== undefined, 'CreateKey returned no key.');
  run.results.set(check, key);
  return key;
}

/** Reads the tags from KMS itself, because the functions cannot change the response. */
export async function checkTags({ stage, created }: Run, { arn }: CreatedKey): Promise<string> {
  const kms = stage.kms(parseArn(arn)?.region ?? stage.region);
  const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: arn }));
  const { serviceTag } = stage.config;
  const expected = [
    ...created.tags,
    ...(serviceTag === undefined ? [] : [{ TagKey: serviceTagKey, TagValue: serviceTag }]),
  ];
  for (const { TagKey, TagValue } of expected) {
    const found = Tags.find((tag) => tag.TagKey === TagKey);
    expectThat(found?.TagValue === TagValue, `The tag ${TagKey} is ${found?.TagValue ?? 'missing'}, not ${TagValue}.`);
  }
  expectThat(
    Tags.some(({ TagKey }) => TagKey === requestTagKey),
    `The tag ${requestTagKey} is missing.`,
  );
  return expected.map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`).join(', ');
}
