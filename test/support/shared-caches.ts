import { join } from 'node:path';
import { inject } from 'vitest';

/** What Node compiled and osls made of its schema: each process would do both anew, for longer than its own work takes. */
export function sharedCaches(): NodeJS.ProcessEnv {
  const folder = inject('sharedFolder');
  return { NODE_COMPILE_CACHE: join(folder, 'compiled'), SLS_SCHEMA_CACHE_BASE_DIR: folder };
}
