import { createPublicKey } from 'node:crypto';
import { DescribeKeyCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { type KeySpec, type KeyUsage, keySpecs } from '../../../../emulator/crypto/key-specs.ts';
import { catchError, useEmulator } from '../../../support/emulator.ts';
import { formatAlias, seedInAllStates } from '../../../support/states.ts';

const kinds = (Object.keys(keySpecs) as KeySpec[])
  .filter((spec) => !['SM2', 'RSA_3072', 'RSA_4096'].includes(spec))
  .map((KeySpec) => ({ KeySpec, KeyUsage: Object.keys(keySpecs[KeySpec].algorithms).at(-1) as KeyUsage }));
const asymmetric = kinds.filter(({ KeySpec }) => keySpecs[KeySpec].isAsymmetric);
const used = useEmulator({ seed: seedInAllStates(kinds) });

/** The sizes of DER-encoded public keys, measured in AWS. */
const derBytes: Partial<Record<KeySpec, number>> = {
  ECC_NIST_EDWARDS25519: 44,
  ECC_NIST_P256: 91,
  ML_DSA_44: 1334,
  ML_DSA_65: 1974,
  ML_DSA_87: 2614,
};

test.for(asymmetric)(
  'GetPublicKey returns the SubjectPublicKeyInfo of a key with key spec $KeySpec, even if the key is disabled',
  async (kind) => {
    const { KeyMetadata } = await used.client.send(new DescribeKeyCommand({ KeyId: formatAlias(kind) }));
    const response = await used.client.send(new GetPublicKeyCommand({ KeyId: formatAlias(kind) }));
    const { SigningAlgorithms, KeyAgreementAlgorithms, EncapsulationAlgorithms, CustomerMasterKeySpec } = response;
    expect(response).toMatchObject({ ...kind, CustomerMasterKeySpec: kind.KeySpec, KeyId: KeyMetadata?.Arn });
    expect({ SigningAlgorithms, KeyAgreementAlgorithms, EncapsulationAlgorithms, CustomerMasterKeySpec }).toEqual({
      SigningAlgorithms: KeyMetadata?.SigningAlgorithms,
      KeyAgreementAlgorithms: KeyMetadata?.KeyAgreementAlgorithms,
      EncapsulationAlgorithms: KeyMetadata?.EncapsulationAlgorithms,
      CustomerMasterKeySpec: KeyMetadata?.CustomerMasterKeySpec,
    });
    const key = Buffer.from(response.PublicKey ?? []);
    expect(createPublicKey({ key, format: 'der', type: 'spki' }).type).toBe('public');
    if (derBytes[kind.KeySpec] !== undefined) expect(key).toHaveLength(derBytes[kind.KeySpec] ?? 0);
    const disabled = await used.client.send(new GetPublicKeyCommand({ KeyId: formatAlias(kind, 'Disabled') }));
    expect(disabled.PublicKey).toBeDefined();
  },
);

test.for(kinds.filter((kind) => !asymmetric.includes(kind)))(
  'GetPublicKey throws UnsupportedOperationException for a key with key spec $KeySpec',
  async (kind) => {
    expect(await catchError(used.client.send(new GetPublicKeyCommand({ KeyId: formatAlias(kind) })))).toEqual({
      name: 'UnsupportedOperationException',
      message: expect.stringMatching(/^(UnknownError)?$/),
    });
  },
);

test.for(
  kinds.flatMap((kind) => [
    [kind, 'PendingDeletion', 'pending deletion'] as const,
    [kind, 'PendingImport', 'pending import'] as const,
  ]),
)('GetPublicKey throws KMSInvalidStateException for a key with %o in state %s', async ([kind, state, text]) => {
  expect(await catchError(used.client.send(new GetPublicKeyCommand({ KeyId: formatAlias(kind, state) })))).toEqual({
    name: 'KMSInvalidStateException',
    message: expect.stringMatching(new RegExp(`^arn:.* is ${text}\\.$`)),
  });
});
