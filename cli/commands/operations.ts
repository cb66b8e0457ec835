import type * as z from 'zod/mini';
import { allOperations } from '../../functions/all-operations.ts';
import { isRequired, memberNames, memberSchema, type Operation } from '../../shared/declaration/operation.ts';
import { type Schema, schemaMetadata, unwrap } from '../../shared/declaration/schema-metadata.ts';
import { formatPairs, formatTable } from '../output/text-table.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { findOperation } from './find-operation.ts';

/** Lists the operations, or describes one of them, from the declarations. */
export async function listOperations(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const [name] = args;
  if (name !== undefined) {
    const operation = findOperation(name);
    if (flags.json) return writeJson(describeOperation(operation), invocation);
    return writeLine(terminal.stdout, formatOperation(operation));
  }
  if (flags.json) return writeJson({ Operations: allOperations.map(summarize) }, invocation);
  const rows = allOperations.map(({ name: operation, group, summary }) => [operation, group, summary]);
  await writeLine(terminal.stdout, formatTable(['OPERATION', 'GROUP', 'SUMMARY'], rows));
}

function summarize({ name, group, summary }: Operation) {
  return { Name: name, Group: group, Summary: summary };
}

function describeOperation(operation: Operation) {
  return {
    ...summarize(operation),
    Routes: operation.routes.map(({ method, path }) => `${method} ${path}`),
    Members: memberNames(operation).map((member) => ({
      Name: member,
      Type: describeType(memberSchema(operation, member)),
      Required: isRequired(operation, member),
      Sensitive: operation.sensitive.includes(member),
      ...describeItemMembers(operation, memberSchema(operation, member)),
    })),
    Example: operation.example.input,
  };
}

/** Describes the members of the objects in a list, such as the items of a batch. */
function describeItemMembers(operation: Operation, schema: Schema) {
  const list = unwrap(schema)._zod.def as z.core.$ZodTypes['_zod']['def'];
  const item = list.type === 'array' ? (unwrap(list.element)._zod.def as z.core.$ZodTypes['_zod']['def']) : list;
  if (item.type !== 'object') return {};
  const Members = Object.entries(item.shape).map(([member, each]) => ({
    Name: member,
    Type: describeType(each),
    Required: each._zod.optin === undefined,
    Sensitive: operation.sensitive.includes(member),
  }));
  return { Members };
}

interface Member {
  readonly Name: string;
  readonly Type: string;
  readonly Required: boolean;
  readonly Sensitive: boolean;
  readonly Members?: readonly Member[];
}

/** Returns the row of a member, and the indented rows of its own members. */
function formatMember({ Name, Type, Required, Sensitive, Members = [] }: Member): string[][] {
  const notes = [Required && 'required', Sensitive && 'secret'].filter(Boolean).join(', ');
  const nested = Members.flatMap(formatMember).map(([name, ...cells]) => [`  ${name}`, ...cells]);
  return [[Name, Type, notes], ...nested];
}

function formatOperation(operation: Operation): string {
  const { Name, Summary, Routes, Members, Example } = describeOperation(operation);
  const members = formatTable(['MEMBER', 'TYPE', ''], Members.flatMap(formatMember));
  const parts = [
    formatPairs([[Name, Summary], ...Routes.map((route) => ['', route] as const)]),
    Members.length === 0 ? 'The request has no members.' : members,
    `Example:\n  kms-functions call ${Name} --json ${quote(JSON.stringify(Example))}`,
  ];
  return parts.join('\n\n');
}

/** Quotes a word for a shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Describes the type of a member: `string`, `list of string`, `bytes (base64)`, `RAW | DIGEST`. */
function describeType(schema: Schema): string {
  const inner = unwrap(schema);
  const kind = schemaMetadata(inner)?.kind;
  if (kind === 'blob') return 'bytes (base64)';
  if (kind === 'timestamp') return 'time (ISO 8601)';
  if (kind === 'key' || kind === 'alias') return kind === 'key' ? 'key id, ARN or alias' : 'alias name';
  const def = inner._zod.def as z.core.$ZodTypes['_zod']['def'];
  switch (def.type) {
    case 'enum':
      return Object.values(def.entries).join(' | ');
    case 'literal':
      return def.values.join(' | ');
    case 'array':
      return `list of ${describeType(def.element)}`;
    case 'record':
      return 'object of strings';
    case 'number':
      return 'integer';
    default:
      return def.type;
  }
}
