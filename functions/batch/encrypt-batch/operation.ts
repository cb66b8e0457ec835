import { encrypt } from '../../crypto/encrypt/operation.ts';
import { defineBatch } from '../define-batch.ts';
import { countCiphertext } from '../response-size.ts';

export const encryptBatch = defineBatch({
  name: 'EncryptBatch',
  of: encrypt,
  summary: 'Encrypts many plaintexts under a key.',
  path: '/keys/{KeyId}/encrypt-batch',
  data: ['Plaintext'],
  countResultBytes: ({ bytes }) => countCiphertext(bytes('Plaintext')),
  example: {
    input: {
      KeyId: 'alias/example',
      Items: [
        { Reference: 'first', Plaintext: 'SGVsbG8sIEtNUyE=', EncryptionContext: { purpose: 'example' } },
        { Reference: 'second', Plaintext: 'SGVsbG8sIGFnYWluIQ==' },
      ],
    },
    output: {
      Results: [
        {
          Reference: 'first',
          CiphertextBlob:
            'AambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5oT+XXGGuFiLCsp/CRLlQPorm/3AKEdPO2Md9JzsAffDUSlRQOK2QA34E+Jvz1Z/xDZHWtWk+yQ==',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        },
        {
          Reference: 'second',
          CiphertextBlob:
            'AambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5oT+XXGGuFiLCsp/CRLlQPs0NYWliCtClap0FHgI1PSYJlSOki0pH7oF9OGEnHaBANVQg1FFQRdFj',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        },
      ],
    },
  },
});
