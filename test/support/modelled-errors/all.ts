import { aliases, grants } from './aliases-and-grants.ts';
import { crypto, imports } from './crypto-and-import.ts';
import { keyStores } from './key-stores.ts';
import { keys, unsupported } from './kinds-of-keys.ts';
import { generic, sharedErrorRows } from './on-keys.ts';
import type { ModelledError } from './rows.ts';

const rows = [...generic, ...aliases, ...grants, ...unsupported, ...crypto, ...imports, ...keys, ...keyStores];

/** Every modelled error of every operation, with a request that returns it. */
export const modelledErrors: readonly ModelledError[] = [...sharedErrorRows(rows), ...rows];
