import * as z from 'zod/mini';
import { defineOwnOperation, maxEventBytes } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';
import * as messageShapes from '../shapes.ts';

export const rewrap = defineOwnOperation({
  name: 'Rewrap',
  isOwn: true,
  group: 'envelope',
  summary: 'Encrypts the content of a message again under other keys, without revealing the plaintext.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/rewrap', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    Message: messageShapes.message(),
    NewKeyIds: messageShapes.keyIds(1, messageShapes.maxKeys),
    EncryptionContext: z.optional(shapes.encryptionContext()),
    AlgorithmSuite: z.optional(messageShapes.algorithmSuite()),
    FrameLength: z.optional(messageShapes.frameLength()),
    CommitmentPolicy: z.optional(messageShapes.commitmentPolicy()),
    GrantTokens: z.optional(shapes.grantTokens()),
  }),
  output: () =>
    z.object({
      Message: messageShapes.message(),
      KeyId: z.string(),
      NewKeyIds: z.array(z.string()),
      AlgorithmSuite: z.string(),
    }),
  sensitive: [],
  maxRequestBytes: maxEventBytes,
  octetStream: { request: 'Message', response: 'Message', maxBytes: messageShapes.maxMessageBytes },
  errors: [
    'NotFoundException',
    'DisabledException',
    'InvalidCiphertextException',
    'KeyUnavailableException',
    'IncorrectKeyException',
    'InvalidKeyUsageException',
    'DependencyTimeoutException',
    'InvalidGrantTokenException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'InvalidMessageError',
  ],
  permissions: [
    { action: 'kms:Decrypt', resource: 'key' },
    { action: 'kms:GenerateDataKey', resource: 'key' },
    { action: 'kms:Encrypt', resource: 'key' },
  ],
  tenancy: 'steps',
  retrySafety: 'safe',
  example: {
    input: {
      KeyId: 'alias/example',
      Message:
        'AgR4WIIipVCzRZ6Aajrs2Lkvs+AtR5FSwOYoV868HH1rTP4AFAABAAdwdXJwb3NlAAdleGFtcGxlAAEAB2F3cy1rbXMAS2Fybjphd3M6a21zOnVzLWVhc3QtMTowMDAwMDAwMDAwMDA6a2V5LzVhNGQxZTAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQBtAambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5tZsWkmHE/3LWmYx92EpRWO1S2rg0l+xgCSHVN+ldG69gT3MDZ4bcoh1wMk5IBd+KQXyljNtyvcXuReX53tYv4ed+n5tk3Ag4dyYoiwIAAQAAYp5prqyMpfLCa7fEwTtq1P3a9Pq4VbvoSoCJZodxF0q/np3ax28bmRR4t1XvN9r6/////wAAAAEAAAAAAAAAAAAAAAEAAAALZ3e5jHLF2XAhm8mmNXnMRuvnfNutfN6Z1/JG',
      NewKeyIds: ['5a4d1e00-0000-4000-8000-000000000190'],
      EncryptionContext: { purpose: 'example' },
    },
    output: {
      Message:
        'AgR4hZUAYklFyag+G8msbP339Az0YQl5voRASZWpNaUU0w0AFAABAAdwdXJwb3NlAAdleGFtcGxlAAEAB2F3cy1rbXMAS2Fybjphd3M6a21zOnVzLWVhc3QtMTowMDAwMDAwMDAwMDA6a2V5LzVhNGQxZTAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDEyNABtAVtvaQYTd4xSkKyQQCiv+PafFHkT09sQVxGDF9wnCa4hgNaOeuBKpo+bh7il/2sUOf+5uVOzl4j4j1vSuyV1itwy0Af4I3CUU6m5rvnwaCXFH2HQhofaw+QwoIB3mFPaIcX3gmrkfdJy5GTevQIAAQAAQ2HbWvS1qjox8n7dj2kNFmstqe1HEp+x2s7Is5kvbuLIqdDhvaNRnJi506Ifc6Mb/////wAAAAEAAAAAAAAAAAAAAAEAAAALPyFf1XODWV6x784uVriU5pUEkxyKJ1X7Me2v',
      KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
      NewKeyIds: ['arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000190'],
      AlgorithmSuite: 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY',
    },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000190' }] },
  },
});
