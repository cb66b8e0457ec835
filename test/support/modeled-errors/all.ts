import { aliases, grants } from './aliases-and-grants.ts';
import { crypto, imports } from './crypto-and-import.ts';
import { keyStores } from './key-stores.ts';
import { keys, unsupported } from './kinds-of-keys.ts';
import { generic, sharedErrorRows } from './on-keys.ts';
import type { ModeledError } from './rows.ts';

const rows = [...generic, ...aliases, ...grants, ...unsupported, ...crypto, ...imports, ...keys, ...keyStores];

/** Every error in the operations' AWS models, with a request that returns it. */
export const modeledErrors: readonly ModeledError[] = [...sharedErrorRows(rows), ...rows];
