import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  hasBody,
  type JsonObject,
  type JsonValue,
  keyMembers,
  memberNames,
  memberSchema,
  type Operation,
  type Route,
} from '../../../shared/declaration/operation.ts';
import { unwrap } from '../../../shared/declaration/schema-metadata.ts';
import { fromPathKey, toPathKey } from '../../../shared/http/path-key.ts';
import { useEmulator } from '../../support/emulator.ts';
import { expectedLocation } from '../../support/expected-location.ts';
import { loadHandler, pointAt } from '../../support/handlers.ts';
import { eventOn, type HttpEventV2, toV1, withBody, withQuery, withRawBody } from '../../support/http-events.ts';
import { operationRows, routeRows } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';
import { countOutgoing } from '../../support/outgoing.ts';

const used = useEmulator();
const outgoing = countOutgoing();

beforeAll(() => pointAt(used.emulator.endpoint));
beforeEach(() => used.emulator.restoreSeed());

/** The request is refused before KMS is called, with one error at `pointer` (or none where it cannot be read at all). */
async function expectRefused(operation: Operation, event: unknown, pointer: string | undefined): Promise<void> {
  const handler = await loadHandler(operation);
  const before = outgoing.requests;
  const outcome = await invoke(handler, event);
  expect(outcome).toMatchObject({
    ok: false,
    code: pointer === undefined ? 'SerializationException' : 'ValidationException',
  });
  if (!outcome.ok && outcome.trigger === 'http' && pointer !== undefined) {
    expect(outcome.problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
  }
  expect(outgoing.requests).toBe(before);
}

async function expectAnswered(operation: Operation, event: unknown): Promise<unknown> {
  const outcome = await invoke(await loadHandler(operation), event);
  expect(outcome).toMatchObject({ ok: true });
  return outcome.ok ? outcome.body : undefined;
}

function bodyOf(event: HttpEventV2): JsonObject {
  return event.body === undefined ? {} : (JSON.parse(event.body) as JsonObject);
}

/** A value that the member could have: the example's, or the simplest of its type. */
function sampleOf({ example }: Operation, type: string, member: string): JsonValue {
  const simplest: Record<string, JsonValue> = { number: 1, boolean: false, array: [], record: {}, object: {} };
  return example.input[member] ?? simplest[type] ?? 'alias/example';
}

interface MemberRow {
  readonly name: string;
  readonly operation: Operation;
  readonly route: Route;
  readonly member: string;
  readonly value: JsonValue;
}

const memberRows: MemberRow[] = routeRows.flatMap(({ name, operation, route }) =>
  memberNames(operation).map((member) => {
    const { type } = unwrap(memberSchema(operation, member))._zod.def;
    return { name: `${name}: ${member}`, operation, route, member, value: sampleOf(operation, type, member) };
  }),
);

describe('a member has one place on a route', () => {
  const inPath = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) === 'path',
  );
  const elsewhere = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) !== 'path',
  );

  test.for(inPath.filter(({ route }) => hasBody(route)))(
    'of the path, not also in the body, even if equal: $name',
    async ({ operation, route, member, value }) => {
      const event = eventOn(operation, route);
      await expectRefused(operation, withBody(event, { ...bodyOf(event), [member]: value }), `/${member}`);
    },
  );

  test.for(inPath)('of the path, not also in the query, even if equal: $name', async (row) => {
    const event = withQuery(eventOn(row.operation, row.route), [row.member, String(row.value)]);
    await expectRefused(row.operation, event, `/${row.member}`);
    await expectRefused(row.operation, toV1(event), `/${row.member}`);
  });

  test.for(elsewhere.filter(({ route }) => hasBody(route)))(
    'of the body, not in the query: $name',
    async ({ operation, route, member, value }) => {
      const event = withQuery(eventOn(operation, route), [member, String(value)]);
      await expectRefused(operation, event, `/${member}`);
      await expectRefused(operation, toV1(event), `/${member}`);
    },
  );

  test.for(elsewhere.filter(({ route }) => !hasBody(route)))(
    'of the query, not in a body, which the route has not: $name',
    async ({ operation, route, member, value }) => {
      const { queryStringParameters, ...event } = eventOn(operation, route);
      await expectRefused(operation, withBody({ ...event, rawQueryString: '' }, { [member]: value }), undefined);
    },
  );

  const unsupported = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) === 'unsupported',
  );
  test.for(unsupported)('a list or map is not for a query: $name', async ({ operation, route, member }) => {
    await expectRefused(operation, withQuery(eventOn(operation, route), [member, 'x']), `/${member}`);
  });

  const inQuery = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) === 'query',
  );
  test.for(inQuery)('once in a query, even if equal: $name', async ({ operation, route, member, value }) => {
    const event = { ...eventOn(operation, route), rawQueryString: '' };
    const twice = withQuery(event, [member, String(value)], [member, String(value)]);
    await expectRefused(operation, twice, `/${member}`);
    await expectRefused(operation, toV1(twice), `/${member}`);
  });
});

