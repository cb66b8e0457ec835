import { join } from 'node:path';
import { inject } from 'vitest';

/** Returns variables that let processes share compiled code and the osls schema validator, which are slow to create. */
export function sharedCaches(): NodeJS.ProcessEnv {
  const folder = inject('sharedFolder');
  return { NODE_COMPILE_CACHE: join(folder, 'compiled'), SLS_SCHEMA_CACHE_BASE_DIR: folder };
}
