import {
  acceptsIdempotencyKey,
  idempotencyKeyMember,
  idempotencyKeyPattern,
} from '../../shared/declaration/idempotency-key.ts';
import {
  isRequired,
  keyMembers,
  locationOf,
  memberNames,
  memberSchema,
  type Operation,
  type Route,
} from '../../shared/declaration/operation.ts';
import { splitByLocation } from '../../shared/http/split-by-location.ts';
import type { Components } from './components.ts';
import type { Json } from './json-schema.ts';
import { describeMember } from './member-descriptions.ts';

/** The header that every route accepts. */
const timeoutParameter = {
  name: 'Kms-Timeout-Ms',
  in: 'header',
  required: false,
  description:
    'How long the caller waits, in milliseconds. The function stops waiting for KMS after this time, and returns 504.',
  schema: { type: 'integer', minimum: 1, maximum: 999_999_999 },
};

/** The header for the idempotency key. A request contains the key either in this header or in its body. */
const idempotencyKeyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: `Identifies the request, so that a repeated request has no further effect. Only in deployments with \`idempotency=on\`. Alternative to \`${idempotencyKeyMember}\` in the body.`,
  schema: { type: 'string', pattern: idempotencyKeyPattern.source },
};

/** Builds the parameters for headers. */
export function buildHeaders(operation: Operation): Json[] {
  return acceptsIdempotencyKey(operation) ? [timeoutParameter, idempotencyKeyParameter] : [timeoutParameter];
}

/** Builds a route's path and query parameters. */
export function buildParameters(operation: Operation, route: Route, components: Components): Json[] {
  const { path } = splitByLocation(operation, route, buildExampleInput(operation, route));
  return memberNames(operation).flatMap((name): Json[] => {
    const location = locationOf(operation, route, name);
    if (location !== 'path' && location !== 'query') return [];
    const isKeyInPath = location === 'path' && keyMembers(operation).includes(name);
    const plain = components.toSchema(memberSchema(operation, name), 'request');
    const schema = isKeyInPath ? toPathSchema(plain) : plain;
    const example = location === 'path' ? path[name] : operation.example.input[name];
    const description = describeMember(name, schema.description as string | undefined);
    return [
      {
        name,
        in: location,
        required: location === 'path' || isRequired(operation, name),
        // Documentation pages show a parameter's description, but not its schema's description.
        ...(description === undefined ? {} : { description }),
        schema: isKeyInPath
          ? components.add(plain.pattern === undefined ? 'KeyInPath' : 'AliasInPath', schema)
          : schema,
        ...(example === undefined ? {} : { example }),
      },
    ];
  });
}

/** Returns the example input with only the members that this route supports. */
export function buildExampleInput(operation: Operation, route: Route): Operation['example']['input'] {
  return Object.fromEntries(
    Object.entries(operation.example.input).filter(([name]) => locationOf(operation, route, name) !== 'unsupported'),
  );
}

/** Adapts a key identifier's schema to paths, which have dots instead of slashes (docs/decisions/0003-keys-in-paths.md). */
function toPathSchema({ pattern, description, ...schema }: Json): Json {
  return {
    ...schema,
    pattern: pattern === undefined ? '^[^/]+$' : String(pattern).replaceAll('/', '.'),
    description: `${description} In a path, write each \`/\` as \`.\`: \`alias/team/app\` becomes \`alias.team.app\`.`,
  };
}
