import * as z from 'zod/mini';
import { defineOwnOperation } from '../../../shared/declaration/operation.ts';

export const health = defineOwnOperation({
  name: 'Health',
  isOwn: true,
  group: 'service',
  summary: 'Reports the service version, and whether the service can reach KMS.',
  routes: [{ method: 'GET', path: '/health', status: 200 }],
  input: z.strictObject({}),
  output: () => z.object({ status: z.literal('ok'), version: z.string() }),
  sensitive: [],
  errors: [],
  // GenerateRandom is the only KMS operation that does not require a key, and does not read or change anything in the
  // account.
  permissions: [{ action: 'kms:GenerateRandom', resource: 'any' }],
  tenancy: 'unbound',
  retrySafety: 'safe',
  example: { input: {}, output: { status: 'ok', version: '0.1.0' } },
});
