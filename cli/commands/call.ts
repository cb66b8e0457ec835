import { toJson } from '../../client/calls/json-values.ts';
import type { Client } from '../../client/client.ts';
import { isPaged } from '../../client/pages.ts';
import { findBatch, functionName, type Operation } from '../../shared/declaration/operation.ts';
import { CommandError, UsageError } from '../exit-codes.ts';
import { checkOutputFile, writeFile } from '../files/write-file.ts';
import { writeJson, writeText } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { findOperation } from './find-operation.ts';
import { readRequest } from './read-request.ts';
import { encodeMember, findResponseMember, omitMember, type ResponseMember, readMember } from './response-members.ts';

type Methods = Readonly<Record<string, (input: object) => Promise<object>>>;
type PagedMethods = Readonly<Record<string, (input: object) => AsyncIterable<object>>>;

/** Calls any operation, with the names and the JSON form of AWS. */
export async function call(invocation: Invocation): Promise<void> {
  const [name = '', ...members] = invocation.args;
  const operation = findOperation(name);
  if (invocation.flags.all && !isPaged(operation)) throw new UsageError(`${operation.name} does not return pages.`);
  const { print } = invocation.flags;
  const printed = print === undefined ? undefined : findResponseMember(operation, print);
  const saved = await findSavedMembers(operation, invocation);
  const input = await readRequest(operation, members, invocation);
  const client = await invocation.connect();
  const response = await (invocation.flags.all ? readAllPages : callOnce)(client, operation, input);
  const json = toJson(operation.output(), response);
  for (const { member, file } of saved)
    await writeFile(file, invocation.flags.force ?? false, encodeMember(json, member));
  if (printed !== undefined) await writeText(readMember(json, printed), invocation);
  else {
    await writeJson(
      saved.reduce((rest, { member }) => omitMember(rest, member.names), json),
      invocation,
    );
  }
  if (findBatch(operation) !== undefined) rejectFailedItems(response);
}

/** Finds the members in `--save`, and rejects files that cannot be written, before the service is called. */
async function findSavedMembers(
  operation: Operation,
  { flags }: Invocation,
): Promise<{ readonly member: ResponseMember; readonly file: string }[]> {
  const saved = Object.entries(flags.save ?? {}).map(([path, file]) => ({
    member: findResponseMember(operation, path),
    file,
  }));
  for (const { member, file } of saved) {
    if (file === '' || file === '-') {
      throw new UsageError(`To print the member, use --print ${member.path} instead of --save.`);
    }
    await checkOutputFile(file, flags.force ?? false);
  }
  return saved;
}

/** Without this error, a script would not notice that items of a batch have failed. */
function rejectFailedItems(response: object): void {
  const { Results } = response as { readonly Results: readonly { readonly Error?: unknown }[] };
  const failed = Results.filter(({ Error: error }) => error !== undefined).length;
  if (failed === 0) return;
  const counts = `${failed.toLocaleString('en-US')} of ${Results.length.toLocaleString('en-US')} items failed`;
  throw new CommandError('service', 'ItemsFailedError', `${counts}. Their results contain \`Error\`.`);
}

function callOnce(client: Client, operation: Operation, input: object): Promise<object> {
  return (client as unknown as Methods)[functionName(operation)]!(input);
}

/** Joins the lists of all pages. */
async function readAllPages(client: Client, operation: Operation, input: object): Promise<object> {
  const pages = (client.paginate as unknown as PagedMethods)[functionName(operation)]!(input);
  const joined: Record<string, unknown> = {};
  for await (const page of pages) {
    for (const [member, value] of Object.entries(page)) {
      const previous = joined[member];
      joined[member] = Array.isArray(previous) && Array.isArray(value) ? [...previous, ...value] : value;
    }
  }
  const { NextMarker: _, ...all } = joined;
  return all;
}
