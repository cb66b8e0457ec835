import { controlPrefix } from '../../emulator/http/control-server.ts';
import type { KnownPrincipal } from '../../emulator/index.ts';

/** Returns the access key ids in `needed` that no principal of a running emulator has. */
export async function findMissingPrincipals(emulator: string, needed: readonly string[]): Promise<string[]> {
  if (needed.length === 0) return [];
  const response = await fetch(`${emulator}${controlPrefix}principals`);
  const { principals } = (await response.json()) as { principals: readonly KnownPrincipal[] };
  const known = new Set(principals.map(({ accessKeyId }) => accessKeyId));
  return needed.filter((accessKeyId) => !known.has(accessKeyId));
}
