import { Readable } from 'node:stream';
import { KMSClient } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { createTenantTagReader } from '../../../shared/authorization/tenant-tags.ts';

test('the cache of tenant tags keeps the 10,000 keys that were used last', async () => {
  const lookedUp: string[] = [];
  const client = new KMSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: {
      handle: async ({ body }: { body: Uint8Array }) => {
        lookedUp.push(JSON.parse(new TextDecoder().decode(body)).KeyId);
        const tags = JSON.stringify({ Tags: [{ TagKey: 'tenant', TagValue: 'a' }], Truncated: false });
        return { response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(tags)]) } };
      },
    } as never,
  });
  const readTag = createTenantTagReader('tenant');
  const read = (key: number) => readTag(client, `key-${key}`, 'a');
  for (let key = 0; key < 10_000; key += 1) await read(key);
  expect(lookedUp).toHaveLength(10_000);
  expect(await read(0)).toBe('a');
  expect(lookedUp).toHaveLength(10_000);
  await read(10_000);
  // The least recently used key is 1, because 0 was used again.
  await read(0);
  expect(lookedUp).toHaveLength(10_001);
  await read(1);
  expect(lookedUp.slice(10_000)).toEqual(['key-10000', 'key-1']);
  client.destroy();
});
