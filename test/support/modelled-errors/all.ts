import { aliases, grants } from './aliases-and-grants.ts';
import { crypto, imports } from './crypto-and-import.ts';
import { keyStores } from './key-stores.ts';
import { keys, unsupported } from './kinds-of-keys.ts';
import { generic } from './on-keys.ts';
import type { ModelledError } from './rows.ts';

/** Each modelled error of each operation, once: how it comes about. */
export const modelledErrors: readonly ModelledError[] = [
  ...generic,
  ...aliases,
  ...grants,
  ...unsupported,
  ...crypto,
  ...imports,
  ...keys,
  ...keyStores,
];
