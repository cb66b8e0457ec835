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

/** The members of a route that stand in its path and its query. */
export function parametersOf(operation: Operation, route: Route, components: Components): Json[] {
  const { path } = splitByLocation(operation, route, exampleOn(operation, route));
  return memberNames(operation).flatMap((name): Json[] => {
    const place = locationOf(operation, route, name);
    if (place !== 'path' && place !== 'query') return [];
    const isKeyInPath = place === 'path' && keyMembers(operation).includes(name);
    const plain = components.schemaOf(memberSchema(operation, name), 'request');
    const schema = isKeyInPath ? inPath(plain) : plain;
    const example = place === 'path' ? path[name] : operation.example.input[name];
    return [
      {
        name,
        in: place,
        required: place === 'path' || isRequired(operation, name),
        // Pages show the description of a parameter, and not that of its schema.
        ...(schema.description === undefined ? {} : { description: schema.description }),
        schema: isKeyInPath
          ? components.add(plain.pattern === undefined ? 'KeyInPath' : 'AliasInPath', schema)
          : schema,
        ...(example === undefined ? {} : { example }),
      },
    ];
  });
}

/** The example as far as it can be sent over this route. */
export function exampleOn(operation: Operation, route: Route): Operation['example']['input'] {
  return Object.fromEntries(
    Object.entries(operation.example.input).filter(([name]) => locationOf(operation, route, name) !== 'unsupported'),
  );
}

/** With a dot for each slash (docs/decisions/0003-keys-in-paths.md): in the text, and so in a pattern for it. */
function inPath({ pattern, description, ...schema }: Json): Json {
  return {
    ...schema,
    pattern: pattern === undefined ? '^[^/]+$' : String(pattern).replaceAll('/', '.'),
    description: `${description} In a path, each \`/\` is written as \`.\`: \`alias/team/app\` is \`alias.team.app\`.`,
  };
}
