import type { Emulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import type { Seed } from '../../emulator/seed/seed-schema.ts';
import { requireOwnEmulator } from './emulator.ts';

/** The key states that make operations fail, with the AWS errors. */
export const failingStates = [
  ['Disabled', 'DisabledException', 'is disabled.'],
  ['PendingDeletion', 'KMSInvalidStateException', 'is pending deletion.'],
  ['PendingImport', 'KMSInvalidStateException', 'is pending import.'],
] as const;

const states = ['Enabled', ...failingStates.map(([state]) => state)];

export interface Kind {
  readonly KeySpec: string;
  readonly KeyUsage: string;
}

/** Returns the alias of the seeded key with this type and state. */
export const formatAlias = ({ KeySpec, KeyUsage }: Kind, state = 'Enabled') => `alias/${state}/${KeySpec}/${KeyUsage}`;

/** Creates a seed with a key for each type and state. */
export function seedInAllStates(kinds: readonly Kind[]): Seed {
  let count = 0;
  const keys = kinds.flatMap((kind) =>
    states.map((KeyState) => ({
      ...kind,
      KeyId: `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
      KeyState,
      Origin: KeyState === 'PendingImport' ? 'EXTERNAL' : 'AWS_KMS',
      Aliases: [formatAlias(kind, KeyState)],
    })),
  );
  return parseSeed({ Version: 1, Keys: keys }, 'the test seed');
}

/** Sets a transient key state through a snapshot, because calls do not leave keys in transient states. */
export function setTransientState(
  emulator: Emulator,
  { Arn, KeyId }: { readonly Arn: string; readonly KeyId: string },
  state: 'Creating' | 'Updating',
): void {
  requireOwnEmulator(`calls do not leave keys in state ${state}`);
  const snapshot = emulator.snapshot();
  const keys = (snapshot.tables.keys ?? []).map((row) =>
    row.key_id === KeyId && Arn.includes(`:${row.region}:`)
      ? { ...row, record: JSON.stringify({ ...JSON.parse(String(row.record)), state }) }
      : row,
  );
  emulator.restore({ ...snapshot, tables: { ...snapshot.tables, keys } });
}
