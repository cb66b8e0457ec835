import type { Emulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import type { Seed } from '../../emulator/seed/seed-schema.ts';
import { requireOwnEmulator } from './emulator.ts';

/** The states in which a key can be seeded, but for `Enabled`, and what AWS says of a key that is in one. */
export const refusedStates = [
  ['Disabled', 'DisabledException', 'is disabled.'],
  ['PendingDeletion', 'KMSInvalidStateException', 'is pending deletion.'],
  ['PendingImport', 'KMSInvalidStateException', 'is pending import.'],
] as const;

const states = ['Enabled', ...refusedStates.map(([state]) => state)];

export interface Kind {
  readonly KeySpec: string;
  readonly KeyUsage: string;
}

/** The alias of the seeded key of this kind in this state. */
export const aliasOf = ({ KeySpec, KeyUsage }: Kind, state = 'Enabled') => `alias/${state}/${KeySpec}/${KeyUsage}`;

/** A key of each kind in each state. */
export function seedInAllStates(kinds: readonly Kind[]): Seed {
  let count = 0;
  const keys = kinds.flatMap((kind) =>
    states.map((KeyState) => ({
      ...kind,
      KeyId: `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
      KeyState,
      Origin: KeyState === 'PendingImport' ? 'EXTERNAL' : 'AWS_KMS',
      Aliases: [aliasOf(kind, KeyState)],
    })),
  );
  return parseSeed({ Version: 1, Keys: keys }, 'the seed of the test');
}

/** Puts a key into a state that passes by itself: no call leads into it for longer than itself, but a snapshot can hold it. */
export function putInto(
  emulator: Emulator,
  { Arn, KeyId }: { readonly Arn: string; readonly KeyId: string },
  state: 'Creating' | 'Updating',
): void {
  requireOwnEmulator(`nothing keeps a key ${state}`);
  const snapshot = emulator.snapshot();
  const keys = (snapshot.tables.keys ?? []).map((row) =>
    row.key_id === KeyId && Arn.includes(`:${row.region}:`)
      ? { ...row, record: JSON.stringify({ ...JSON.parse(String(row.record)), state }) }
      : row,
  );
  emulator.restore({ ...snapshot, tables: { ...snapshot.tables, keys } });
}
