import type { ApiOperation, JsonObject } from './open-api-document.ts';

/** The request that a reader edits. */
export interface RequestDraft {
  /** The values of the parameters by name. Empty values are not sent. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The body as text, or `undefined` for a route without a body. */
  readonly body: string | undefined;
}

export interface BuiltRequest {
  readonly method: string;
  /** The path with the query, URL-encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Creates a draft with the values of the sample event. */
export function createDraft({ parameters, body }: ApiOperation): RequestDraft {
  const values = parameters.map(({ name, example }) => [name, example === undefined ? '' : String(example)]);
  return {
    parameters: Object.fromEntries(values),
    body: body === undefined ? undefined : JSON.stringify(body.example, undefined, 2),
  };
}

export function buildRequest({ method, path, parameters }: ApiOperation, draft: RequestDraft): BuiltRequest {
  const readValue = (name: string) => draft.parameters[name] ?? '';
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeSegment(readValue(name)));
  const sent = (location: string) =>
    parameters
      .filter((parameter) => parameter.in === location && readValue(parameter.name) !== '')
      .map(({ name }) => name);
  const query = new URLSearchParams(
    Object.fromEntries(sent('query').map((name) => [name, readValue(name)])),
  ).toString();
  const headers = Object.fromEntries(sent('header').map((name) => [name.toLowerCase(), readValue(name)]));
  return {
    method,
    target: query === '' ? filled : `${filled}?${query}`,
    headers: draft.body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: draft.body,
  };
}

/** Encodes a path segment. Leaves `:` as it is, because ARNs are easier to read with it. */
function encodeSegment(value: string): string {
  return encodeURIComponent(value).replaceAll('%3A', ':');
}

/** Reads a draft's body. Returns `undefined` if it is not a JSON object. */
export function parseBody({ body }: RequestDraft): JsonObject | undefined {
  if (body === undefined || body.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
