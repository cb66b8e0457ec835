/** The variable with which `npm run mutation` selects the active mutant in child processes. */
export const activeMutantVariable = '__STRYKER_ACTIVE_MUTANT__';

/** Returns the variable that selects the active mutant, if any, in child processes. */
export function activeMutant(): NodeJS.ProcessEnv {
  return { [activeMutantVariable]: process.env[activeMutantVariable] };
}
