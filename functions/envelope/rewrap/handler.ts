import { openBuffer, sealBuffer } from '../../../envelope/index.ts';
import type { Call } from '../../../shared/call/call.ts';
import { compact } from '../../../shared/declaration/json-object.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { limitOctetStream, readOctetStream } from '../../../shared/handler/octet-stream.ts';
import { createOpener } from '../message/create-opener.ts';
import { describeMessage } from '../message/describe-message.ts';
import { authorizeKeys } from '../message/generate-data-keys.ts';
import { reportEnvelopeErrors } from '../message/report-envelope-errors.ts';
import { rewrap } from './operation.ts';

async function rewrapUnderNewKeys(call: Call): Promise<unknown> {
  const input = call.input as OperationInput<typeof rewrap>;
  const { options, usedKey } = createOpener(call, input);
  const { plaintext, encryptionContext } = await reportEnvelopeErrors(openBuffer(input.Message, options));
  try {
    const message = await sealUnderNewKeys(call, plaintext, encryptionContext);
    const { keyArns, ...described } = describeMessage(message);
    return { ...described, KeyId: usedKey(), NewKeyIds: keyArns };
  } finally {
    plaintext.fill(0);
  }
}

/**
 * Seals the content with the encryption context of the old message, and with the caller's tenant and principal. A message
 * that was sealed in the client does not contain them, although its data key is bound to them.
 */
async function sealUnderNewKeys(
  call: Call,
  plaintext: Uint8Array,
  oldContext: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const { NewKeyIds, GrantTokens, AlgorithmSuite, FrameLength } = call.input as OperationInput<typeof rewrap>;
  const { encryptionContext, generate } = await authorizeKeys(call, {
    keyIds: NewKeyIds,
    pointers: NewKeyIds.map((_, index) => `/NewKeyIds/${index}`),
    encryptionContext: oldContext,
    grantTokens: GrantTokens,
  });
  call.input.EncryptionContext = encryptionContext;
  const dataKeys = { generate, decrypt: () => Promise.reject(new TypeError('The new keys do not decrypt.')) };
  const settings = compact({ suite: AlgorithmSuite, frameLength: FrameLength });
  return reportEnvelopeErrors(sealBuffer(plaintext, { dataKeys, encryptionContext, ...settings }));
}

export const handler = createCustomHandler(rewrap, rewrapUnderNewKeys, {
  readBody: readOctetStream(rewrap),
  checkInput: [limitOctetStream(rewrap)],
});
