import { describe, expect, test } from 'vitest';
import type { KeySpec } from '../../../emulator/crypto/key-specs.ts';
import { generateMac, verifyMac } from '../../../emulator/crypto/primitives/mac.ts';
import vectors from '../../vectors/hmac-rfc4231.json' with { type: 'json' };
import { fromHex, getMaterial } from './test-materials.ts';

const sizes = [224, 256, 384, 512] as const;

describe('MAC primitives', () => {
  test.for(sizes)('generateMac with HMAC_SHA_%i returns the tags in RFC 4231', (bits) => {
    for (const vector of vectors) {
      const request = {
        keySpec: `HMAC_${bits}`,
        algorithm: `HMAC_SHA_${bits}`,
        message: fromHex(vector.message),
        material: fromHex(vector.key),
      } as const;
      expect(generateMac(request).toString('hex')).toBe(vector[`HMAC_SHA_${bits}`]);
    }
  });

  test.for(sizes)('verifyMac rejects a tag that is altered, shortened or extended (HMAC_%i)', async (bits) => {
    const keySpec: KeySpec = `HMAC_${bits}`;
    const request = {
      keySpec,
      algorithm: `HMAC_SHA_${bits}`,
      message: Buffer.from('message'),
      material: await getMaterial(keySpec),
    } as const;
    const mac = generateMac(request);
    expect(mac).toHaveLength(bits / 8);
    expect(verifyMac({ ...request, mac })).toBe(true);
    for (const wrong of [
      mac.subarray(1),
      Buffer.concat([mac, mac]),
      Buffer.alloc(0),
      mac.map((byte, index) => byte ^ Number(index === 0)),
    ]) {
      expect(verifyMac({ ...request, mac: wrong })).toBe(false);
    }
  });

  test('generateMac rejects an algorithm whose size differs from the key size', async () => {
    const request = {
      keySpec: 'HMAC_256',
      algorithm: 'HMAC_SHA_512',
      message: Buffer.of(1),
      material: await getMaterial('HMAC_256'),
    } as const;
    expect(() => generateMac(request)).toThrow('Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.');
  });
});
