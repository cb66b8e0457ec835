import { GenerateMacCommand } from '@aws-sdk/client-kms';
import type { Call } from '../../../shared/call/call.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import { createValidationError, KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { awaitAll } from '../../../shared/handler/await-all.ts';
import { createStep } from '../../../shared/handler/create-step.ts';
import { generateMac } from '../../crypto/generate-mac/operation.ts';
import type { generateLookupToken } from '../generate-lookup-token/operation.ts';
import { encodeDomain } from './encode-domain.ts';
import { normalizationOrder } from './normalize-text.ts';

const macStep = createStep(generateMac, GenerateMacCommand);
const macAlgorithm = 'HMAC_SHA_256';
const tokenKeyBytes = 32;

/** The number of hexadecimal digits of a token, which then has 128 bits. */
const defaultTokenLength = 32;

/** The members of a request that select the keys and the form of its tokens. */
export type TokenSettings = Omit<OperationInput<typeof generateLookupToken>, 'Value' | 'ValueBytes'>;

/** The key of the tokens of one version. */
export interface TokenKey {
  readonly version: number;
  /** The number of hexadecimal digits of a token. */
  readonly length: number;
  /** The ARN of the KMS key from which the token key is derived. */
  readonly keyArn: string;
  readonly bytes: Uint8Array;
}

/**
 * Derives the token key of the current version, and then those of the versions before it. Each requires one request to
 * KMS: a token key is the MAC of a message that states what the tokens are for. AWS recommends HMAC keys for such
 * derivations (https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html).
 */
export async function deriveTokenKeys(call: Call, settings: TokenSettings): Promise<readonly TokenKey[]> {
  const {
    KeyId,
    PreviousKeyIds = [],
    TokenVersion = 1,
    TokenLength: length = defaultTokenLength,
    GrantTokens,
  } = settings;
  if (PreviousKeyIds.length >= TokenVersion)
    throw createValidationError([{ pointer: '/PreviousKeyIds', detail: 'must have fewer items than TokenVersion' }]);
  const versions = [KeyId, ...PreviousKeyIds].map((keyId, index) => ({
    keyId,
    version: TokenVersion - index,
    pointer: index === 0 ? '/KeyId' : `/PreviousKeyIds/${index - 1}`,
  }));
  const steps = await awaitAll(
    versions.map(({ keyId, version, pointer }) => {
      const Message = encodeDomain({
        version,
        length,
        tenant: call.tenant,
        field: settings.Field,
        purpose: settings.Purpose,
        normalizations: normalizationOrder.filter((name) => settings.Normalization?.includes(name)),
      });
      const input = { KeyId: keyId, Message, MacAlgorithm: macAlgorithm, ...(GrantTokens && { GrantTokens }) } as const;
      return macStep.authorize(call, input, { pointers: { '/KeyId': pointer } });
    }),
  );
  const responses = await awaitAll(
    steps.map((step, index) => step.send().catch((error) => throwKeyUsageError(error, versions[index]?.pointer))),
  );
  return responses.map(({ Mac: bytes, KeyId: keyArn = '' }, index) => {
    if (bytes?.length !== tokenKeyBytes) throw new KmsFunctionsError('KMSInternalException');
    return { version: TokenVersion - index, length, keyArn, bytes };
  });
}

/** Replaces the messages of KMS, which name an operation and an algorithm that the caller did not choose. */
function throwKeyUsageError(cause: unknown, pointer: string | undefined): never {
  if (!(cause instanceof KmsFunctionsError) || cause.code !== 'InvalidKeyUsageException') throw cause;
  const detail = `${pointer} must be an HMAC key with the key spec HMAC_256.`;
  throw new KmsFunctionsError('InvalidKeyUsageException', detail, { cause });
}
