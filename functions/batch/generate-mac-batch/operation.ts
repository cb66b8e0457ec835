import { generateMac } from '../../crypto/generate-mac/operation.ts';
import { defineBatch } from '../define-batch.ts';

export const generateMacBatch = defineBatch({
  name: 'GenerateMacBatch',
  of: generateMac,
  summary: 'Generates the MACs of many messages with a key.',
  path: '/keys/{KeyId}/mac-batch',
  data: ['Message'],
  // The largest MAC is that of HMAC_SHA_512.
  countResultBytes: () => 64,
  example: {
    input: {
      KeyId: 'alias/example-mac',
      MacAlgorithm: 'HMAC_SHA_256',
      Items: [
        { Reference: 'first', Message: 'SGVsbG8sIEtNUyE=' },
        { Reference: 'second', Message: 'SGVsbG8sIGFnYWluIQ==' },
      ],
    },
    output: {
      Results: [
        {
          Reference: 'first',
          Mac: 'Y43qwtPmMokaweG4OxfqJmKGiOLNc6LLHFUYuoUeclo=',
          MacAlgorithm: 'HMAC_SHA_256',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000003',
        },
        {
          Reference: 'second',
          Mac: 'VpWy8UR5y0WSyBxVEztnTRC82/Ysl6bejSj02DaIKDo=',
          MacAlgorithm: 'HMAC_SHA_256',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000003',
        },
      ],
    },
  },
});
