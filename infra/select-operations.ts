import { allOperations } from '../functions/all-operations.ts';
import type { Group, Operation } from '../shared/declaration/operation.ts';
import { parameterError } from './parameters.ts';

const defaultGroups: readonly Group[] = ['keys', 'aliases', 'rotation', 'crypto'];

/** Operations of the service itself, such as Health. A deployment cannot leave them out. */
export const alwaysDeployed: readonly Operation[] = allOperations.filter(({ group }) => group === 'service');
const selectable = allOperations.filter((operation) => !alwaysDeployed.includes(operation));

/**
 * The operations of a deployment. `choice` is `all`, or a list with commas of `default`, groups (`keys`) and operations
 * (`Encrypt`). What it names wrongly is an error: a function left out by a typing mistake would be missed late.
 */
export function chosenOperations(choice: string, parameter = 'operations'): Operation[] {
  if (choice === 'all') return [...selectable];
  const names = choice.split(',').map((name) => name.trim());
  for (const name of names) {
    if (name !== 'default' && !selectable.some((operation) => operation.group === name || operation.name === name)) {
      throw parameterError([`${parameter}: there is no set or operation of the name ${name}`]);
    }
  }
  return selectable.filter(
    ({ name, group }) =>
      names.includes(name) || names.includes(group) || (names.includes('default') && defaultGroups.includes(group)),
  );
}
