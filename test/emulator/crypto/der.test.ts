import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DerError,
  decodeUnsigned,
  encodeDer,
  encodeUnsigned,
  readDer,
  readSequence,
} from '../../../emulator/crypto/formats/der.ts';
import { fromHex } from './test-materials.ts';

describe('DER decoding', () => {
  test.for([
    ['30', 'a missing length', 'The input ends too early'],
    ['0202', 'content that ends too early', 'An element is longer than its container'],
    ['3080', 'an indefinite length', 'A length is indefinite or too large'],
    ['048101ff', 'a length not in its shortest form', 'A length is not in its shortest form'],
    ['04820080', 'a length with a leading zero', 'A length is not in its shortest form'],
    ['0484ffffffff', 'a length of four bytes', 'A length is indefinite or too large'],
    ['1f0100', 'a tag of more than one byte', 'A tag has more than one byte'],
  ] as const)('the DER decoder rejects $1 (0x$0)', ([bytes, , message]) => {
    expect(() => readDer(fromHex(bytes))).toThrow(expect.objectContaining({ name: 'DerError', message }));
  });

  test.for([
    ['ff', 'An INTEGER is negative'],
    ['80', 'An INTEGER is negative'],
    ['0001', 'An INTEGER has an unnecessary leading zero'],
    ['007f', 'An INTEGER has an unnecessary leading zero'],
    ['', 'The input ends too early'],
    ['010000', 'An INTEGER is too large'],
  ] as const)('the DER decoder rejects 0x%s as a two-byte unsigned INTEGER', ([content, message]) => {
    expect(() => decodeUnsigned(fromHex(content), 2)).toThrow(expect.objectContaining({ name: 'DerError', message }));
  });

  test.for([
    ['00', '0000'],
    ['7f', '007f'],
    ['0080', '0080'],
    ['00ffff', 'ffff'],
  ] as const)('the DER decoder reads the INTEGER 0x%s as 0x%s, and encodes it again', ([content, number]) => {
    expect(decodeUnsigned(fromHex(content), 2).toString('hex')).toBe(number);
    expect(encodeUnsigned(fromHex(number)).subarray(2).toString('hex')).toBe(content);
  });

  test('the DER decoder rejects a SEQUENCE with unexpected elements and input with more than one SEQUENCE', () => {
    expect(() => readSequence(fromHex('3003020101'), 0x04)).toThrow(DerError);
    expect(() => readSequence(fromHex('3003020101'), 0x02, 0x02)).toThrow(DerError);
    expect(() => readSequence(fromHex('30030201013000'), 0x02)).toThrow(DerError);
  });

  test('the DER decoder decodes every element that encodeDer encodes', () => {
    const lengths = fc.oneof(fc.nat(300), fc.constantFrom(127, 128, 255, 256, 65535, 65536));
    fc.assert(
      fc.property(lengths, fc.uint8Array({ minLength: 32, maxLength: 32 }), (length, number) => {
        const [content, integer] = readSequence(
          encodeDer(0x30, encodeDer(0x04, Buffer.alloc(length)), encodeUnsigned(number)),
          0x04,
          0x02,
        );
        expect(content).toHaveLength(length);
        expect(decodeUnsigned(integer!, 32)).toEqual(Buffer.from(number));
      }),
    );
  });
});