describe('a member that is not known is a 400 that says where', () => {
  test.for(routeRows)('in the query: $name', async ({ operation, route }) => {
    await expectRefused(operation, withQuery(eventOn(operation, route), ['Unknown', '1']), '/Unknown');
  });

  test.for(routeRows.filter(({ route }) => hasBody(route)))('in the body: $name', async ({ operation, route }) => {
    const event = eventOn(operation, route);
    await expectRefused(operation, withBody(event, { ...bodyOf(event), Unknown: 1 }), '/Unknown');
  });

  test.for(operationRows)('in a direct event: $name', async ({ operation }) => {
    await expectRefused(operation, { ...operation.example.input, Unknown: 1 }, '/Unknown');
  });
});

function withoutQuery(event: HttpEventV2, member: string): HttpEventV2 {
  const query = new URLSearchParams(event.rawQueryString);
  query.delete(member);
  return { ...event, rawQueryString: query.toString() };
}

describe('a query has only text', () => {
  const queryRows = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) === 'query',
  );
  const typeOf = ({ operation, member }: MemberRow) => unwrap(memberSchema(operation, member))._zod.def.type;
  const numbers = queryRows.filter((row) => typeOf(row) === 'number');
  const booleans = queryRows.filter((row) => typeOf(row) === 'boolean');

  test.for(numbers)('that reads as a number: $name', async ({ operation, route, member }) => {
    const event = withoutQuery(eventOn(operation, route), member);
    await expectAnswered(operation, withQuery(event, [member, '7']));
    await expectAnswered(operation, toV1(withQuery(event, [member, '7'])));
    for (const text of ['', ' 7', '7.5', '7e0', '0x7', 'seven', '99999999999', 'NaN', 'null']) {
      await expectRefused(operation, withQuery(event, [member, text]), `/${member}`);
    }
  });

  test.for(booleans)('that reads as true or false: $name', async ({ operation, route, member }) => {
    const event = withoutQuery(eventOn(operation, route), member);
    for (const text of ['', 'True', '1', 'yes', 'null']) {
      await expectRefused(operation, withQuery(event, [member, text]), `/${member}`);
    }
  });

  test('there are such members', () => expect(numbers.length).toBeGreaterThan(0));
});

describe('a member that is null is as if absent', () => {
  const optional = memberRows.filter(
    ({ operation, member }) =>
      memberSchema(operation, member)._zod.def.type === 'optional' && !(member in operation.example.input),
  );

  test.for(optional)('$name', async ({ operation, route, member }) => {
    await expectAnswered(operation, { ...operation.example.input, [member]: null });
    await used.emulator.restoreSeed();
    const event = eventOn(operation, route);
    if (!hasBody(route)) return;
    await expectAnswered(operation, withBody(event, { ...bodyOf(event), [member]: null }));
  });

  const required = memberRows.filter(
    ({ operation, member }) => memberSchema(operation, member)._zod.def.type !== 'optional',
  );
  test.for(required)('and is then missing where it is required: $name', async ({ operation, member }) => {
    await expectRefused(operation, { ...operation.example.input, [member]: null }, `/${member}`);
  });
});

