import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { beforeAll, expect, test } from 'vitest';
import { type Client, createClient, inProcess, type Transport } from '../../client/index.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { asInvokable, loadAllHandlers } from '../support/client-transports.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { operations } from '../support/operations.ts';

const used = useEmulator({ seed: 'none' });
const ids: string[] = [];
let transport: Transport;
let client: Client;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  transport = inProcess({ handlers: asInvokable(await loadAllHandlers()) });
  client = createClient({ transport });
  for (let created = 0; created < 5; created += 1) {
    const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
    ids.push(KeyMetadata!.KeyId!);
  }
});

test('client.paginate has a method for every paginated operation', () => {
  const paged = operations.filter(({ input }) => 'Marker' in input._zod.def.shape).map(functionName);
  expect(Object.keys(client.paginate).sort()).toEqual(paged.sort());
});

test('a paginator iterates over all pages', async () => {
  const sizes: (number | undefined)[] = [];
  for await (const page of client.paginate.listKeys({ Limit: 2 })) sizes.push(page.Keys.length);
  expect(sizes).toEqual([2, 2, 1]);
});

test('items() iterates over the items of all pages, and starts from the first page in each loop', async () => {
  const pages = client.paginate.listKeys({ Limit: 2 });
  for (let time = 0; time < 2; time += 1) {
    const seen: (string | undefined)[] = [];
    for await (const { KeyId } of pages.items()) seen.push(KeyId);
    expect(seen.sort()).toEqual(ids.sort());
  }
});

test('a paginator requests a page only when the caller reads the page', async () => {
  let sent = 0;
  const counting: Transport = {
    send: (...args) => {
      sent += 1;
      return transport.send(...args);
    },
  };
  for await (const _ of createClient({ transport: counting }).paginate.listKeys({ Limit: 1 })) break;
  expect(sent).toBe(1);
});

test('a paginator starts at the Marker in the input', async () => {
  const { NextMarker } = await client.listKeys({ Limit: 4 });
  const rest: unknown[] = [];
  for await (const key of client.paginate.listKeys({ Marker: NextMarker }).items()) rest.push(key);
  expect(rest).toHaveLength(1);
});

test('a paginator rejects with an UnreadableResponseError if NextMarker does not change', async () => {
  const stuck: Transport = { send: async () => ({ body: { Keys: [], Truncated: true, NextMarker: 'same' } }) };
  const read = async () => {
    for await (const _ of createClient({ transport: stuck }).paginate.listKeys());
  };
  await expect(read()).rejects.toMatchObject({ code: 'UnreadableResponseError' });
});

test('a paginator rejects with the error if a page request fails', async () => {
  const read = async () => {
    for await (const _ of client.paginate.listGrants({ KeyId: '5a4d1e00-0000-4000-8000-00000000dead' }));
  };
  await expect(read()).rejects.toMatchObject({ code: 'NotFoundException' });
});
