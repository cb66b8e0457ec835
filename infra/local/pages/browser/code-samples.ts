import { fromPathKey } from '../../../../shared/http/path-key.ts';
import {
  type ApiOperation,
  type OpenApiDocument,
  type Parameter,
  resolveSchema,
  type Schema,
} from './open-api-document.ts';
import { buildRequest, parseBody, type RequestDraft } from './request-draft.ts';

/** Formats a request as a curl command for a POSIX shell. */
export function formatCurl(baseUrl: string, operation: ApiOperation, draft: RequestDraft): string {
  const { method, target, headers, body } = buildRequest(operation, draft);
  const url = `${baseUrl}${target}`;
  // curl chooses the method POST for a request with a body, and GET otherwise.
  const isChosen = method === (body === undefined ? 'GET' : 'POST');
  const lines = [`curl -s ${isChosen ? '' : `-X ${method} `}${/[^\w:/.-]/.test(url) ? quote(url) : url}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quote(`${name}: ${value}`)}`);
  if (body !== undefined) lines.push(`-d ${quote(compactJson(body))}`);
  return lines.join(' \\\n  ');
}

/** Removes the white space of valid JSON. */
function compactJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Formats a request as code that calls the typed client. Returns `undefined` if the body is not a JSON object. */
export function formatClientCode(
  baseUrl: string,
  document: OpenApiDocument,
  operation: ApiOperation,
  draft: RequestDraft,
): string | undefined {
  const body = parseBody(draft);
  if (body === undefined) return undefined;
  const parameters = operation.parameters.filter(
    ({ in: location, name }) => location !== 'header' && (draft.parameters[name] ?? '') !== '',
  );
  const members = [
    ...parameters.map(
      (parameter) => [parameter.name, formatParameter(parameter, draft.parameters[parameter.name] ?? '')] as const,
    ),
    ...Object.entries(body).map(([name, value]) => {
      const schema = resolveSchema(document, operation.body?.schema ?? {}).properties?.[name] ?? {};
      return [name, formatValue(document, schema, value, '  ')] as const;
    }),
  ];
  const input = members.length === 0 ? '' : `{\n${members.map(([name, code]) => `  ${name}: ${code},\n`).join('')}}`;
  const method = operation.name.charAt(0).toLowerCase() + operation.name.slice(1);
  return `import { createClient, http } from 'kms-functions/client';

const client = createClient({ transport: http({ endpoint: '${baseUrl}' }) });

console.log(await client.${method}(${input}));`;
}

/** Formats a parameter. A key identifier in a path has dots instead of slashes. */
function formatParameter({ schema, in: location }: Parameter, value: string): string {
  const isKey = location === 'path' && /InPath$/.test(schema.$ref ?? '');
  if (isKey) return formatText(fromPathKey(value));
  return schema.type === 'integer' || schema.type === 'boolean' ? value : formatText(value);
}

function formatValue(document: OpenApiDocument, reference: Schema, value: unknown, indent: string): string {
  const schema = resolveSchema(document, reference);
  if (typeof value === 'string' && schema.contentEncoding === 'base64')
    return `Buffer.from(${formatText(value)}, 'base64')`;
  if (schema.format === 'date-time')
    return `new Date(${typeof value === 'number' ? value * 1000 : formatText(String(value))})`;
  if (Array.isArray(value))
    return `[${value.map((item) => formatValue(document, schema.items ?? {}, item, indent)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, inner]) =>
        `${formatName(name)}: ${formatValue(document, schema.properties?.[name] ?? {}, inner, indent)}`,
    );
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return typeof value === 'string' ? formatText(value) : JSON.stringify(value);
}

function formatName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : formatText(name);
}

/** Formats a string literal. JSON escapes everything except the single quote. */
function formatText(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
