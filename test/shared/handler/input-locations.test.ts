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
import { loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent, type HttpEventV2, toV1, withBody, withQuery, withRawBody } from '../../support/http-events.ts';
import { operationRows, routeRows } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';
import { countOutgoing } from '../../support/outgoing.ts';

const used = useEmulator();
const outgoing = countOutgoing();

beforeAll(() => setLocalEnvironment(used.emulator.endpoint));
beforeEach(() => used.emulator.restoreSeed());

/** Expects one input error at `pointer` and no call to KMS. Without a pointer, expects that the request cannot be parsed. */
async function expectRejected(operation: Operation, event: unknown, pointer: string | undefined): Promise<void> {
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

async function expectSuccess(operation: Operation, event: unknown): Promise<unknown> {
  const outcome = await invoke(await loadHandler(operation), event);
  expect(outcome).toMatchObject({ ok: true });
  return outcome.ok ? outcome.body : undefined;
}

function readBody(event: HttpEventV2): JsonObject {
  return event.body === undefined ? {} : (JSON.parse(event.body) as JsonObject);
}

/** Returns the example value of a member, or the simplest value of its type. */
function pickValue({ example }: Operation, type: string, member: string): JsonValue {
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
    return { name: `${name}: ${member}`, operation, route, member, value: pickValue(operation, type, member) };
  }),
);

describe('a member has one location on a route', () => {
  const inPath = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) === 'path',
  );
  const elsewhere = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) !== 'path',
  );

  test.for(inPath.filter(({ route }) => hasBody(route)))(
    'a path parameter is rejected in the body, even with an equal value: $name',
    async ({ operation, route, member, value }) => {
      const event = buildHttpEvent(operation, route);
      await expectRejected(operation, withBody(event, { ...readBody(event), [member]: value }), `/${member}`);
    },
  );

  test.for(inPath)('a path parameter is rejected in the query, even with an equal value: $name', async (row) => {
    const event = withQuery(buildHttpEvent(row.operation, row.route), [row.member, String(row.value)]);
    await expectRejected(row.operation, event, `/${row.member}`);
    await expectRejected(row.operation, toV1(event), `/${row.member}`);
  });

  test.for(elsewhere.filter(({ route }) => hasBody(route)))(
    'a body member is rejected in the query: $name',
    async ({ operation, route, member, value }) => {
      const event = withQuery(buildHttpEvent(operation, route), [member, String(value)]);
      await expectRejected(operation, event, `/${member}`);
      await expectRejected(operation, toV1(event), `/${member}`);
    },
  );

  test.for(elsewhere.filter(({ route }) => !hasBody(route)))(
    'a query parameter is rejected in the body if the route has no body: $name',
    async ({ operation, route, member, value }) => {
      const { queryStringParameters, ...event } = buildHttpEvent(operation, route);
      await expectRejected(operation, withBody({ ...event, rawQueryString: '' }, { [member]: value }), undefined);
    },
  );

  const unsupported = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) === 'unsupported',
  );
  test.for(unsupported)('a list or map is rejected in a query: $name', async ({ operation, route, member }) => {
    await expectRejected(operation, withQuery(buildHttpEvent(operation, route), [member, 'x']), `/${member}`);
  });

  const inQuery = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) === 'query',
  );
  test.for(inQuery)(
    'a repeated query parameter is rejected, even with an equal value: $name',
    async ({ operation, route, member, value }) => {
      const event = { ...buildHttpEvent(operation, route), rawQueryString: '' };
      const twice = withQuery(event, [member, String(value)], [member, String(value)]);
      await expectRejected(operation, twice, `/${member}`);
      await expectRejected(operation, toV1(twice), `/${member}`);
    },
  );
});

describe('an unknown member', () => {
  test.for(routeRows)(
    'an unknown member in the query returns a 400 with its pointer: $name',
    async ({ operation, route }) => {
      await expectRejected(operation, withQuery(buildHttpEvent(operation, route), ['Unknown', '1']), '/Unknown');
    },
  );

  test.for(routeRows.filter(({ route }) => hasBody(route)))(
    'an unknown member in the body returns a 400 with its pointer: $name',
    async ({ operation, route }) => {
      const event = buildHttpEvent(operation, route);
      await expectRejected(operation, withBody(event, { ...readBody(event), Unknown: 1 }), '/Unknown');
    },
  );

  test.for(operationRows)(
    'an unknown member in a direct event returns a 400 with its pointer: $name',
    async ({ operation }) => {
      await expectRejected(operation, { ...operation.example.input, Unknown: 1 }, '/Unknown');
    },
  );
});

function withoutQuery(event: HttpEventV2, member: string): HttpEventV2 {
  const query = new URLSearchParams(event.rawQueryString);
  query.delete(member);
  return { ...event, rawQueryString: query.toString() };
}

