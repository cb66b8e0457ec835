import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deriveHkdf } from '../../envelope/node/hkdf.ts';

const bytes = (constraints: fc.IntArrayConstraints) => fc.uint8Array(constraints);

test.for(['SHA-256', 'SHA-384', 'SHA-512'] as const)('derives the same keys as HKDF of Node.js with %s', (hash) => {
  const inputs = fc.record({
    salt: fc.oneof(fc.constant(new Uint8Array(0)), bytes({ minLength: 16, maxLength: 32 })),
    secret: bytes({ minLength: 16, maxLength: 32 }),
    infos: fc.array(bytes({ maxLength: 40 }), { minLength: 1, maxLength: 2 }),
    keyBytes: fc.constantFrom(16, 24, 32),
  });
  fc.assert(
    fc.property(inputs, ({ salt, secret, infos, keyBytes }) => {
      const expected = infos.map((info) => new Uint8Array(hkdfSync(hash, secret, salt, info, keyBytes)));
      expect(deriveHkdf({ hash, salt }, secret, infos, keyBytes)).toEqual(expected);
    }),
  );
});

// RFC 5869, appendix A.1, whose key has more bytes than one hash: the first hash is the same.
test('derives the key of RFC 5869, test case 1', () => {
  const salt = Buffer.from('000102030405060708090a0b0c', 'hex');
  const info = Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex');
  const [key] = deriveHkdf({ hash: 'SHA-256', salt }, new Uint8Array(22).fill(0x0b), [info], 32);
  expect(Buffer.from(key as Uint8Array).toString('hex')).toBe(
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf',
  );
});
