import * as z from 'zod/mini';
import { defineOwnOperation } from '../../../shared/declaration/operation.ts';

export const health = defineOwnOperation({
  name: 'Health',
  isOwn: true,
  group: 'service',
  summary: 'Reports whether the service runs and reaches KMS, and its version.',
  routes: [{ method: 'GET', path: '/health', status: 200 }],
  input: z.strictObject({}),
  output: () => z.object({ status: z.literal('ok'), version: z.string() }),
  sensitive: [],
  errors: [],
  // The only KMS call that reads and changes nothing in the account and needs no key.
  permissions: [{ action: 'kms:GenerateRandom', resource: 'any' }],
  tenancy: 'unbound',
  retrySafety: 'safe',
  example: { input: {}, output: { status: 'ok', version: '0.1.0' } },
});
