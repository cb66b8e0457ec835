import type { Operation, Route } from '../../shared/declaration/operation.ts';
import facts from '../parity/kms-facts.json' with { type: 'json' };

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
}

const inputs: Readonly<Record<string, { readonly input: string } | undefined>> = facts.operations;
const shapes: Readonly<Record<string, Shape | undefined>> = facts.shapes;
const methodsWithBody = new Set(['POST', 'PUT']);
/** The types that a query string cannot represent. */
const nestedTypes = new Set(['list', 'map', 'structure']);
/** The types of the members that KMS does not have. */
const ownTypes: Readonly<Record<string, string | undefined>> = { Force: 'boolean', IdempotencyKey: 'string' };

/**
 * Returns the location that a member must have on a route. Depends only on the route's template and the KMS model, and
 * shares no code with the handlers, because tests compare the handlers with this rule.
 */
export function expectedLocation(
  operation: Operation,
  { method, path }: Route,
  member: string,
): 'path' | 'query' | 'body' | 'unsupported' {
  const pathMembers = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  if (pathMembers.includes(member)) return 'path';
  if (methodsWithBody.has(method)) return 'body';
  return nestedTypes.has(modelType(operation, member)) ? 'unsupported' : 'query';
}

function modelType({ name }: Operation, member: string): string {
  const shape = shapes[inputs[name]?.input ?? '']?.members?.[member]?.shape;
  const type = shapes[shape ?? '']?.type ?? ownTypes[member];
  if (type === undefined)
    throw new Error(`${name} has the member ${member}, which is neither in the KMS model nor our own.`);
  return type;
}
