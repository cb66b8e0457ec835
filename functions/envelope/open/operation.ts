import * as z from 'zod/mini';
import { defineOwnOperation, maxEventBytes } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';
import * as messageShapes from '../shapes.ts';

export const open = defineOwnOperation({
  name: 'Open',
  isOwn: true,
  group: 'envelope',
  summary: 'Decrypts a message in the format of the AWS Encryption SDK.',
  routes: [
    { method: 'POST', path: '/keys/{KeyId}/open', status: 200 },
    { method: 'POST', path: '/open', status: 200 },
  ],
  input: z.strictObject({
    KeyId: z.optional(shapes.keyId()),
    Message: messageShapes.message(),
    EncryptionContext: z.optional(shapes.encryptionContext()),
    CommitmentPolicy: z.optional(messageShapes.commitmentPolicy()),
    GrantTokens: z.optional(shapes.grantTokens()),
  }),
  output: () =>
    z.object({
      Plaintext: messageShapes.plaintext(),
      EncryptionContext: z.record(z.string(), z.string()),
      KeyId: z.string(),
      AlgorithmSuite: z.string(),
    }),
  sensitive: ['Plaintext'],
  maxRequestBytes: maxEventBytes,
  octetStream: { request: 'Message', response: 'Plaintext', maxBytes: messageShapes.maxMessageBytes },
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
  permissions: [{ action: 'kms:Decrypt', resource: 'key' }],
  tenancy: 'steps',
  retrySafety: 'safe',
  example: {
    input: {
      KeyId: 'alias/example',
      Message:
        'AgR4WIIipVCzRZ6Aajrs2Lkvs+AtR5FSwOYoV868HH1rTP4AFAABAAdwdXJwb3NlAAdleGFtcGxlAAEAB2F3cy1rbXMAS2Fybjphd3M6a21zOnVzLWVhc3QtMTowMDAwMDAwMDAwMDA6a2V5LzVhNGQxZTAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQBtAambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5tZsWkmHE/3LWmYx92EpRWO1S2rg0l+xgCSHVN+ldG69gT3MDZ4bcoh1wMk5IBd+KQXyljNtyvcXuReX53tYv4ed+n5tk3Ag4dyYoiwIAAQAAYp5prqyMpfLCa7fEwTtq1P3a9Pq4VbvoSoCJZodxF0q/np3ax28bmRR4t1XvN9r6/////wAAAAEAAAAAAAAAAAAAAAEAAAALZ3e5jHLF2XAhm8mmNXnMRuvnfNutfN6Z1/JG',
      EncryptionContext: { purpose: 'example' },
    },
    output: {
      Plaintext: 'SGVsbG8sIEtNUyE=',
      EncryptionContext: { purpose: 'example' },
      KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
      AlgorithmSuite: 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY',
    },
  },
});
