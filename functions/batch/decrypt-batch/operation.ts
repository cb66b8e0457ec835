import { decrypt } from '../../crypto/decrypt/operation.ts';
import { defineBatch } from '../define-batch.ts';
import { countPlaintext } from '../response-size.ts';

export const decryptBatch = defineBatch({
  name: 'DecryptBatch',
  of: decrypt,
  summary: 'Decrypts many ciphertexts that were encrypted under a key.',
  path: '/keys/{KeyId}/decrypt-batch',
  data: ['CiphertextBlob'],
  countResultBytes: ({ bytes }) => countPlaintext(bytes('CiphertextBlob')),
  example: {
    input: {
      KeyId: 'alias/example',
      Items: [
        {
          Reference: 'first',
          CiphertextBlob:
            'AambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5/RTAy5k/XRNiWW+ici/zBjiqw2vzbVRROD3mlQHkOmgra20MmLeSYs2IwnUXHTtxGZcuUNIcgg==',
          EncryptionContext: { purpose: 'example' },
        },
      ],
    },
    output: {
      Results: [
        {
          Reference: 'first',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
          Plaintext: 'SGVsbG8sIEtNUyE=',
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
          KeyMaterialId: 'a99b3fd62f3e4c5cd220e6c41aada5aae7c2271bfe730948ca8e6b0f2f5c5bb9',
        },
      ],
    },
  },
});
