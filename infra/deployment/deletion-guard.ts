import type { Parameters } from '../parameters/table.ts';

/** The default number of days. In stage `local`, every key was used recently. */
const defaultDays = { deployed: 7, local: 0 } as const;

/** Returns the number of days in which a key must not have been used before its deletion is scheduled. */
export function getDeletionGuardDays({
  parameters,
  isLocal,
}: {
  readonly parameters: Pick<Parameters, 'deletionGuardDays'>;
  readonly isLocal: boolean;
}): number {
  return parameters.deletionGuardDays ?? (isLocal ? defaultDays.local : defaultDays.deployed);
}
