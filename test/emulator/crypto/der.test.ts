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
    ['30', 'a missing length'],
    ['0202', 'content that ends too early'],
    ['3080', 'an indefinite length'],
    ['048101ff', 'a length not in its shortest form'],
    ['04820080', 'a length with a leading zero'],
    ['0484ffffffff', 'a length of four bytes'],
    ['1f0100', 'a tag of more than one byte'],
  ])('the DER decoder rejects $1 (0x$0)', ([bytes]) => {
    expect(() => readDer(fromHex(bytes!))).toThrow(DerError);
  });

  test.for(['ff', '0001', '', '010000'])('the DER decoder rejects 0x%s as a two-byte unsigned INTEGER', (content) => {
    expect(() => decodeUnsigned(fromHex(content), 2)).toThrow(DerError);
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
