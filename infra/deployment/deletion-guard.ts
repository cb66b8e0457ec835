import type { Deployment } from './deployment.ts';

/** The default number of days. In stage `local`, every key was used recently. */
const defaultDays = { deployed: 7, local: 0 } as const;

/** Returns the number of days in which a key must not have been used before its deletion is scheduled. */
export function getDeletionGuardDays({ parameters, isLocal }: Pick<Deployment, 'parameters' | 'isLocal'>): number {
  return parameters.deletionGuardDays ?? (isLocal ? defaultDays.local : defaultDays.deployed);
}
