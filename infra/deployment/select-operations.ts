import { allOperations } from '../../functions/all-operations.ts';
import type { Group, Operation } from '../../shared/declaration/operation.ts';
import { createParameterError } from '../parameters/parameter-error.ts';

const defaultGroups: readonly Group[] = ['keys', 'aliases', 'rotation', 'crypto'];

/** The service's own operations, such as Health. Every deployment includes them. */
export const alwaysDeployed: readonly Operation[] = allOperations.filter(({ group }) => group === 'service');
const selectable = allOperations.filter((operation) => !alwaysDeployed.includes(operation));

/**
 * Selects operations by `choice`: `all`, or a comma-separated list of `default`, groups (`keys`) and operations
 * (`Encrypt`). Throws if a name is unknown, so that a typo does not silently omit a function.
 */
export function selectOperations(choice: string, parameter = 'operations'): Operation[] {
  if (choice === 'all') return [...selectable];
  const names = choice.split(',').map((name) => name.trim());
  for (const name of names) {
    if (name !== 'default' && !selectable.some((operation) => operation.group === name || operation.name === name)) {
      throw createParameterError([`\`${parameter}\` contains \`${name}\`, which is neither a group nor an operation.`]);
    }
  }
  return selectable.filter(
    ({ name, group }) =>
      names.includes(name) || names.includes(group) || (names.includes('default') && defaultGroups.includes(group)),
  );
}
