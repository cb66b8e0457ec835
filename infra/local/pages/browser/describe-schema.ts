import { type OpenApiDocument, resolveSchema, type Schema } from './open-api-document.ts';

/** What the page shows about a value. */
export interface SchemaDescription {
  readonly type: string;
  /** The limits, such as `1 to 128 characters`. */
  readonly limits: string;
  readonly values: readonly string[];
  readonly description: string;
  /** The members of an object, or of the objects in a list. */
  readonly members: readonly MemberDescription[];
}

export interface MemberDescription extends SchemaDescription {
  readonly name: string;
  readonly isRequired: boolean;
}

export function describeSchema(document: OpenApiDocument, reference: Schema): SchemaDescription {
  const schema = resolveSchema(document, reference);
  const item = schema.items === undefined ? undefined : describeSchema(document, schema.items);
  return {
    type: item === undefined ? nameType(schema) : `list of ${plurals[item.type] ?? item.type}`,
    limits: [describeLimits(schema), item?.limits === undefined || item.limits === '' ? '' : `each ${item.limits}`]
      .filter((text) => text !== '')
      .join(', '),
    values: schema.enum ?? item?.values ?? [],
    description: reference.description ?? schema.description ?? '',
    members: item?.members ?? describeMembers(document, schema),
  };
}

/** Describes the members of an object, the required members first. */
export function describeMembers(document: OpenApiDocument, reference: Schema): MemberDescription[] {
  const { properties = {}, required = [] } = resolveSchema(document, reference);
  const members = Object.entries(properties).map(([name, schema]) => ({
    name,
    isRequired: required.includes(name),
    ...describeSchema(document, schema),
  }));
  return [...members.filter(({ isRequired }) => isRequired), ...members.filter(({ isRequired }) => !isRequired)];
}

const plurals: Readonly<Record<string, string>> = { string: 'strings', enum: 'enum values', object: 'objects' };

function nameType(schema: Schema): string {
  if (schema.contentEncoding === 'base64') return 'base64';
  if (schema.format === 'date-time') return 'timestamp';
  if (schema.enum !== undefined) return 'enum';
  if (schema.type === 'object') return schema.properties === undefined ? 'map of strings' : 'object';
  return typeof schema.type === 'string' ? schema.type : 'value';
}

function describeLimits(schema: Schema): string {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, contentEncoding } = schema;
  // The description of a blob contains its limits in bytes.
  if (contentEncoding !== undefined) return '';
  return [
    describeRange(minLength, maxLength, 'characters'),
    describeRange(minimum, maximum, ''),
    describeRange(minItems, maxItems, 'items'),
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function describeRange(min: number | undefined, max: number | undefined, unit: string): string {
  if (max === undefined) return min === undefined || min === 0 ? '' : `at least ${format(min)} ${unit}`.trim();
  const range =
    min === undefined || min === 0
      ? `up to ${format(max)}`
      : min === max
        ? format(min)
        : `${format(min)} to ${format(max)}`;
  return `${range} ${unit}`.trim();
}

function format(count: number): string {
  return count.toLocaleString('en-US');
}
