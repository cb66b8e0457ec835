import { EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { type DataKeys, type EncryptedDataKey, kmsProviderId } from '../../../envelope/index.ts';
import type { Call } from '../../../shared/call/call.ts';
import { awaitAll } from '../../../shared/handler/await-all.ts';
import { createStep } from '../../../shared/handler/create-step.ts';
import { encrypt } from '../../crypto/encrypt/operation.ts';
import { generateDataKey } from '../../crypto/generate-data-key/operation.ts';

const generateStep = createStep(generateDataKey, GenerateDataKeyCommand);
const encryptStep = createStep(encrypt, EncryptCommand);

type EncryptionContext = Readonly<Record<string, string>>;

/** The keys that will be able to open a message, and their locations in the caller's input. */
export interface SealingKeys {
  readonly keyIds: readonly string[];
  readonly pointers: readonly string[];
  readonly encryptionContext: EncryptionContext;
  readonly grantTokens: readonly string[] | undefined;
}

export interface AuthorizedKeys {
  /** The encryption context with the caller's tenant and principal. */
  readonly encryptionContext: EncryptionContext;
  /** Generates a data key under the first key, and encrypts it under the others. */
  readonly generate: DataKeys['generate'];
  /** Checks a data key from a cache, as if KMS had just returned it. `keyArns` are in the order of the keys. */
  readonly reuse: (keyArns: readonly string[]) => Promise<void>;
}

/** Checks every key as GenerateDataKey and Encrypt would. Does not send their requests. */
export async function authorizeKeys(call: Call, keys: SealingKeys): Promise<AuthorizedKeys> {
  const { keyIds, pointers, encryptionContext: EncryptionContext, grantTokens } = keys;
  const inputs = keyIds.map((KeyId) => ({
    KeyId,
    EncryptionContext,
    ...(grantTokens && { GrantTokens: [...grantTokens] }),
  }));
  const locate = (index: number) => ({ pointers: { '/KeyId': pointers[index] ?? '/KeyId' } });
  const [firstInput, ...otherInputs] = inputs;
  const [first, others] = await awaitAll([
    generateStep.authorize(call, firstInput as (typeof inputs)[number], locate(0)),
    awaitAll(
      otherInputs.map((input, index) =>
        encryptStep.authorize(call, { ...input, Plaintext: undefined }, locate(index + 1)),
      ),
    ),
  ]);
  return {
    encryptionContext: first.call.input.EncryptionContext as EncryptionContext,
    generate: async ({ suite, encryptionContext }) => {
      const generated = await first.send({
        EncryptionContext: { ...encryptionContext },
        NumberOfBytes: suite.dataKeyBytes,
      });
      const { Plaintext = new Uint8Array() } = generated;
      try {
        const encrypted = await awaitAll(
          others.map((step) => step.send({ EncryptionContext: { ...encryptionContext }, Plaintext })),
        );
        return { plaintext: Plaintext, encryptedDataKeys: [generated, ...encrypted].map(toEncryptedDataKey) };
      } catch (error) {
        Plaintext.fill(0);
        throw error;
      }
    },
    reuse: async (keyArns) => {
      await awaitAll([first, ...others].map((step, index) => step.reuse({ KeyId: keyArns[index] ?? '' } as never)));
    },
  };
}

interface Encrypted {
  readonly KeyId?: string | undefined;
  readonly CiphertextBlob?: Uint8Array | undefined;
}

function toEncryptedDataKey({ KeyId = '', CiphertextBlob = new Uint8Array() }: Encrypted): EncryptedDataKey {
  return { providerId: kmsProviderId, providerInfo: KeyId, ciphertext: CiphertextBlob };
}
