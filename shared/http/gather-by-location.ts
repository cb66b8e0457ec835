import {
  keyMembers,
  locationOf,
  memberNames,
  memberSchema,
  type Operation,
  type Route,
} from '../declaration/operation.ts';
import { unwrap } from '../declaration/schema-metadata.ts';
import { createUnknownMemberError, toPointer } from '../errors/input-errors.ts';
import type { InputError } from '../errors/kms-functions-error.ts';
import type { HttpRequest } from './http-request.ts';
import { fromPathKey } from './path-key.ts';

type Json = Record<string, unknown>;

export interface GatheredInput {
  readonly json: Json;
  /** Errors for members that are unknown, repeated or in the wrong location. */
  readonly errors: InputError[];
}

/** Creates a function that gathers an operation's input from the body, query and path of an HTTP request. */
export function createGatherer(operation: Operation) {
  const members = new Set(memberNames(operation));
  const keys = new Set(keyMembers(operation));

  return (route: Route, http: HttpRequest, body: Json): GatheredInput => {
    const json: Json = {};
    const errors: InputError[] = [];
    const report = (name: string, detail: string) => errors.push({ pointer: toPointer([name]), detail });

    for (const [name, value] of Object.entries(body)) {
      // Unknown members stay in the body, because validation reports them.
      const location = members.has(name) ? locationOf(operation, route, name) : 'body';
      if (location === 'body') json[name] = value;
      else report(name, `must be sent in the ${location}`);
    }
    for (const [name, values] of http.query) {
      const location = members.has(name) ? locationOf(operation, route, name) : undefined;
      const [value = ''] = values;
      if (location === undefined) errors.push(createUnknownMemberError([], name, [...members]));
      else if (location === 'unsupported') report(name, 'cannot be sent in a query');
      else if (location !== 'query') report(name, `must be sent in the ${location}`);
      else if (values.length > 1) report(name, 'must occur only once in the query');
      else json[name] = parseQueryValue(operation, name, value);
    }
    for (const name of members) {
      if (locationOf(operation, route, name) !== 'path') continue;
      const value = http.pathParameters.get(name);
      if (value === undefined) continue;
      if (!keys.has(name)) json[name] = value;
      else if (value.includes('/')) report(name, 'must use a dot instead of each slash in a path');
      else json[name] = fromPathKey(value);
    }
    return { json, errors };
  };
}

/** Converts a query value to its member's type. Returns any other text unchanged, because validation reports the error. */
function parseQueryValue(operation: Operation, name: string, value: string): unknown {
  const { type } = unwrap(memberSchema(operation, name))._zod.def;
  if (type === 'number' && /^-?\d{1,9}$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
