import {
  functionName,
  hasBody,
  isAwsOperation,
  isRequired,
  locationOf,
  memberNames,
  memberSchema,
  type Operation,
  type Route,
  referenceUrl,
} from '../../shared/declaration/operation.ts';
import { splitByLocation } from '../../shared/http/split-by-location.ts';
import type { Components } from './components.ts';
import type { Json } from './json-schema.ts';
import { exampleOn, parametersOf } from './parameters.ts';
import { failuresOf } from './problems.ts';

/** What stands in the document for one route of an operation. */
export function operationObject(operation: Operation, route: Route, components: Components, answer: unknown): Json {
  const parameters = parametersOf(operation, route, components);
  const body = requestBody(operation, route, components);
  return {
    operationId: operationId(operation, route),
    tags: [operation.group],
    summary: operation.summary,
    description: descriptionOf(operation, route),
    ...(isAwsOperation(operation)
      ? {
          externalDocs: { description: `${operation.name} in the AWS KMS API Reference`, url: referenceUrl(operation) },
        }
      : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [route.status]: {
        description: route.status === 201 ? 'Made.' : 'Done.',
        content: { 'application/json': { schema: answerSchema(operation, components), example: answer } },
      },
      ...failuresOf(operation, route),
    },
  };
}

/** The function's name; on a further route, with what is different there: `decryptWithoutKeyId`, `describeKeyWithBody`. */
function operationId(operation: Operation, route: Route): string {
  const [first] = operation.routes;
  const name = functionName(operation);
  if (route === first) return name;
  const missing = memberNames(operation).filter(
    (member) => locationOf(operation, first, member) === 'path' && locationOf(operation, route, member) !== 'path',
  );
  if (missing.length > 0) return `${name}Without${missing.join('And')}`;
  if (hasBody(route) && !hasBody(first)) return `${name}WithBody`;
  throw new Error(`${operation.name}: ${route.method} ${route.path} needs an operationId of its own`);
}

function descriptionOf(operation: Operation, route: Route): string {
  const source = isAwsOperation(operation) ? `operation \`${operation.name}\` of AWS KMS` : "of this service's own";
  const sentence = `Function \`${functionName(operation)}\`, ${source}.`;
  const unsupported = membersWithoutPlace(operation, route);
  if (unsupported.length === 0) return sentence;
  const members = unsupported.map((name) => `\`${name}\``).join(', ');
  const other = operation.routes.find((candidate) => membersWithoutPlace(operation, candidate).length === 0);
  const way = other === undefined ? 'direct invocation' : `\`${other.method} ${other.path}\` or direct invocation`;
  return `${sentence} A query has no lists: send ${members} by ${way}.`;
}

function membersWithoutPlace(operation: Operation, route: Route): string[] {
  return memberNames(operation).filter((name) => locationOf(operation, route, name) === 'unsupported');
}

function requestBody(operation: Operation, route: Route, components: Components): Json | undefined {
  const names = memberNames(operation).filter((name) => locationOf(operation, route, name) === 'body');
  if (!hasBody(route) || names.length === 0) return undefined;
  const required = names.filter((name) => isRequired(operation, name));
  return {
    required: required.length > 0,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: Object.fromEntries(
            names.map((name) => [name, components.schemaOf(memberSchema(operation, name), 'request')]),
          ),
          ...(required.length === 0 ? {} : { required }),
          additionalProperties: false,
        },
        example: splitByLocation(operation, route, exampleOn(operation, route)).body,
      },
    },
  };
}

/** Where AWS has no output there is an empty object, the same for all. */
function answerSchema(operation: Operation, components: Components): Json {
  const isEmpty = Object.keys(operation.output()._zod.def.shape).length === 0;
  const name = isEmpty ? 'EmptyResponse' : `${operation.name}Response`;
  return components.add(name, components.schemaOf(operation.output(), 'answer'));
}
