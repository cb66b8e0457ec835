import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '../../../shared/kms/sha256.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (digest: Uint8Array) => Buffer.from(digest).toString('hex');

async function digest(sha256: Sha256, chunks: readonly string[]): Promise<string> {
  for (const chunk of chunks) sha256.update(bytes(chunk));
  return hex(await sha256.digest());
}

describe('Sha256', () => {
  test.for([[[]], [['abc']], [['abc', 'def']], [['abc', 'def', 'ghi']]] as const)(
    'Sha256 hashes the chunks %j in the same way as node:crypto',
    async ([chunks]) => {
      const expected = createHash('sha256').update(chunks.join('')).digest('hex');
      expect(await digest(new Sha256(), chunks)).toBe(expected);
    },
  );

  test('Sha256 returns the HMAC in RFC 4231, test case 2, with a text or binary secret', async () => {
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    for (const secret of ['Jefe', bytes('Jefe'), bytes('Jefe').buffer]) {
      expect(await digest(new Sha256(secret), ['what do ya want ', 'for nothing?'])).toBe(expected);
    }
  });

  test('Sha256 uses a new secret after another secret', async () => {
    for (const secret of ['first', 'second', 'first']) {
      const expected = createHmac('sha256', secret).update('abc').digest('hex');
      expect(await digest(new Sha256(secret), ['abc'])).toBe(expected);
    }
  });

  test.for([undefined, 'secret'])('Sha256 starts again after a reset with the secret %s', async (secret) => {
    const sha256 = new Sha256(secret);
    const first = await digest(sha256, ['abc', 'def']);
    sha256.reset();
    expect(await digest(sha256, ['abc', 'def'])).toBe(first);
  });
});
