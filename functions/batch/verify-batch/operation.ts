import { verify } from '../../crypto/verify/operation.ts';
import { defineBatch } from '../define-batch.ts';

export const verifyBatch = defineBatch({
  name: 'VerifyBatch',
  of: verify,
  summary: 'Verifies many signatures with a key.',
  path: '/keys/{KeyId}/verify-batch',
  data: ['Message', 'Signature'],
  countResultBytes: () => 0,
  example: {
    input: {
      KeyId: 'alias/example-sign',
      SigningAlgorithm: 'ECDSA_SHA_256',
      Items: [
        {
          Reference: 'first',
          Message: 'SGVsbG8sIEtNUyE=',
          Signature: 'MEYCIQC4lnVIvYK76O6251/jZJ1gt5Onp2+k1+auzwQ5AtXseQIhAJToatBKxYb6nKANeoACXE1w+IKdQ6BDW40+opzkTVT4',
        },
      ],
    },
    output: {
      Results: [
        {
          Reference: 'first',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000002',
          SignatureValid: true,
          SigningAlgorithm: 'ECDSA_SHA_256',
        },
      ],
    },
  },
});
