import { verifyMac } from '../../crypto/verify-mac/operation.ts';
import { defineBatch } from '../define-batch.ts';

export const verifyMacBatch = defineBatch({
  name: 'VerifyMacBatch',
  of: verifyMac,
  summary: 'Verifies many MACs with a key.',
  path: '/keys/{KeyId}/verify-mac-batch',
  data: ['Message', 'Mac'],
  countResultBytes: () => 0,
  example: {
    input: {
      KeyId: 'alias/example-mac',
      MacAlgorithm: 'HMAC_SHA_256',
      Items: [{ Reference: 'first', Message: 'SGVsbG8sIEtNUyE=', Mac: 'Y43qwtPmMokaweG4OxfqJmKGiOLNc6LLHFUYuoUeclo=' }],
    },
    output: {
      Results: [
        {
          Reference: 'first',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000003',
          MacValid: true,
          MacAlgorithm: 'HMAC_SHA_256',
        },
      ],
    },
  },
});
