import { afterEach, describe, expect, test, vi } from 'vitest';
import { AliasTable } from '../../../emulator/store/alias-table.ts';
import { KeyTable } from '../../../emulator/store/key-table.ts';
import { rawCall } from '../../support/call.ts';
import { useEmulator } from '../../support/emulator.ts';

const used = useEmulator();
const exampleKeyId = '5a4d1e00-0000-4000-8000-000000000001';
const Plaintext = 'aGVsbG8=';

afterEach(() => vi.restoreAllMocks());

/** Calls an operation. Returns the response status and the number of keys and aliases that the operation read. */
async function countReads(operation: string, input: object): Promise<[status: number, keys: number, aliases: number]> {
  const keys = vi.spyOn(KeyTable.prototype, 'find');
  const aliases = vi.spyOn(AliasTable.prototype, 'find');
  const { status } = await rawCall(used.emulator.endpoint, operation, input);
  return [status, keys.mock.calls.length, aliases.mock.calls.length];
}

describe('a request, including its authorization', () => {
  test('a request with a key id reads the key once, including authorization', async () => {
    expect(await countReads('Encrypt', { KeyId: exampleKeyId, Plaintext })).toEqual([200, 1, 0]);
  });

  test('a request with an alias reads the alias and its key once', async () => {
    expect(await countReads('Encrypt', { KeyId: 'alias/example', Plaintext })).toEqual([200, 1, 1]);
  });

  test('a request for a missing key looks up the key once', async () => {
    const KeyId = '00000000-0000-4000-8000-000000000000';
    expect(await countReads('Encrypt', { KeyId, Plaintext })).toEqual([400, 1, 0]);
  });

  test('a request that changes a key reads the key twice, because the transaction reads the current record', async () => {
    const input = { KeyId: exampleKeyId, Description: 'changed' };
    expect(await countReads('UpdateKeyDescription', input)).toEqual([200, 2, 0]);
  });
});
