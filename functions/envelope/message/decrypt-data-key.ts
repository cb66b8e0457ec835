import { DecryptCommand } from '@aws-sdk/client-kms';
import type { DataKeys } from '../../../envelope/index.ts';
import { readAliasName } from '../../../shared/authorization/index.ts';
import type { Call } from '../../../shared/call/call.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { createStep } from '../../../shared/handler/create-step.ts';
import { decrypt } from '../../crypto/decrypt/operation.ts';
import { type Candidate, listCandidates } from './list-candidates.ts';

const decryptStep = createStep(decrypt, DecryptCommand);

type Decrypt = DataKeys['decrypt'];
type Request = Parameters<Decrypt>[0];

interface OpeningKey {
  /** The key that the caller specified. */
  readonly keyId: string | undefined;
  readonly grantTokens: readonly string[] | undefined;
}

export interface KeyDecryptor {
  readonly decrypt: Decrypt;
  /** Checks a data key from a cache, as if KMS had just decrypted it. */
  readonly reuse: (request: Request) => Promise<void>;
  /** The ARN of the key that decrypted the data key. */
  readonly usedKey: () => string;
}

/**
 * Creates a function that decrypts a message's data key with KMS. It tries the message's encrypted data keys one after
 * another, so that one disabled key or one Region that does not respond does not prevent the others.
 */
export function createKeyDecryptor(call: Call, { keyId, grantTokens }: OpeningKey): KeyDecryptor {
  let usedKey = '';

  async function tryCandidates<Result>(
    { encryptedDataKeys }: Request,
    attempt: (candidate: Candidate, limitMs: number) => Promise<Result>,
  ): Promise<Result> {
    const candidates = listCandidates(encryptedDataKeys, keyId, call.config);
    const errors: KmsFunctionsError[] = [];
    for (const [index, candidate] of candidates.entries()) {
      try {
        return await attempt(candidate, call.deadline.leftMs / (candidates.length - index));
      } catch (error) {
        if (!(error instanceof KmsFunctionsError)) throw error;
        errors.push(error);
      }
    }
    throw (
      chooseError(errors) ?? new KmsFunctionsError('IncorrectKeyException', keyId === undefined ? noKey : otherKeys)
    );
  }

  const authorize = ({ encryptionContext }: Request, candidate: Candidate, limitMs: number) =>
    decryptStep.authorize(
      call,
      {
        KeyId: candidate.keyId,
        CiphertextBlob: candidate.entry.ciphertext,
        EncryptionContext: { ...encryptionContext },
        ...(grantTokens && { GrantTokens: [...grantTokens] }),
      },
      { limitMs, pointers: keyId === undefined ? inMessage : { '/EncryptionContext': '/Message' } },
    );

  return {
    decrypt: (request) =>
      tryCandidates(request, async (candidate, limitMs) => {
        const step = await authorize(request, candidate, limitMs);
        const { Plaintext = new Uint8Array(), KeyId } = await step.send().catch((error) => {
          throw isChanged(error, candidate)
            ? new KmsFunctionsError('InvalidMessageError', changed, { cause: error })
            : error;
        });
        const error = findKeyError(candidate, KeyId) ?? findDataKeyError(Plaintext, request);
        if (error !== undefined) {
          Plaintext.fill(0);
          throw error;
        }
        usedKey = candidate.keyArn;
        return { plaintext: Plaintext, encryptedDataKey: candidate.entry };
      }),
    reuse: (request) =>
      tryCandidates(request, async (candidate, limitMs) => {
        const step = await authorize(request, candidate, limitMs);
        await step.reuse({ KeyId: candidate.keyArn } as never);
        usedKey = candidate.keyArn;
      }),
    usedKey: () => usedKey,
  };
}

/** The message contains the key and the encryption context of the request to KMS. */
const inMessage = { '/KeyId': '/Message', '/EncryptionContext': '/Message' };

const noKey = 'The message has no encrypted data key of a KMS key in an account and Region that this service may use.';
const otherKeys = 'The message has no encrypted data key of this KMS key.';
const changed =
  'KMS cannot decrypt the data key of the message. The data key or the encryption context in the message was changed, or the message was sealed for another tenant or caller.';

/**
 * Returns whether KMS rejects what the message itself contains: the ciphertext, the context or the ARN of the key. The
 * key of an alias is the caller's choice.
 */
function isChanged(error: unknown, { keyId }: Candidate): boolean {
  if (!(error instanceof KmsFunctionsError)) return false;
  const isStatedKey = readAliasName(keyId) === undefined;
  return error.code === 'InvalidCiphertextException' || (error.code === 'IncorrectKeyException' && isStatedKey);
}

/**
 * Returns an error if KMS used another key than the message states. With an alias, KMS uses the alias's key for any
 * ciphertext, but later uses of a cached data key are checked and recorded with the key in the message
 * (https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/aws-kms/aws-kms-keyring.md#ondecrypt).
 */
function findKeyError({ keyArn }: Candidate, usedKey: string | undefined): KmsFunctionsError | undefined {
  return usedKey === keyArn ? undefined : new KmsFunctionsError('IncorrectKeyException', otherKeys);
}

/** Returns an error if the plaintext cannot be a data key. A caller with access to Encrypt can put any text into a message. */
function findDataKeyError(plaintext: Uint8Array, { suite }: Request): KmsFunctionsError | undefined {
  if (plaintext.length === suite.dataKeyBytes && plaintext.some((byte) => byte !== 0)) return undefined;
  return new KmsFunctionsError('InvalidMessageError', 'The data key of the message is not valid.');
}

/**
 * Returns the error that helps the caller most: an error that may disappear, then an error about a key that the caller may
 * use, such as a disabled key, then a changed data key.
 */
function chooseError(errors: readonly KmsFunctionsError[]): KmsFunctionsError | undefined {
  return (
    errors.find(({ isRetryable }) => isRetryable) ??
    errors.find(({ code }) => code !== 'CallerNotAllowedError' && code !== 'InvalidMessageError') ??
    errors.find(({ code }) => code !== 'CallerNotAllowedError') ??
    errors[0]
  );
}
