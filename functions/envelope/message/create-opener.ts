import type { OpenOptions } from '../../../envelope/index.ts';
import type { Call } from '../../../shared/call/call.ts';
import { compact } from '../../../shared/declaration/json-object.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import type { open } from '../open/operation.ts';
import { maxFrames, maxKeys } from '../shapes.ts';
import { cacheDataKeys } from './cache-data-keys.ts';
import { createKeyDecryptor } from './decrypt-data-key.ts';

type OpenInput = Omit<OperationInput<typeof open>, 'Message'>;

export interface Opener {
  readonly options: OpenOptions;
  /** Returns the ARN of the key that decrypted the data key. */
  readonly usedKey: () => string;
}

/** Creates the options to open a message as the caller requested. */
export function createOpener(call: Call, input: OpenInput): Opener {
  const { KeyId, GrantTokens: grantTokens, EncryptionContext, CommitmentPolicy } = input;
  const { decrypt, reuse, usedKey } = createKeyDecryptor(call, { keyId: KeyId, grantTokens });
  const keyIds = KeyId === undefined ? [] : [KeyId];
  const dataKeys = cacheDataKeys(call, { decrypt }, { keyIds, grantTokens }, { decrypted: reuse });
  const expectations = { encryptionContext: EncryptionContext, commitmentPolicy: CommitmentPolicy };
  return { options: { dataKeys, maxEncryptedDataKeys: maxKeys, maxFrames, ...compact(expectations) }, usedKey };
}
