import * as z from 'zod/mini';
import { defineOwnOperation, maxEventBytes } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';
import * as messageShapes from '../shapes.ts';

export const seal = defineOwnOperation({
  name: 'Seal',
  isOwn: true,
  group: 'envelope',
  summary: 'Encrypts up to 4,500,000 bytes into a message in the format of the AWS Encryption SDK.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/seal', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    Plaintext: messageShapes.plaintext(),
    AdditionalKeyIds: z.optional(messageShapes.keyIds(0, messageShapes.maxKeys - 1)),
    EncryptionContext: z.optional(shapes.encryptionContext()),
    AlgorithmSuite: z.optional(messageShapes.algorithmSuite()),
    FrameLength: z.optional(messageShapes.frameLength()),
    GrantTokens: z.optional(shapes.grantTokens()),
  }),
  output: () =>
    z.object({
      Message: messageShapes.message(),
      KeyId: z.string(),
      AdditionalKeyIds: z.optional(z.array(z.string())),
      AlgorithmSuite: z.string(),
    }),
  sensitive: ['Plaintext'],
  maxRequestBytes: maxEventBytes,
  octetStream: { request: 'Plaintext', response: 'Message', maxBytes: messageShapes.maxPlaintextBytes },
  errors: [
    'NotFoundException',
    'DisabledException',
    'KeyUnavailableException',
    'DependencyTimeoutException',
    'InvalidKeyUsageException',
    'InvalidGrantTokenException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  permissions: [
    { action: 'kms:GenerateDataKey', resource: 'key' },
    { action: 'kms:Encrypt', resource: 'key' },
  ],
  tenancy: 'steps',
  retrySafety: 'safe',
  example: {
    input: { KeyId: 'alias/example', Plaintext: 'SGVsbG8sIEtNUyE=', EncryptionContext: { purpose: 'example' } },
    output: {
      Message:
        'AgR4WIIipVCzRZ6Aajrs2Lkvs+AtR5FSwOYoV868HH1rTP4AFAABAAdwdXJwb3NlAAdleGFtcGxlAAEAB2F3cy1rbXMAS2Fybjphd3M6a21zOnVzLWVhc3QtMTowMDAwMDAwMDAwMDA6a2V5LzVhNGQxZTAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQBtAambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5tZsWkmHE/3LWmYx92EpRWO1S2rg0l+xgCSHVN+ldG69gT3MDZ4bcoh1wMk5IBd+KQXyljNtyvcXuReX53tYv4ed+n5tk3Ag4dyYoiwIAAQAAYp5prqyMpfLCa7fEwTtq1P3a9Pq4VbvoSoCJZodxF0q/np3ax28bmRR4t1XvN9r6/////wAAAAEAAAAAAAAAAAAAAAEAAAALZ3e5jHLF2XAhm8mmNXnMRuvnfNutfN6Z1/JG',
      KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
      AlgorithmSuite: 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY',
    },
  },
});
