import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { isObject } from '../../shared/declaration/json-object.ts';
import { memberNames, memberSchema, type Operation } from '../../shared/declaration/operation.ts';
import { schemaMetadata, unwrap } from '../../shared/declaration/schema-metadata.ts';
import { suggestName } from '../../shared/errors/closest-name.ts';
import { toInputErrors } from '../../shared/errors/input-errors.ts';
import { FileError, UsageError } from '../exit-codes.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { openInput, readInput } from '../files/read-input.ts';
import type { Invocation } from '../table/command.ts';

/** More than the largest request that the API accepts. */
const maxRequestBytes = 10 << 20;

/**
 * Reads the request from `--json` and from the members on the command line, and checks it against the declaration. Messages
 * contain no values, because a value may be secret.
 */
export async function readRequest(
  operation: Operation,
  members: readonly string[],
  invocation: Invocation,
): Promise<object> {
  const request: Record<string, unknown> = { ...(await readJson(invocation)) };
  for (const member of members) {
    const [name, value] = await readMember(operation, member);
    request[name] = value;
  }
  const result = z.safeParse(operation.input, request);
  if (result.success) return result.data;
  const problems = toInputErrors(result.error.issues, operation.input, request).map(
    ({ pointer, detail }) => `${pointer || 'The request'} ${detail}`,
  );
  throw new UsageError(
    `The request is not valid: ${problems.join('; ')}. \`kms-functions operations ${operation.name}\` lists the members.`,
  );
}

async function readJson({ flags, terminal }: Invocation): Promise<object> {
  const { request } = flags;
  if (request === undefined) return {};
  const file = request === '-' ? '-' : request.startsWith('@') ? request.slice(1) : undefined;
  const text =
    file === undefined
      ? request
      : (await readInput(await openInput(file, terminal), terminal.signal, maxRequestBytes)).toString('utf8');
  const json = parseJson(text);
  if (isObject(json)) return json;
  throw new UsageError('The request must be a JSON object. `--json @FILE` reads it from a file.');
}

/** Parses JSON. The error of `JSON.parse` would contain a part of the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads `NAME=TEXT`, `NAME=@FILE` or `NAME:=JSON`. */
async function readMember(operation: Operation, text: string): Promise<[name: string, value: unknown]> {
  const [, name = '', isJson, value = ''] = /^([A-Za-z]+)(:)?=(.*)$/s.exec(text) ?? [];
  if (name === '') throw new UsageError('Each member must have the form NAME=TEXT, NAME=@FILE or NAME:=JSON.');
  const names = memberNames(operation);
  if (!names.includes(name)) {
    throw new UsageError(`${operation.name} has no member ${name}.${suggestName(name, names)}`);
  }
  if (isJson) {
    const json = parseJson(value);
    if (json === undefined) throw new UsageError(`The value of ${name} is not JSON.`);
    return [name, json];
  }
  return [name, await convertText(operation, name, value)];
}

/** Converts text to the type of the member. The contents of a file become base64 if the member contains bytes. */
async function convertText(operation: Operation, name: string, text: string): Promise<unknown> {
  const schema = unwrap(memberSchema(operation, name));
  const { type } = schema._zod.def;
  const isBlob = schemaMetadata(schema)?.kind === 'blob';
  if (text.startsWith('@')) {
    const contents = await readMemberFile(text.slice(1));
    return isBlob ? contents.toString('base64') : contents.toString('utf8');
  }
  if (type === 'number' && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (type === 'array' || type === 'record' || type === 'object') {
    throw new UsageError(`${name} is a list or an object. Write it as JSON: ${name}:=JSON.`);
  }
  return text;
}

async function readMemberFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new FileError(describeFileError(error, file), error);
  }
}
