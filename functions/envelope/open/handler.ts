import { openBuffer } from '../../../envelope/index.ts';
import type { Call } from '../../../shared/call/call.ts';
import { encodeBase64 } from '../../../shared/declaration/base64.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { limitOctetStream, readOctetStream } from '../../../shared/handler/octet-stream.ts';
import { createOpener } from '../message/create-opener.ts';
import { reportEnvelopeErrors } from '../message/report-envelope-errors.ts';
import { open } from './operation.ts';

async function openMessage(call: Call): Promise<unknown> {
  const input = call.input as OperationInput<typeof open>;
  const { options, usedKey } = createOpener(call, input);
  const { plaintext, encryptionContext, header } = await reportEnvelopeErrors(openBuffer(input.Message, options));
  call.input.EncryptionContext = encryptionContext;
  return {
    Plaintext: encodeBase64(plaintext),
    EncryptionContext: encryptionContext,
    KeyId: usedKey(),
    AlgorithmSuite: header.suite.name,
  };
}

export const handler = createCustomHandler(open, openMessage, {
  readBody: readOctetStream(open),
  checkInput: [limitOctetStream(open)],
});
