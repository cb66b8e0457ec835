import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DerError,
  encodeDer,
  encodeUnsigned,
  readDer,
  readSequence,
  unsignedFixed,
} from '../../../emulator/crypto/formats/der.ts';
import { hex } from './test-materials.ts';

describe('DER', () => {
  test.for([
    ['30', 'no length'],
    ['0202', 'a content that ends too early'],
    ['3080', 'an indefinite length'],
    ['048101ff', 'a length that is not the shortest'],
    ['04820080', 'a length with a leading zero'],
    ['0484ffffffff', 'a length of four bytes'],
    ['1f0100', 'a tag of more than one byte'],
  ])('refuses %s: %s', ([bytes]) => {
    expect(() => readDer(hex(bytes!))).toThrow(DerError);
  });

  test.for(['ff', '0001', '', '010000'])('refuses 0x%s as an unsigned INTEGER of two bytes', (content) => {
    expect(() => unsignedFixed(hex(content), 2)).toThrow(DerError);
  });

  test('refuses a SEQUENCE of other elements, or more than one', () => {
    expect(() => readSequence(hex('3003020101'), 0x04)).toThrow(DerError);
    expect(() => readSequence(hex('3003020101'), 0x02, 0x02)).toThrow(DerError);
    expect(() => readSequence(hex('30030201013000'), 0x02)).toThrow(DerError);
  });

  test('reads back what it wrote', () => {
    const lengths = fc.oneof(fc.nat(300), fc.constantFrom(127, 128, 255, 256, 65535, 65536));
    fc.assert(
      fc.property(lengths, fc.uint8Array({ minLength: 32, maxLength: 32 }), (length, number) => {
        const [content, integer] = readSequence(
          encodeDer(0x30, encodeDer(0x04, Buffer.alloc(length)), encodeUnsigned(number)),
          0x04,
          0x02,
        );
        expect(content).toHaveLength(length);
        expect(unsignedFixed(integer!, 32)).toEqual(Buffer.from(number));
      }),
    );
  });
});
