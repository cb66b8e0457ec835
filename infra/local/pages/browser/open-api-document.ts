/** The parts of the OpenAPI document that the API page reads. */
export interface OpenApiDocument {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, ResponseObject>>;
    readonly examples: Readonly<Record<string, { readonly summary: string }>>;
  };
}

interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly externalDocs?: { readonly url: string };
  readonly parameters: readonly Parameter[];
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: Schema; readonly example: JsonObject } };
  };
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>;
}

interface Reference {
  readonly $ref: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
  readonly example?: string | number | boolean;
}

interface ResponseObject {
  readonly description: string;
  readonly content?: Readonly<
    Record<string, { readonly schema: Schema; readonly example?: unknown; readonly examples?: object }>
  >;
}

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly enum?: readonly string[];
  readonly contentEncoding?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export interface ApiError {
  readonly status: number;
  readonly code: string;
  readonly meaning: string;
}

/** A route of an operation, with everything that the page shows. */
export interface ApiOperation {
  readonly id: string;
  /** The operation's name, such as `DescribeKey`. */
  readonly name: string;
  /** Distinguishes an additional route: `with body`. */
  readonly variant: string;
  readonly group: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly referenceUrl: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly schema: Schema; readonly example: JsonObject } | undefined;
  readonly success: { readonly status: number; readonly schema: Schema; readonly example: unknown };
  readonly errors: readonly ApiError[];
}

/** Lists the operations by group, and by name in each group, as docs/reference/operations.md does. */
export function readOperations(document: OpenApiDocument): ApiOperation[] {
  const groups = document.tags.map(({ name }) => name);
  return Object.entries(document.paths)
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => readOperation(document, method.toUpperCase(), path, operation)),
    )
    .sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || compareIds(a.id, b.id));
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function readOperation(
  document: OpenApiDocument,
  method: string,
  path: string,
  operation: OperationObject,
): ApiOperation {
  const { operationId, externalDocs, requestBody, responses } = operation;
  // The id of an additional route ends in a suffix. AWS documents no other operations.
  const ownName = capitalize(operationId.replace(/With(out\w+|Body)$/, ''));
  const [, referenceName = ownName] = /API_(\w+)\.html$/.exec(externalDocs?.url ?? '') ?? [];
  const [status = '200', success] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
  const content = success === undefined ? undefined : resolveResponse(document, success).content?.['application/json'];
  return {
    id: operationId,
    name: referenceName,
    variant: operationId
      .slice(referenceName.length)
      .replaceAll(/(With(?:out)?)(?=[A-Z])/g, ' $1 ')
      .trim()
      .replace(/^With(out)? Body$/, 'with$1 body')
      .replace(/^With/, 'with'),
    group: operation.tags[0] ?? '',
    method,
    path,
    summary: operation.summary,
    description: operation.description,
    referenceUrl: externalDocs?.url,
    parameters: operation.parameters,
    body: requestBody?.content['application/json'],
    success: { status: Number(status), schema: content?.schema ?? {}, example: content?.example },
    errors: Object.entries(responses)
      .filter(([code]) => Number(code) >= 400)
      .flatMap(([code, response]) => readErrors(document, Number(code), resolveResponse(document, response))),
  };
}

function readErrors(document: OpenApiDocument, status: number, { content = {} }: ResponseObject): ApiError[] {
  const codes = Object.keys(content['application/problem+json']?.examples ?? {});
  const errors = codes.map((code) => ({ status, code, meaning: document.components.examples[code]?.summary ?? '' }));
  const isOfGateway = 'application/json' in content;
  return isOfGateway ? [...errors, { status, code: '', meaning: 'API Gateway itself rejects the request' }] : errors;
}

function resolveResponse(document: OpenApiDocument, response: ResponseObject | Reference): ResponseObject {
  if (!('$ref' in response)) return response;
  return document.components.responses[lastPart(response.$ref)] as ResponseObject;
}

/** Returns a schema without a reference. */
export function resolveSchema(document: OpenApiDocument, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return resolveSchema(document, document.components.schemas[lastPart(schema.$ref)] ?? {});
}

function lastPart(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
