import { sign } from '../../crypto/sign/operation.ts';
import { defineBatch } from '../define-batch.ts';
import { countSignature } from '../response-size.ts';

export const signBatch = defineBatch({
  name: 'SignBatch',
  of: sign,
  summary: 'Signs many messages with a key.',
  path: '/keys/{KeyId}/sign-batch',
  data: ['Message'],
  countResultBytes: ({ value }) => countSignature(value('SigningAlgorithm')),
  example: {
    input: {
      KeyId: 'alias/example-sign',
      SigningAlgorithm: 'ECDSA_SHA_256',
      Items: [
        { Reference: 'first', Message: 'SGVsbG8sIEtNUyE=' },
        { Reference: 'second', Message: 'SGVsbG8sIGFnYWluIQ==' },
      ],
    },
    output: {
      Results: [
        {
          Reference: 'first',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000002',
          Signature: 'MEYCIQCQXXvQaSK7gAwbYT8+O24Kw9Hiixdxpq8Hn97Y8NdxkAIhAPKJy82NEvGv/9QG8hNG6zrB0FGyljD1gWBS1G2WhqTZ',
          SigningAlgorithm: 'ECDSA_SHA_256',
        },
        {
          Reference: 'second',
          KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000002',
          Signature: 'MEYCIQCp5R84WOhnTlABukJm2bzbLWp+NNyGRWdz/NdwmPTyXQIhAIq9AT4lfvTooGDiczR+iRSYRgjicmPxaASb1zhkSZG/',
          SigningAlgorithm: 'ECDSA_SHA_256',
        },
      ],
    },
  },
});
