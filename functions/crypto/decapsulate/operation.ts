import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const decapsulate = defineOperation({
  name: 'Decapsulate',
  group: 'crypto',
  summary: 'Recovers the shared secret from an encapsulation.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/decapsulate', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    SharedSecretCiphertextBlob: shapes.ciphertext(),
    EncapsulationAlgorithm: shapes.encapsulationAlgorithm(),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      KeyId: z.string(),
      SharedSecret: shapes.plaintext(),
      EncapsulationAlgorithm: shapes.encapsulationAlgorithm(),
    }),
  sensitive: ['SharedSecret'],
  errors: [
    'DependencyTimeoutException',
    'DisabledException',
    'DryRunOperationException',
    'InvalidCiphertextException',
    'InvalidGrantTokenException',
    'InvalidKeyUsageException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'KeyUnavailableException',
    'NotFoundException',
  ],
  permissions: [{ action: 'kms:Decapsulate', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 'asymmetric',
  retrySafety: 'safe',
  example: {
    input: {
      KeyId: 'alias/example-kem',
      SharedSecretCiphertextBlob:
        'A+HW+Ynf0753Po98oBzuYpvfxMiyYWjNDk+ZiAzEJJBUdTmAzRots4fBrfqQ0cS7R/D+kAh9as81T5vp6oSeAvpKbrnk1FULKDZjZ9Vvh/8LXACh/BN4Wo0W96iDbsl5CWM3qaVdgv9rJPNQG0nvq2mFKLgg9U1RurcEiQHP9deLFzU8snr2h2eHByQ0X/i9krD1Uzn1++SHVgR3/1U+pnFKlMdpHDgM5C9D4iPLKxcp56j0pM3vpk9uLjVWqtxXOiA4gsJ+X7QVxHAflZT2cip5Fz8gKoj/e6oWq+7c9iQIrUL3MDzp8UoUGvaYviKKWEwkrsKKfh3rliAHk4Bwx76btPLmiN2wCXcgs28nq5mrUUikdnbLWEYBMY2jy8A7Q6iNdDOX6FLumH3ZvMn1IF51W+7pASfENB/H+EP+90bAoEFa0lYu+lMsSkUswCOOIYA63YIkuwGiaWAIXAN979FUCMBLhVfPGV30s89sOYCOlHi4yCMF6WVeaDVVnoGl71b5MccyFMRKTpCU/Mf4qwCv6EkZKyBCJO5GRvgmExGgtk4jQArA95StmqsbV7+Bq7gn/3rQy0ftoSD4Vm8DFFy8RjlbIMjEU6dCs+lWzAHiqlmaZ132YyM3BqRVfPpSYiPRyXgCXcyawPphSsNF8gA0E6k6GSH3azF480Ah50ERLRNjfMHvjt8E9x6ovMWI3LDoctD/wynmqRhXBedO6kMJEhdNdLMg10XL4ZpxAncPafBGR0mJ+HCxI+UXFW/KG3KSpx1CmgcXz9bCmqp1I34uubi6e70bRpLYRFN/6ODq9QG9tjrMWGU6zXaajIXfCexv0HFT4mijMWHDRnTc9YNmTnt/QBaGKVLvRRSQPUlWx6u13W+vvkj5ImvTgdQmx0VIC1KmyHigg1LSzhLDGYsPQnoR7Hx2GmXuouI3hMkKVxRYIG3EBgfKsXfBr7h8SHQ9WfQQSeTsH5IGVXpL+kL8g+jnPyxdmErs2ZTcnULoy4es25scLzwSxeZmChGGkzZJ6oZORIo8EqRes6nXKAAR1U/fCf5F8tW9gYigLwEgL6XrRJ/NC8q5n4qa12uTVc2APGEheQ1jplIdTTVJrcoHaLsGR9slisjDr2AAefIkv5fAaazdzutwNj7gosPIXqNCFXQJGzdWVvjhIYPiUSntkbpdCplD4fubNpMWoFIZjbZl/5hO5NB+s2ZMEOGFir84QFDqIGr8a8h10c15d2zokIZ0wihVeRXCzWS7B+KF8Tp91iI9KT5Z/v/D5wsb7u3NZNPsjJlads4zg8wXnr1oy0T5E5j+yYpMByIGW96OCZJ+3uzrHMMOEXdD2oUYEwiWBvtHSpCzXz4HXLd/npPYD3uVm6yBLgmlBQthu8jbrb/FBrKR5o4JK2XcTc+TQy9epFkm4LuqMuFbkp0Zmow9epX8wHGNtIxDGGWJKuI=',
      EncapsulationAlgorithm: 'ML_KEM',
    },
  },
});
