import { type DataKeys, rewrapMessage } from '../../../envelope/index.ts';
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
  const settings = { suite: input.AlgorithmSuite, frameLength: input.FrameLength };
  const newDataKeys = createNewDataKeys(call, input);
  const message = await reportEnvelopeErrors(
    rewrapMessage(input.Message, { ...options, newDataKeys, ...compact(settings) }),
  );
  const { keyArns, ...described } = describeMessage(message);
  return { ...described, KeyId: usedKey(), NewKeyIds: keyArns };
}

/** Generates the data key of the new message, whose encryption context is that of the old message. */
function createNewDataKeys(call: Call, { NewKeyIds, GrantTokens }: OperationInput<typeof rewrap>): DataKeys {
  return {
    generate: async (request) => {
      const keys = await authorizeKeys(call, {
        keyIds: NewKeyIds,
        pointers: NewKeyIds.map((_, index) => `/NewKeyIds/${index}`),
        encryptionContext: request.encryptionContext,
        grantTokens: GrantTokens,
      });
      call.input.EncryptionContext = keys.encryptionContext;
      return keys.generate(request);
    },
    decrypt: () => Promise.reject(new TypeError('The new keys do not decrypt.')),
  };
}

export const handler = createCustomHandler(rewrap, rewrapUnderNewKeys, {
  readBody: readOctetStream(rewrap),
  checkInput: [limitOctetStream(rewrap)],
});
