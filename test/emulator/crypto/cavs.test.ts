import { createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodeDer, encodeUnsigned } from '../../../emulator/crypto/formats/der.ts';
import { publicKeyOf } from '../../../emulator/crypto/formats/public-key.ts';
import type { KeySpec } from '../../../emulator/crypto/key-specs.ts';
import { unwrapAesPadded } from '../../../emulator/crypto/primitives/aes-key-wrap.ts';
import { deriveSharedSecret } from '../../../emulator/crypto/primitives/key-agreement.ts';
import { verify } from '../../../emulator/crypto/primitives/signing.ts';
import wrapped from '../../vectors/aes-kwp-cavs.json' with { type: 'json' };
import agreements from '../../vectors/ecdh-cavs.json' with { type: 'json' };
import signatures from '../../vectors/ecdsa-cavs.json' with { type: 'json' };
import rsa from '../../vectors/rsa-pkcs1-cavs.json' with { type: 'json' };
import { hex, pkcs8FromJwk, url } from './test-materials.ts';

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
  x: url(x),
  y: url(y),
});
const ecMaterial = (key: EcKey) => pkcs8FromJwk({ ...publicJwk(key), d: url(key.d) });
const changed = (message: Buffer) => Buffer.concat([message.subarray(1), Buffer.of((message[0] ?? 0) ^ 1)]);

describe('the vectors of NIST’s CAVS', () => {
  test.for(signatures)('$keySpec $algorithm: r $r is valid for its message only', async (vector) => {
    const material = ecMaterial(vector);
    expect(publicKeyOf(material)).toEqual(
      createPublicKey({ key: publicJwk(vector), format: 'jwk' }).export({ format: 'der', type: 'spki' }),
    );
    const signature = encodeDer(0x30, encodeUnsigned(hex(vector.r)), encodeUnsigned(hex(vector.s)));
    const message = hex(vector.message);
    const keySpec = vector.keySpec as KeySpec;
    const request = { keySpec, algorithm: vector.algorithm, material, messageType: 'RAW', signature } as const;
    expect(await verify({ ...request, message })).toBe(true);
    expect(await verify({ ...request, message: changed(message) })).toBe(false);
  });

  test.for(rsa.tests)('$keySpec $algorithm: $valid $why', async ({ valid, ...vector }) => {
    const keySpec = vector.keySpec as keyof typeof rsa.keys;
    const { algorithm } = vector;
    const material = pkcs8FromJwk(rsa.keys[keySpec]);
    const signature = hex(vector.signature);
    const request = { keySpec, algorithm, material, messageType: 'RAW', signature } as const;
    expect(await verify({ ...request, message: hex(vector.message) })).toBe(valid);
  });

  test.for(agreements)('ECDH $keySpec: $why', async ({ peerX, peerY, secret, valid, ...key }) => {
    const keySpec = key.keySpec as KeySpec;
    const request = { keySpec, algorithm: 'ECDH', material: ecMaterial(key) };
    // By hand, since one of them is on no curve: the head of our own, and the point.
    const own = publicKeyOf(request.material);
    const pointBytes = hex(peerX).length + hex(peerY).length;
    const publicKey = Buffer.concat([own.subarray(0, -pointBytes), hex(peerX), hex(peerY)]);
    if (valid) expect((await deriveSharedSecret({ ...request, publicKey })).toString('hex')).toBe(secret);
    else await expect(deriveSharedSecret({ ...request, publicKey })).rejects.toThrow('PublicKey is not');
  });

  test.for(wrapped)('AES-256 KWP: $wrapped', ({ kek, wrapped, plaintext }) => {
    expect(unwrapAesPadded(hex(kek), hex(wrapped))).toEqual(plaintext === null ? undefined : hex(plaintext));
  });
});
