import type { FlagValues } from '../table/flags.ts';

/** Returns the key. The program has checked that the flag is present. */
export function requireKey({ key = '' }: FlagValues): string {
  return key;
}
