import { toJson } from '../../client/calls/json-values.ts';
import type { Client } from '../../client/client.ts';
import { isPaged } from '../../client/pages.ts';
import { functionName, type Operation } from '../../shared/declaration/operation.ts';
import { UsageError } from '../exit-codes.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { findOperation } from './find-operation.ts';
import { readRequest } from './read-request.ts';

type Methods = Readonly<Record<string, (input: object) => Promise<object>>>;
type PagedMethods = Readonly<Record<string, (input: object) => AsyncIterable<object>>>;

/** Calls any operation, with the names and the JSON form of AWS. */
export async function call(invocation: Invocation): Promise<void> {
  const [name = '', ...members] = invocation.args;
  const operation = findOperation(name);
  if (invocation.flags.all && !isPaged(operation)) throw new UsageError(`${operation.name} does not return pages.`);
  const input = await readRequest(operation, members, invocation);
  const client = await invocation.connect();
  const response = await (invocation.flags.all ? readAllPages : callOnce)(client, operation, input);
  await writeJson(toJson(operation.output(), response), invocation);
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
