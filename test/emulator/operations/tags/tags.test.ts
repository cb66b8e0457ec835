import {
  type KMSClient,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
  type Tag,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { catchError, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});
const tag = (TagKey: string, TagValue = ''): Tag => ({ TagKey, TagValue });
const many = (count: number, prefix = 'k') =>
  Array.from({ length: count }, (_, n) => tag(`${prefix}${String(n).padStart(3, '0')}`));

const put = (KeyId: string, Tags: Tag[]) => used.client.send(new TagResourceCommand({ KeyId, Tags }));
const remove = (KeyId: string, TagKeys: string[]) => used.client.send(new UntagResourceCommand({ KeyId, TagKeys }));
const list = async (KeyId: string) => (await used.client.send(new ListResourceTagsCommand({ KeyId }))).Tags;

describe('tag operations', () => {
  it('TagResource adds and changes tags, and UntagResource removes them and ignores unknown tags', async () => {
    const { KeyId } = await createKey(used.client, { Tags: [tag('team', 'old')] });
    await put(KeyId, [tag('team', 'new'), tag('Ärger:1/2=+-@_.', 'ok')]);
    expect(await list(KeyId)).toEqual([tag('team', 'new'), tag('Ärger:1/2=+-@_.', 'ok')]);
    await remove(KeyId, ['team', 'absent']);
    expect(await list(KeyId)).toEqual([tag('Ärger:1/2=+-@_.', 'ok')]);
  });

  it('ListResourceTags returns pages sorted by tag key while tags are added and removed', async () => {
    const { KeyId } = await createKey(used.client, { Tags: many(4) });
    const first = await used.client.send(new ListResourceTagsCommand({ KeyId, Limit: 2 }));
    expect(first).toMatchObject({ Truncated: true, Tags: many(4).slice(0, 2) });
    await remove(KeyId, ['k001']);
    await put(KeyId, [tag('k0015')]);
    const rest = await used.client.send(new ListResourceTagsCommand({ KeyId, Marker: first.NextMarker }));
    expect(rest).toMatchObject({ Truncated: false, Tags: [tag('k0015'), tag('k002'), tag('k003')] });
  });

  it.each<[string, string, string, Tag[]]>([
    ['a duplicate tag key', 'TagException', 'Duplicate tag keys', [tag('a'), tag('a')]],
    ['51 tags', 'TagException', 'Too many tags', many(51)],
    ['a reserved tag key', 'TagException', 'Tags beginning with aws: are reserved', [tag('AWS:x')]],
    ['an invalid character in a tag value', 'TagException', 'Invalid tag', [tag('a', 'b & c')]],
    ['an empty tag key', 'ValidationException', expect.stringContaining("at 'tags.1.member.tagKey'"), [tag('')]],
    [
      'a tag value that is too long',
      'ValidationException',
      expect.stringContaining("at 'tags.1.member.tagValue'"),
      [tag('a', 'x'.repeat(257))],
    ],
  ])('TagResource rejects %s', async (_, name, message, tags) => {
    const { KeyId } = await createKey(used.client);
    expect(await catchError(put(KeyId, tags))).toEqual({ name, message });
  });

  it('TagResource allows at most 50 tags per key, and changes nothing if a request exceeds the limit', async () => {
    const { KeyId } = await createKey(used.client, { Tags: many(49) });
    expect((await catchError(put(KeyId, [tag('x'), tag('y')]))).name).toBe('TagException');
    expect(await list(KeyId)).toHaveLength(49);
    await put(KeyId, [tag('k000', 'changed'), tag('x')]);
    expect(await list(KeyId)).toHaveLength(50);
  });

  const calls: [string, (client: KMSClient, KeyId: string) => Promise<unknown>][] = [
    ['TagResource', (client, KeyId) => client.send(new TagResourceCommand({ KeyId, Tags: [tag('a')] }))],
    ['UntagResource', (client, KeyId) => client.send(new UntagResourceCommand({ KeyId, TagKeys: ['a'] }))],
    ['ListResourceTags', (client, KeyId) => client.send(new ListResourceTagsCommand({ KeyId }))],
  ];
  it.each(calls)('%s rejects an alias and an unknown key', async (_, call) => {
    expect((await catchError(call(used.client, 'alias/x'))).name).toBe('InvalidArnException');
    expect((await catchError(call(used.client, '5a4d1e00-0000-4000-8000-00000000dead'))).name).toBe(
      'NotFoundException',
    );
  });

  it.each(calls)(
    'of the tag operations, only ListResourceTags accepts a key that is pending deletion (%s)',
    async (name, call) => {
      const { KeyId, Arn } = await createKey(used.client);
      await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
      if (name === 'ListResourceTags') await call(used.client, KeyId);
      else {
        expect(await catchError(call(used.client, KeyId))).toEqual({
          name: 'KMSInvalidStateException',
          message: `${Arn} is pending deletion.`,
        });
      }
    },
  );

  it('UntagResource rejects a reserved tag key, and ListResourceTags rejects an unknown marker', async () => {
    const { KeyId } = await createKey(used.client);
    expect((await catchError(remove(KeyId, ['aws:x']))).name).toBe('TagException');
    const call = used.client.send(new ListResourceTagsCommand({ KeyId, Marker: 'x' }));
    expect((await catchError(call)).name).toBe('InvalidMarkerException');
  });
});