describe('a name of __proto__ is refused wherever it stands', () => {
  const places = {
    'at the top': '"__proto__":{"KeyId":"alias/example"}',
    'in a map': '"EncryptionContext":{"__proto__":"x"}',
    'in a list': '"GrantTokens":[{"__proto__":[]}]',
    'deep down': '"A":[{"b":[{"c":{"__proto__":1}}]}]',
  };

  describe.each(Object.entries(places))('%s', (_, member) => {
    const withMember = (json: JsonObject) => JSON.stringify({ ...json, last: 0 }).replace('"last":0', member);

    test.for(operationRows)('direct: $name', async ({ operation }) => {
      await expectRefused(operation, JSON.parse(withMember(operation.example.input)), undefined);
    });

    test.for(routeRows.filter(({ route }) => hasBody(route)))('HTTP: $name', async ({ operation, route }) => {
      const event = eventOn(operation, route);
      await expectRefused(operation, withRawBody(event, withMember(bodyOf(event))), undefined);
    });
  });
});

describe('a key in a path', () => {
  const keyRows = memberRows.filter(
    ({ operation, route, member }) =>
      expectedLocation(operation, route, member) === 'path' && keyMembers(operation).includes(member),
  );
  const id = fc.uuid();
  const segment = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
  const alias = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => `alias/${parts.join('/')}`);
  const scope = fc
    .tuple(
      fc.constantFrom('aws', 'aws-cn', 'aws-us-gov'),
      fc.stringMatching(/^[a-z]{2}-[a-z]{4,9}-\d$/),
      fc.stringMatching(/^\d{12}$/),
    )
    .map(([partition, region, account]) => `arn:${partition}:kms:${region}:${account}:`);
  const multiRegion = fc.stringMatching(/^mrk-[0-9a-f]{32}$/);
  const keys = fc.oneof(
    id,
    multiRegion,
    alias,
    fc.tuple(scope, alias).map(([head, name]) => head + name),
    fc.tuple(scope, fc.oneof(id, multiRegion)).map(([head, keyId]) => `${head}key/${keyId}`),
  );

  test('has a dot for each slash, and back: all key ids, alias names and ARNs', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const segment = toPathKey(key);
        expect(segment).not.toContain('/');
        expect(encodeURIComponent(segment).replaceAll('%3A', ':')).toBe(segment);
        expect(fromPathKey(segment)).toBe(key);
      }),
      { numRuns: 2000 },
    );
  });

  test.for(keyRows)(
    'is refused with a slash that the gateway has decoded: $name',
    async ({ operation, route, member }) => {
      const event = eventOn(operation, route);
      const pathParameters = { ...event.pathParameters, [member]: 'alias/example' };
      await expectRefused(operation, { ...event, pathParameters }, `/${member}`);
      await expectRefused(operation, toV1({ ...event, pathParameters }), `/${member}`);
    },
  );
});

describe('an ARN of another Region, account or service is a 400 before KMS is called', () => {
  const foreign = {
    Region: 'arn:aws:kms:eu-west-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
    account: 'arn:aws:kms:us-east-1:111122223333:key/5a4d1e00-0000-4000-8000-000000000001',
    'account of an alias': 'arn:aws:kms:us-east-1:111122223333:alias/example',
    service: 'arn:aws:s3:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
    'ARN that is cut short': 'arn:aws:kms',
  };
  const keyRows = memberRows.filter(({ operation, member }) => keyMembers(operation).includes(member));

  describe.each(Object.entries(foreign))('%s', (_, arn) => {
    test.for(keyRows)('$name', async ({ operation, route, member }) => {
      const input = { ...operation.example.input, [member]: arn };
      await expectRefused(operation, eventOn(operation, route, input), `/${member}`);
      await expectRefused(operation, input, `/${member}`);
    });
  });
});

describe('a body in an HTTP request', () => {
  const rows = routeRows.filter(({ route }) => !hasBody(route));
  test.for(rows)('is refused by a route that takes none: $name', async ({ operation, route }) => {
    await expectRefused(operation, withBody(eventOn(operation, route), {}), undefined);
  });
});
