import { createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodeDer, encodeUnsigned } from '../../../emulator/crypto/formats/der.ts';
import { exportPublicKey } from '../../../emulator/crypto/formats/public-key.ts';
import type { KeySpec, SigningAlgorithm } from '../../../emulator/crypto/key-specs.ts';
import { unwrapAesPadded } from '../../../emulator/crypto/primitives/aes-key-wrap.ts';
import { deriveSharedSecret } from '../../../emulator/crypto/primitives/key-agreement.ts';
import { verify } from '../../../emulator/crypto/primitives/signing.ts';
import wrapped from '../../vectors/aes-kwp-cavs.json' with { type: 'json' };
import agreements from '../../vectors/ecdh-cavs.json' with { type: 'json' };
import signatures from '../../vectors/ecdsa-cavs.json' with { type: 'json' };
import rsa from '../../vectors/rsa-pkcs1-cavs.json' with { type: 'json' };
import { fromHex, hexToBase64url, pkcs8FromJwk } from './test-materials.ts';

const curves: Readonly<Record<string, string>> = {
  ECC_NIST_P256: 'P-256',
  ECC_NIST_P384: 'P-384',
  ECC_NIST_P521: 'P-521',
  ECC_SECG_P256K1: 'secp256k1',
};

interface EcKey {
  readonly keySpec: string;
  readonly d: string;
  readonly x: string;
  readonly y: string;
}
const publicJwk = ({ keySpec, x, y }: Omit<EcKey, 'd'>) => ({
  kty: 'EC',
  crv: curves[keySpec] ?? '',
  x: hexToBase64url(x),
  y: hexToBase64url(y),
});
const ecMaterial = (key: EcKey) => pkcs8FromJwk({ ...publicJwk(key), d: hexToBase64url(key.d) });
const change = (message: Buffer) => Buffer.concat([message.subarray(1), Buffer.of((message[0] ?? 0) ^ 1)]);

describe('NIST CAVS vectors', () => {
  test.for(signatures)(
    'verify accepts a signature only for its message ($keySpec, $algorithm, r = $r)',
    async (vector) => {
      const material = ecMaterial(vector);
      expect(exportPublicKey(material)).toEqual(
        createPublicKey({ key: publicJwk(vector), format: 'jwk' }).export({ format: 'der', type: 'spki' }),
      );
      const signature = encodeDer(0x30, encodeUnsigned(fromHex(vector.r)), encodeUnsigned(fromHex(vector.s)));
      const message = fromHex(vector.message);
      const keySpec = vector.keySpec as KeySpec;
      const algorithm = vector.algorithm as SigningAlgorithm;
      const request = { keySpec, algorithm, material, messageType: 'RAW', signature } as const;
      expect(await verify({ ...request, message })).toBe(true);
      expect(await verify({ ...request, message: change(message) })).toBe(false);
    },
  );

  const rsaTests = rsa.tests.map((row) => ({ ...row, why: row.why || '0 - Correct' }));
  test.for(rsaTests)(
    'verify returns $valid for the CAVS signature with $keySpec and $algorithm (reason: $why)',
    async ({ valid, ...vector }) => {
      const keySpec = vector.keySpec as keyof typeof rsa.keys;
      const algorithm = vector.algorithm as SigningAlgorithm;
      const material = pkcs8FromJwk(rsa.keys[keySpec]);
      const signature = fromHex(vector.signature);
      const request = { keySpec, algorithm, material, messageType: 'RAW', signature } as const;
      expect(await verify({ ...request, message: fromHex(vector.message) })).toBe(valid);
    },
  );

  test.for(agreements)(
    'deriveSharedSecret returns the CAVS result for $keySpec (reason: $why)',
    async ({ peerX, peerY, secret, valid, ...key }) => {
      const keySpec = key.keySpec as KeySpec;
      const request = { keySpec, algorithm: 'ECDH', material: ecMaterial(key) } as const;
      // One of the points is not on the curve, so the test combines the start of an SPKI of its own with the point.
      const own = exportPublicKey(request.material);
      const pointBytes = fromHex(peerX).length + fromHex(peerY).length;
      const publicKey = Buffer.concat([own.subarray(0, -pointBytes), fromHex(peerX), fromHex(peerY)]);
      if (valid) expect((await deriveSharedSecret({ ...request, publicKey })).toString('hex')).toBe(secret);
      else
        await expect(deriveSharedSecret({ ...request, publicKey })).rejects.toMatchObject({
          code: 'ValidationException',
        });
    },
  );

  test.for(wrapped)('unwrapAesPadded returns the CAVS result for $wrapped', ({ kek, wrapped, plaintext }) => {
    expect(unwrapAesPadded(fromHex(kek), fromHex(wrapped))).toEqual(
      plaintext === null ? undefined : fromHex(plaintext),
    );
  });
});
