import { parseSeed, type Seed } from '../../emulator/seed/seed.ts';

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
