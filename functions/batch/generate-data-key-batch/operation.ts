import { generateDataKey } from '../../crypto/generate-data-key/operation.ts';
import { defineBatch } from '../define-batch.ts';
import { countDataKey } from '../response-size.ts';

export const generateDataKeyBatch = defineBatch({
  name: 'GenerateDataKeyBatch',
  of: generateDataKey,
  summary: 'Generates many data keys under a key.',
  path: '/keys/{KeyId}/data-key-batch',
  data: [],
  countResultBytes: ({ value }) => countDataKey(value('NumberOfBytes')),
  example: {
    input: {
      KeyId: 'alias/example',
      KeySpec: 'AES_256',
      Items: [{ Reference: 'first', EncryptionContext: { purpose: 'example' } }, { Reference: 'second' }],
    },
    output: {
      Results: [
        {
          Reference: 'first',
          CiphertextBlob:
            'AambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5mS8c6V/OCQmuqFdNStIlXpjpELGMAvSv5YcG5w1+a+7lC74cRTeN35txamzagFnOleUMO64+Fe8wG2tmXBRZ9IplFq6L3AgAboGR9g==',
          Plaintext: '6GdPCKsk0pJvmFqwQAuRc2fgPbtAgn/GIT6dVVHg1Uo=',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
          KeyMaterialId: 'a99b3fd62f3e4c5cd220e6c41aada5aae7c2271bfe730948ca8e6b0f2f5c5bb9',
        },
        {
          Reference: 'second',
          CiphertextBlob:
            'AambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5mS8c6V/OCQmuqFdNStIlXghMfe+uRox8SQ3jZ3jR/osZzcql9CkAFR8WfNaMSimhYhR6Bf73/4JsHg2ehlh6IGOuccicMIoe6z3jxQ==',
          Plaintext: 'wNnIH6qKFhtXA0noFTB9hBSnTavfGEAtgu35a8VL18I=',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
          KeyMaterialId: 'a99b3fd62f3e4c5cd220e6c41aada5aae7c2271bfe730948ca8e6b0f2f5c5bb9',
        },
      ],
    },
  },
});
