import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCbor } from '../../../emulator/crypto/formats/cbor.ts';
import { isSoak } from '../../support/operations.ts';
import { buildAttestationPayload, encodeCbor } from './attestation.ts';
import { fromHex } from './test-materials.ts';

describe('readCbor', () => {
  test('readCbor decodes the examples in RFC 8949 appendix A', () => {
    const rows: [string, unknown][] = [
      ['00', 0],
      ['1818', 24],
      ['1903e8', 1000],
      ['1a000f4240', 1000000],
      ['1b000000e8d4a51000', 1000000000000],
      ['29', -10],
      ['3903e7', -1000],
      ['f4', false],
      ['f5', true],
      ['f6', null],
      ['c11a514b67b0', 1363896240],
      ['4401020304', fromHex('01020304')],
      ['62c3bc', 'ü'],
      ['8301820203820405', [1, [2, 3], [4, 5]]],
      [
        'a26161016162820203',
        new Map<string, unknown>([
          ['a', 1],
          ['b', [2, 3]],
        ]),
      ],
    ];
    for (const [bytes, value] of rows) expect(readCbor(fromHex(bytes))).toEqual(value);
  });

  test.for([
    ['', 'empty input', 'The input ends too early'],
    ['43abcd', 'bytes that end too early', 'The input ends too early'],
    ['0000', 'two items', 'There are bytes after the item'],
    ['5f42010243030405ff', 'an indefinite length', 'A length is indefinite or reserved'],
    ['1c', 'a reserved length', 'A length is indefinite or reserved'],
    ['f90000', 'a float', 'Floats and other simple values are not supported'],
    ['f7', 'undefined', 'Floats and other simple values are not supported'],
    ['62ff00', 'text that is not UTF-8', 'Text is not UTF-8'],
    ['a201010102', 'a duplicate key', 'A map has a duplicate key'],
    ['a1f501', 'a key that is not an integer or text', 'A map key is neither an integer nor text'],
    ['1b0020000000000000', 'the integer 2^53', 'A number is too large'],
    ['9bffffffffffffffff', 'an array longer than memory', 'A number is too large'],
    ['818181818181818180', 'nine levels of nesting', 'Items are nested too deeply'],
  ] as const)('readCbor rejects $1 (0x$0)', ([bytes, , message]) => {
    expect(() => readCbor(fromHex(bytes))).toThrow(expect.objectContaining({ name: 'CborError', message }));
  });

  test('readCbor accepts eight levels of nesting and the integer 2^53 - 1', () => {
    expect(readCbor(fromHex('8181818181818180'))).toEqual([[[[[[[[]]]]]]]]);
    expect(readCbor(fromHex('1b001fffffffffffff'))).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('readCbor decodes every item that encodeCbor encodes', () => {
    const value = fc.letrec((tie) => ({
      item: fc.oneof(
        { maxDepth: 4 },
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.string({ unit: 'binary' }),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.array(tie('item')),
      ),
    })).item;
    fc.assert(
      fc.property(value, (item) => {
        // The test does not use toEqual, because toEqual takes seconds for large items.
        expect(isDeepStrictEqual(readCbor(encodeCbor(item)), item)).toBe(true);
      }),
      { numRuns: isSoak ? 1_000 : 100 },
    );
    expect(readCbor(buildAttestationPayload(Buffer.of(1)))).toBeInstanceOf(Map);
  });
});
