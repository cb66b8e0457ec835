import {
  findBatch,
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
import { buildErrorResponses } from './error-responses.ts';
import type { Json } from './json-schema.ts';
import { describeMember } from './member-descriptions.ts';
import { buildOctetStream, buildOctetStreamHeaders, buildOctetStreamParameters } from './octet-stream.ts';
import { buildExampleInput, buildHeaders, buildParameters } from './parameters.ts';

/** Builds a route's OpenAPI operation object. `example` is an example response. */
export function buildOperation(operation: Operation, route: Route, components: Components, example: unknown): Json {
  const parameters = [
    ...buildParameters(operation, route, components),
    ...buildHeaders(operation),
    ...buildOctetStreamParameters(operation),
  ];
  const body = buildRequestBody(operation, route, components);
  return {
    operationId: operationId(operation, route),
    tags: [operation.group],
    summary: operation.summary,
    description: describeRoute(operation, route),
    ...(isAwsOperation(operation)
      ? {
          externalDocs: { description: `${operation.name} in the AWS KMS API Reference`, url: referenceUrl(operation) },
        }
      : {}),
    parameters,
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [route.status]: {
        description: route.status === 201 ? 'Created.' : 'Success.',
        ...buildOctetStreamHeaders(operation),
        content: {
          'application/json': { schema: buildResponseSchema(operation, components), example },
          ...buildOctetStream(operation, 'response'),
        },
      },
      ...addPartialFailures(operation, buildErrorResponses(operation, route), {
        schema: buildResponseSchema(operation, components),
        example,
      }),
    },
  };
}

/** Adds the responses of a batch in which at least one item failed. Callers can choose the status. */
function addPartialFailures(operation: Operation, errors: Json, results: Json): Json {
  if (findBatch(operation) === undefined) return errors;
  const invalid = errors[400] as { readonly content: Json };
  const content = { 'application/json': results };
  const description = 'At least one item failed. `PartialFailureStatus` in the request replaces this status.';
  return { ...errors, 207: { description, content }, 400: { ...invalid, content: { ...invalid.content, ...content } } };
}

/** Returns the function name. Additional routes append a suffix: `decryptWithoutKeyId`, `describeKeyWithBody`. */
function operationId(operation: Operation, route: Route): string {
  const [first] = operation.routes;
  const name = functionName(operation);
  if (route === first) return name;
  const missing = memberNames(operation).filter(
    (member) => locationOf(operation, first, member) === 'path' && locationOf(operation, route, member) !== 'path',
  );
  if (missing.length > 0) return `${name}Without${missing.join('And')}`;
  if (hasBody(route) && !hasBody(first)) return `${name}WithBody`;
  throw new Error(
    `${operation.name}: the route ${route.method} ${route.path} needs a unique operationId. Extend operationId().`,
  );
}

function describeRoute(operation: Operation, route: Route): string {
  const source = isAwsOperation(operation)
    ? `the AWS KMS operation \`${operation.name}\``
    : "one of this service's own operations";
  const sentence = `The function \`${functionName(operation)}\` implements ${source}.`;
  const unsupported = listUnsupportedMembers(operation, route);
  if (unsupported.length === 0) return sentence;
  const members = unsupported.map((name) => `\`${name}\``).join(', ');
  const other = operation.routes.find((candidate) => listUnsupportedMembers(operation, candidate).length === 0);
  const way = other === undefined ? 'direct invocation' : `\`${other.method} ${other.path}\` or direct invocation`;
  return `${sentence} Queries cannot contain lists. To send ${members}, use ${way}.`;
}

function listUnsupportedMembers(operation: Operation, route: Route): string[] {
  return memberNames(operation).filter((name) => locationOf(operation, route, name) === 'unsupported');
}

function buildRequestBody(operation: Operation, route: Route, components: Components): Json | undefined {
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
            names.map((name) => [
              name,
              buildMember(name, components.toSchema(memberSchema(operation, name), 'request')),
            ]),
          ),
          ...(required.length === 0 ? {} : { required }),
          additionalProperties: false,
        },
        example: splitByLocation(operation, route, buildExampleInput(operation, route)).body,
      },
      ...buildOctetStream(operation, 'request'),
    },
  };
}

/** Adds the member's meaning to its schema. OpenAPI 3.1 allows a description next to a reference. */
function buildMember(name: string, schema: Json): Json {
  const description = describeMember(name, schema.description as string | undefined);
  return description === undefined ? schema : { ...schema, description };
}

/** Returns a reference to the response schema. Operations without output share the schema `EmptyResponse`. */
function buildResponseSchema(operation: Operation, components: Components): Json {
  const isEmpty = Object.keys(operation.output()._zod.def.shape).length === 0;
  const name = isEmpty ? 'EmptyResponse' : `${operation.name}Response`;
  return components.add(name, components.toSchema(operation.output(), 'response'));
}
