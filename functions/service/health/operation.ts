import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';

export const health = defineOperation({
  name: 'Health',
  group: 'service',
  summary: 'Tells that the service runs and reaches KMS, and which version it is.',
  routes: [{ method: 'GET', path: '/health', status: 200 }],
  input: z.strictObject({}),
  output: z.object({ status: z.literal('ok'), version: z.string() }),
  sensitive: [],
  errors: [],
  // The one call of KMS that reads nothing of the account, changes nothing, and needs no key.
  permissions: [{ action: 'kms:GenerateRandom', resource: 'any' }],
  example: { input: {}, output: { status: 'ok', version: '0.1.0' } },
});
