import { folderName, functionName } from '../../shared/declaration/operation.ts';
import { type NewOperation, RequestError } from './request.ts';

export const listFile = 'functions/operations.ts';
export const groupsFile = 'shared/declaration/operation.ts';

/** Adds an operation's line to the list, which is sorted by group and operation. */
export function addToList(text: string, operation: NewOperation): string {
  const added = `export { ${functionName(operation)} } from './${operation.group}/${folderName(operation)}/operation.ts';`;
  const lines = text.split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('export '));
  const next = lines.findIndex((line) => line.startsWith('export ') && sortKey(line) > sortKey(added));
  return lines.toSpliced(next === -1 ? last + 1 : next, 0, added).join('\n');
}

/** Returns a line's sort key, which sorts a path before longer paths with the same prefix: `verify` before `verify-mac`. */
function sortKey(line: string): string {
  const [, path = ''] = /'(.*)'/.exec(line) ?? [];
  return path.replaceAll('/', '\0');
}

/** Adds a group to the list of groups, before the group `service`. */
export function addToGroups(text: string, group: string): string {
  const last = "  'service',\n] as const;";
  if (!text.includes(last))
    throw new RequestError(`${groupsFile} must contain a list of groups that ends with service.`);
  return text.replace(last, `  '${group}',\n${last}`);
}
