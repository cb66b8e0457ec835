import { join } from 'node:path';
import { inject } from 'vitest';

/** Lets processes share compiled code and the schema validator of osls, which take longer to create than most tests take. */
export function sharedCaches(): NodeJS.ProcessEnv {
  const folder = inject('sharedFolder');
  return { NODE_COMPILE_CACHE: join(folder, 'compiled'), SLS_SCHEMA_CACHE_BASE_DIR: folder };
}
