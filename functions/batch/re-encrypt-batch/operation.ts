import { reEncrypt } from '../../crypto/re-encrypt/operation.ts';
import { defineBatch } from '../define-batch.ts';
import { countCiphertext } from '../response-size.ts';

export const reEncryptBatch = defineBatch({
  name: 'ReEncryptBatch',
  of: reEncrypt,
  summary: 'Re-encrypts many ciphertexts under another key, without revealing the plaintexts.',
  path: '/keys/{SourceKeyId}/re-encrypt-batch',
  data: ['CiphertextBlob'],
  countResultBytes: ({ bytes }) => countCiphertext(bytes('CiphertextBlob')),
  example: {
    input: {
      SourceKeyId: 'alias/example',
      DestinationKeyId: '5a4d1e00-0000-4000-8000-000000000124',
      Items: [
        {
          Reference: 'first',
          CiphertextBlob:
            'AambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5/RTAy5k/XRNiWW+ici/zBjiqw2vzbVRROD3mlQHkOmgra20MmLeSYs2IwnUXHTtxGZcuUNIcgg==',
          SourceEncryptionContext: { purpose: 'example' },
        },
      ],
    },
    output: {
      Results: [
        {
          Reference: 'first',
          CiphertextBlob:
            'AVtvaQYTd4xSkKyQQCiv+PafFHkT09sQVxGDF9wnCa4hBLUmHPQK+FKUR8Dk5+Y798+qfEZqRhKiytUARdvbSVD0A9kIeqlPjXBADDlFErOyPx0YWBGtog==',
          SourceKeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000124',
          SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
          DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
          SourceKeyMaterialId: 'a99b3fd62f3e4c5cd220e6c41aada5aae7c2271bfe730948ca8e6b0f2f5c5bb9',
          DestinationKeyMaterialId: '5b6f690613778c5290ac904028aff8f69f147913d3db1057118317dc2709ae21',
        },
      ],
    },
  },
});
