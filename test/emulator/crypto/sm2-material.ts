import { encodeDer } from '../../../emulator/crypto/formats/der.ts';
import vectors from '../../vectors/sm2-gbt32918.json' with { type: 'json' };
import { fromHex } from './test-materials.ts';

/** The key in the GB/T 32918.5 examples, encoded as PKCS#8. */
export const sm2Material = encodeDer(
  0x30,
  fromHex('020100'),
  fromHex('301306072a8648ce3d020106082a811ccf5501822d'),
  encodeDer(
    0x04,
    encodeDer(
      0x30,
      fromHex('020101'),
      encodeDer(0x04, fromHex(vectors.d)),
      encodeDer(0xa1, encodeDer(0x03, fromHex('0004'), fromHex(vectors.x), fromHex(vectors.y))),
    ),
  ),
);