describe('the text of a query parameter', () => {
  const queryRows = memberRows.filter(
    ({ operation, route, member }) => expectedLocation(operation, route, member) === 'query',
  );
  const typeOf = ({ operation, member }: MemberRow) => unwrap(memberSchema(operation, member))._zod.def.type;
  const numbers = queryRows.filter((row) => typeOf(row) === 'number');
  const booleans = queryRows.filter((row) => typeOf(row) === 'boolean');

  test.for(numbers)(
    'the text of a query parameter is converted to a number: $name',
    async ({ operation, route, member }) => {
      const event = withoutQuery(buildHttpEvent(operation, route), member);
      await expectSuccess(operation, withQuery(event, [member, '7']));
      await expectSuccess(operation, toV1(withQuery(event, [member, '7'])));
      for (const text of ['', ' 7', '7.5', '7e0', '0x7', 'seven', '99999999999', 'NaN', 'null']) {
        await expectRejected(operation, withQuery(event, [member, text]), `/${member}`);
      }
    },
  );

  test.for(booleans)(
    'the text of a query parameter is converted to a boolean: $name',
    async ({ operation, route, member }) => {
      const event = withoutQuery(buildHttpEvent(operation, route), member);
      for (const text of ['', 'True', '1', 'yes', 'null']) {
        await expectRejected(operation, withQuery(event, [member, text]), `/${member}`);
      }
    },
  );

  test('at least one query parameter is a number', () => expect(numbers.length).toBeGreaterThan(0));
});

describe('a null member', () => {
  const optional = memberRows.filter(
    ({ operation, member }) =>
      memberSchema(operation, member)._zod.def.type === 'optional' && !(member in operation.example.input),
  );

  test.for(optional)(
    'a null member is treated as absent if it is optional: $name',
    async ({ operation, route, member }) => {
      await expectSuccess(operation, { ...operation.example.input, [member]: null });
      await used.emulator.restoreSeed();
      const event = buildHttpEvent(operation, route);
      if (!hasBody(route)) return;
      await expectSuccess(operation, withBody(event, { ...readBody(event), [member]: null }));
    },
  );

  const required = memberRows.filter(
    ({ operation, member }) => memberSchema(operation, member)._zod.def.type !== 'optional',
  );
  test.for(required)('a null member is reported as missing if it is required: $name', async ({ operation, member }) => {
    await expectRejected(operation, { ...operation.example.input, [member]: null }, `/${member}`);
  });
});

describe('the name __proto__', () => {
  const places = {
    'at the top level': '"__proto__":{"KeyId":"alias/example"}',
    'in a map': '"EncryptionContext":{"__proto__":"x"}',
    'in a list': '"GrantTokens":[{"__proto__":[]}]',
    'nested deeply': '"A":[{"b":[{"c":{"__proto__":1}}]}]',
  };

  describe.each(Object.entries(places))('%s', (_, member) => {
    const withMember = (json: JsonObject) => JSON.stringify({ ...json, last: 0 }).replace('"last":0', member);

    test.for(operationRows)('the member name __proto__ is rejected in a direct event: $name', async ({ operation }) => {
      await expectRejected(operation, JSON.parse(withMember(operation.example.input)), undefined);
    });

    test.for(routeRows.filter(({ route }) => hasBody(route)))(
      'the member name __proto__ is rejected in an HTTP request: $name',
      async ({ operation, route }) => {
        const event = buildHttpEvent(operation, route);
        await expectRejected(operation, withRawBody(event, withMember(readBody(event))), undefined);
      },
    );
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

  test('a key in a path contains a dot for each slash and can be converted back', () => {
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
    'a key in a path is rejected if it contains a slash that API Gateway decoded: $name',
    async ({ operation, route, member }) => {
      const event = buildHttpEvent(operation, route);
      const pathParameters = { ...event.pathParameters, [member]: 'alias/example' };
      await expectRejected(operation, { ...event, pathParameters }, `/${member}`);
      await expectRejected(operation, toV1({ ...event, pathParameters }), `/${member}`);
    },
  );
});

describe('a foreign or incomplete ARN', () => {
  const foreign = {
    'with another Region': 'arn:aws:kms:eu-west-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
    'with another account': 'arn:aws:kms:us-east-1:111122223333:key/5a4d1e00-0000-4000-8000-000000000001',
    'with another account for an alias': 'arn:aws:kms:us-east-1:111122223333:alias/example',
    'with another service': 'arn:aws:s3:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
    'without a resource': 'arn:aws:kms',
  };
  const keyRows = memberRows.filter(({ operation, member }) => keyMembers(operation).includes(member));

  describe.each(Object.entries(foreign))('%s', (_, arn) => {
    test.for(keyRows)(
      'a foreign or incomplete ARN returns a 400 before the function calls KMS: $name',
      async ({ operation, route, member }) => {
        const input = { ...operation.example.input, [member]: arn };
        await expectRejected(operation, buildHttpEvent(operation, route, input), `/${member}`);
        await expectRejected(operation, input, `/${member}`);
      },
    );
  });
});

describe('the body of an HTTP request', () => {
  const rows = routeRows.filter(({ route }) => !hasBody(route));
  test.for(rows)(
    'the body of an HTTP request is rejected on a route without a body: $name',
    async ({ operation, route }) => {
      await expectRejected(operation, withBody(buildHttpEvent(operation, route), {}), undefined);
    },
  );
});
