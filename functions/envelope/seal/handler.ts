import { sealBuffer } from '../../../envelope/index.ts';
import type { Call } from '../../../shared/call/call.ts';
import { compact } from '../../../shared/declaration/json-object.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { limitOctetStream, readOctetStream } from '../../../shared/handler/octet-stream.ts';
import { cacheDataKeys } from '../message/cache-data-keys.ts';
import { checkNewContext } from '../message/check-new-context.ts';
import { describeMessage } from '../message/describe-message.ts';
import { authorizeKeys } from '../message/generate-data-keys.ts';
import { reportEnvelopeErrors } from '../message/report-envelope-errors.ts';
import { seal } from './operation.ts';

async function sealPlaintext(call: Call): Promise<unknown> {
  const input = call.input as OperationInput<typeof seal>;
  const { KeyId, AdditionalKeyIds = [], GrantTokens: grantTokens } = input;
  const keyIds = [KeyId, ...AdditionalKeyIds];
  const keys = await authorizeKeys(call, {
    keyIds,
    pointers: ['/KeyId', ...AdditionalKeyIds.map((_, index) => `/AdditionalKeyIds/${index}`)],
    encryptionContext: input.EncryptionContext ?? {},
    grantTokens,
  });
  const { encryptionContext, generate, reuse } = keys;
  call.input.EncryptionContext = encryptionContext;
  const dataKeys = cacheDataKeys(call, { generate }, { keyIds, grantTokens }, { generated: reuse });
  const options = { suite: input.AlgorithmSuite, frameLength: input.FrameLength };
  const message = await reportEnvelopeErrors(
    sealBuffer(input.Plaintext, { dataKeys, encryptionContext, ...compact(options) }),
  );
  const { keyArns, ...described } = describeMessage(message);
  const [keyArn, ...additional] = keyArns;
  return { ...described, KeyId: keyArn, ...(additional.length > 0 && { AdditionalKeyIds: additional }) };
}

export const handler = createCustomHandler(seal, sealPlaintext, {
  readBody: readOctetStream(seal),
  checkInput: [limitOctetStream(seal), checkNewContext()],
});
