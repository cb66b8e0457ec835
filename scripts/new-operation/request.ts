import * as sdk from '@aws-sdk/client-kms';
import { allOperations } from '../../functions/all-operations.ts';
import { type Group, groups } from '../../shared/declaration/operation.ts';

/** The operation to create. */
export interface NewOperation {
  readonly name: string;
  readonly group: string;
  /** `true` if AWS KMS does not have the operation. */
  readonly isOwn: boolean;
}

interface Given {
  readonly name: string | undefined;
  readonly group: string | undefined;
  readonly isOwn: boolean;
  readonly isNewGroup: boolean;
}

/** Reports an invalid request. The message contains the reason. */
export class RequestError extends Error {}

/** Parses the arguments. Throws `RequestError` if they are invalid. */
export function readRequest({ name, group, isOwn, isNewGroup }: Given): NewOperation {
  if (name === undefined || group === undefined) throw new RequestError('--group and --name are required.');
  checkName(name);
  checkGroup(group, isNewGroup);
  if (group === 'service' && !isOwn) {
    throw new RequestError(
      "The group service is reserved for this service's own operations. Add --own or choose another group.",
    );
  }
  if (!isOwn && !Object.hasOwn(sdk, `${name}Command`)) {
    throw new RequestError(
      `The installed SDK has no ${name}Command. Correct the name, or add --own for an operation that AWS KMS does not have.`,
    );
  }
  return { name, group, isOwn };
}

/** The operation names whose function name would be a JavaScript keyword or an existing member of the client. */
const reservedNames = ['Await', 'Delete', 'Export', 'Import', 'New', 'Paginate', 'Return', 'Switch', 'Try', 'Void'];

function checkName(name: string): void {
  if (!/^(?:[A-Z][a-z0-9]+)+$/.test(name) || reservedNames.includes(name)) {
    throw new RequestError(`The name ${name} is not valid. Use a name in AWS's spelling, such as ScheduleKeyDeletion.`);
  }
  const taken = allOperations.find((operation) => operation.name.toLowerCase() === name.toLowerCase());
  if (taken !== undefined) throw new RequestError(`The operation ${taken.name} already exists.`);
}

function checkGroup(group: string, isNewGroup: boolean): void {
  if (!/^[a-z]+(?:-[a-z]+)*$/.test(group)) {
    throw new RequestError(
      `The group ${group} is not valid. Use lowercase letters and single hyphens, as in key-stores.`,
    );
  }
  const exists = groups.includes(group as Group);
  if (isNewGroup && exists) throw new RequestError(`The group ${group} already exists. Omit --new-group.`);
  if (!isNewGroup && !exists) {
    throw new RequestError(`The group ${group} does not exist. Use one of ${groups.join(', ')}, or add --new-group.`);
  }
}
