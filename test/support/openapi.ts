import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly example?: string | number | boolean;
}

interface Response {
  readonly content?: Readonly<Record<string, { readonly example?: unknown }>>;
}

type ResponseOrRef = Response | { readonly $ref: string };

interface OperationObject {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly example: unknown } } };
  readonly responses: Readonly<Record<string, ResponseOrRef>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
  };
}

/** The committed document. The OpenAPI tests use no other description of the API. */
export const openApi: OpenApi = JSON.parse(readFileSync('docs/reference/openapi.json', 'utf8'));

export interface DocumentedOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** JSON Pointer to the operation. */
  readonly pointer: string;
  readonly operation: OperationObject;
  /** The responses with all references resolved. */
  readonly responses: Readonly<Record<string, Response>>;
}

export const documentedOperations: readonly DocumentedOperation[] = Object.entries(openApi.paths).flatMap(
  ([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: operation.operationId,
      method: method.toUpperCase(),
      path,
      pointer: `#/paths/${escapePointer(path)}/${method}`,
      operation,
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, response]) => [status, resolveReference(response)]),
      ),
    })),
);

export interface ExampleRequest {
  readonly target: string;
  readonly init: RequestInit;
}

/** Builds a request from the document's examples, as a client generator would. */
export function buildExampleRequest({ method, path, operation }: DocumentedOperation): ExampleRequest {
  const { parameters = [], requestBody } = operation;
  const filled = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, { name, example }) => text.replace(`{${name}}`, encodeURIComponent(String(example))), path);
  const query = parameters.flatMap((parameter) =>
    parameter.in === 'query' && parameter.example !== undefined
      ? [[parameter.name, String(parameter.example)] as const]
      : [],
  );
  const body = requestBody?.content['application/json'].example;
  return {
    target: query.length === 0 ? filled : `${filled}?${new URLSearchParams(Object.fromEntries(query))}`,
    init: {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    },
  };
}

const ajv = new Ajv2020({
  // Outside its schemas, the document contains keywords that JSON Schema does not define.
  strict: false,
  allErrors: true,
  formats: {
    'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
    uri: /^[a-z][a-z0-9+.-]*:\S+$/,
    'json-pointer': /^(\/([^~/]|~[01])*)*$/,
  },
}).addSchema({ ...openApi, $id: 'openapi.json' });

const validators = new Map<string, ValidateFunction>();

/** Expects a value to match the schema at this JSON Pointer. */
export function expectToMatch(pointer: string, value: unknown): void {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi.json${encodeURI(pointer)}` });
  validators.set(pointer, validate);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

/** Returns the JSON Pointer to the schema of an operation's response. */
export function responseSchema({ pointer, operation }: DocumentedOperation, status: string, mediaType: string): string {
  const response = operation.responses[status];
  if (response === undefined)
    throw new Error(`The document does not contain a ${status} response for ${operation.operationId}.`);
  const location = '$ref' in response ? response.$ref : `${pointer}/responses/${status}`;
  return `${location}/content/${escapePointer(mediaType)}/schema`;
}

function resolveReference(response: ResponseOrRef): Response {
  if (!('$ref' in response)) return response;
  const target = openApi.components.responses[response.$ref.slice('#/components/responses/'.length)];
  if (target === undefined) throw new Error(`The document does not contain ${response.$ref}.`);
  return target;
}

/** Escapes a reference token in a JSON Pointer (RFC 6901, section 3). */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
