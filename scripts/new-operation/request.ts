import { allOperations } from '../../functions/all-operations.ts';
import { type Group, groups } from '../../shared/declaration/operation.ts';

/** The operation to create. */
export interface NewOperation {
  readonly name: string;
  readonly group: string;
  /** Whether AWS KMS does not have the operation. */
  readonly isOwn: boolean;
}

interface Given {
  readonly name: string | undefined;
  readonly group: string | undefined;
  readonly isOwn: boolean;
  readonly isNewGroup: boolean;
}

/** Thrown if the request is invalid. The message gives the reason. */
export class RequestError extends Error {}

/** Parses the arguments. Throws `RequestError` if they are invalid. */
export function readRequest({ name, group, isOwn, isNewGroup }: Given): NewOperation {
  if (name === undefined || group === undefined) throw new RequestError('--group and --name are required.');
  checkName(name);
  checkGroup(group, isNewGroup);
  if (group === 'service' && !isOwn) {
    throw new RequestError('The group service is for operations of this service, so it needs --own.');
  }
  return { name, group, isOwn };
}

/** Operation names whose function name is a JavaScript keyword or a member of the client. */
const reservedNames = ['Await', 'Delete', 'Export', 'Import', 'New', 'Paginate', 'Return', 'Switch', 'Try', 'Void'];

function checkName(name: string): void {
  if (!/^(?:[A-Z][a-z0-9]+)+$/.test(name) || reservedNames.includes(name)) {
    throw new RequestError(`The name ${name} is not valid. Write it as AWS does: ScheduleKeyDeletion.`);
  }
  const taken = allOperations.find((operation) => operation.name.toLowerCase() === name.toLowerCase());
  if (taken !== undefined) throw new RequestError(`The operation ${taken.name} exists already.`);
}

function checkGroup(group: string, isNewGroup: boolean): void {
  if (!/^[a-z]+(?:-[a-z]+)*$/.test(group)) {
    throw new RequestError(`The group ${group} is not valid. Use lower-case letters and single hyphens: key-stores.`);
  }
  const exists = groups.includes(group as Group);
  if (isNewGroup && exists) throw new RequestError(`The group ${group} exists already.`);
  if (!isNewGroup && !exists) {
    throw new RequestError(`There is no group ${group}. Use ${groups.join(', ')}, or --new-group.`);
  }
}
