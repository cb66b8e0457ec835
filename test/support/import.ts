import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import {
  type AlgorithmSpec,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type KeyMetadata,
  type KMSClient,
  type WrappingKeySpec,
} from '@aws-sdk/client-kms';

/** Creates a key with Origin EXTERNAL and without material. Returns its id. */
export async function createExternalKey(client: KMSClient, request: CreateKeyCommandInput = {}): Promise<string> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ ...request, Origin: 'EXTERNAL' }));
  return KeyMetadata?.KeyId ?? '';
}

export async function describeKey(client: KMSClient, KeyId: string): Promise<Partial<KeyMetadata>> {
  return (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata ?? {};
}

export interface ImportParameters {
  readonly ImportToken: Uint8Array;
  readonly PublicKey: Uint8Array;
  readonly WrappingAlgorithm: AlgorithmSpec;
}

export async function getImportParameters(
  client: KMSClient,
  KeyId: string,
  WrappingAlgorithm: AlgorithmSpec = 'RSAES_OAEP_SHA_256',
  WrappingKeySpec: WrappingKeySpec = 'RSA_2048',
): Promise<ImportParameters> {
  const request = { KeyId, WrappingAlgorithm, WrappingKeySpec };
  const { ImportToken, PublicKey } = await client.send(new GetParametersForImportCommand(request));
  return {
    ImportToken: ImportToken ?? new Uint8Array(),
    PublicKey: PublicKey ?? new Uint8Array(),
    WrappingAlgorithm,
  };
}

/** Wraps material with node:crypto, as a caller of ImportKeyMaterial does. */
export function wrapMaterial({ PublicKey, WrappingAlgorithm }: ImportParameters, material: Uint8Array): Buffer {
  const key = {
    key: Buffer.from(PublicKey),
    format: 'der',
    type: 'spki',
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: WrappingAlgorithm.endsWith('SHA_1') ? 'sha1' : 'sha256',
  } as const;
  if (WrappingAlgorithm.startsWith('RSAES')) return publicEncrypt(key, material);
  const aesKey = randomBytes(32);
  const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('a65959a6', 'hex'));
  return Buffer.concat([publicEncrypt(key, aesKey), cipher.update(material), cipher.final()]);
}

/**
 * Imports material, which does not expire unless the request contains `ValidTo`. Gets new import parameters unless
 * `parameters` is set.
 */
export async function importMaterial(
  client: KMSClient,
  KeyId: string,
  material: Uint8Array,
  request: Partial<ImportKeyMaterialCommandInput> = {},
  parameters?: ImportParameters,
) {
  const used = parameters ?? (await getImportParameters(client, KeyId));
  const { ImportToken } = used;
  const ExpirationModel = request.ValidTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES';
  const EncryptedKeyMaterial = wrapMaterial(used, material);
  return client.send(
    new ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel, ...request }),
  );
}
