import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { catalogue, type ErrorCode, isErrorCode } from '../../../shared/declaration/error-catalogue.ts';
import { hasBody, keyMembers, memberNames, memberSchema } from '../../../shared/declaration/operation.ts';
import { unwrap } from '../../../shared/declaration/schema-metadata.ts';
import { redactRequestValues } from '../../../shared/errors/redact-request-values.ts';
import { createHandler, type Handler } from '../../../shared/handler/create-handler.ts';
import { kmsError, useFaultServer } from '../../support/fault-server.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent, type HttpEventV2, toV1, withRawBody } from '../../support/http-events.ts';
import { operationRows, operations, routeRows, sampledRows } from '../../support/operations.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';
import { sdkErrors } from '../../support/sdk-schemas.ts';

const faults = useFaultServer();
const canary = 'CanaryValue0123456789';

beforeAll(() => setLocalEnvironment(faults.endpoint));
beforeEach(() => {
  faults.requests = 0;
});

const codes = Object.keys(catalogue) as ErrorCode[];
const codeRows = codes.map((code) => ({ code, status: catalogue[code].status }));
const sample = buildHttpEvent(encrypt, encrypt.routes[0]);

let regions = 0;
function freshRegion(): string {
  regions += 1;
  return `test-region-${regions}`;
}

async function bothTriggers(handler: Handler, timeoutMs?: number): Promise<Outcome[]> {
  return Promise.all(
    [sample, toV1(sample), encrypt.example.input].map((event) => invoke(handler, event, createContext(timeoutMs))),
  );
}

describe('the error catalogue', () => {
  test('the error catalogue contains every error that the SDK models', () => {
    expect(sdkErrors.length).toBeGreaterThan(40);
    expect(sdkErrors.filter(({ code }) => !isErrorCode(code))).toEqual([]);
  });

  test.for(sdkErrors)('the error catalogue has the status in the SDK model: $code', ({ code, status }) => {
    // The service returns a 502 for a 500 from KMS, because the service itself did not fail.
    expect(catalogue[code as ErrorCode].status).toBe(status === 500 ? 502 : status);
  });

  test.for(operationRows)('the error catalogue contains every declared error: $name', ({ operation }) => {
    expect(operation.errors.filter((code) => !isErrorCode(code))).toEqual([]);
  });
});

describe('a KMS error', () => {
  const unsent = new Set(['RouteNotFoundError', 'PayloadTooLargeError', 'UnsupportedMediaTypeError', 'InternalError']);
  const sent = codeRows.filter(({ code }) => !unsent.has(code));

  test.for(sent)(
    'a KMS error becomes a problem document over HTTP and a thrown error by direct invocation: $code, $status',
    async ({ code, status }) => {
      faults.respond = kmsError(code, '', status >= 500 ? 500 : 400);
      for (const outcome of await bothTriggers(await loadHandler(encrypt)))
        expect(outcome).toMatchObject({ ok: false, code });
    },
  );

  test('a KMS error keeps its message and the key identifier in the request, but no other values', async () => {
    const message = `Value '${canary}' at 'x' failed: ${encrypt.example.input.Plaintext} alias/example is not there`;
    faults.respond = kmsError('NotFoundException', message);
    for (const outcome of await bothTriggers(await loadHandler(encrypt))) {
      expect(outcome.text).toContain("Value at 'x' failed: … alias/example is not there");
      expect(outcome.text).not.toContain(canary);
    }
  });

  test.for(['KeyId', 'SourceKeyId', 'DestinationKeyId', 'TargetKeyId', 'AliasName'])(
    'a KMS message keeps an identifier in %s, but redacts any other text in that member',
    (member) => {
      const id = '5a4d1e00-0000-4000-8000-00000000ffff';
      const arn = 'arn:aws:kms:us-east-1:000000000000';
      for (const key of [id, `mrk-${'0a'.repeat(16)}`, 'alias/team/app', `${arn}:key/${id}`, `${arn}:alias/app`]) {
        expect(redactRequestValues(`Invalid ${key}`, { [member]: key })).toBe(`Invalid ${key}`);
        expect(redactRequestValues(`Invalid ${key}`, { Description: key })).not.toContain(key);
      }
      for (const text of [canary, `key/${canary}`, `${id}${canary}`, `${arn}:key/${canary}`]) {
        expect(redactRequestValues(`Invalid ${text}`, { [member]: text })).toBe('Invalid …');
      }
    },
  );

  test('every member for keys keeps its identifier', () => {
    const members = new Set(operations.flatMap((operation) => keyMembers(operation)));
    expect(
      [...members].filter((name) => redactRequestValues('alias/app', { [name]: 'alias/app' }) !== 'alias/app'),
    ).toEqual([]);
  });

  test('a KMS error does not keep its message if its status is 5xx', async () => {
    faults.respond = kmsError('KMSInternalException', canary, 500);
    for (const outcome of await bothTriggers(await loadHandler(encrypt))) {
      expect(outcome).toMatchObject({ ok: false, code: 'KMSInternalException' });
      expect(outcome.text).not.toContain(canary);
    }
  });

  test('a KMS error with an unknown code becomes a 500 with a fixed sentence and the request id', async () => {
    faults.respond = kmsError('BrandNewException', canary);
    for (const outcome of await bothTriggers(await loadHandler(encrypt))) {
      expect(outcome).toMatchObject({ ok: false, code: 'InternalError' });
      expect(outcome.text).not.toMatch(new RegExp(`${canary}|BrandNew`));
      if (outcome.trigger === 'http' && !outcome.ok) expect(outcome.problem.detail).toBe('The service failed.');
    }
  });
});

describe('an internal error', () => {
  const thrown = { 'an error': new Error(canary), 'a string': canary, undefined: undefined, 'an object': { canary } };

  test.for(Object.entries(thrown))(
    'an internal error becomes a 500 with a fixed sentence and without a stack trace if the code throws %s',
    async ([, value]) => {
      class Command {
        constructor() {
          throw value;
        }
      }
      for (const outcome of await bothTriggers(createHandler(encrypt, Command))) {
        expect(outcome).toMatchObject({ ok: false, code: 'InternalError' });
        expect(outcome.text).not.toContain(canary);
        expect(outcome.text).toContain('The service failed.');
      }
    },
  );
});

describe('a KMS failure', () => {
  const dripMs = 20;
  // A new Region has a new client, which still has its full retry quota.
  beforeEach(() => setLocalEnvironment(faults.endpoint, freshRegion()));

  const rows: {
    name: string;
    respond: Parameters<typeof kmsError>[0] | typeof faults.respond;
    code: ErrorCode;
    attempts?: number;
  }[] = [
    {
      name: 'a reset connection',
      respond: (response) => response.destroy(),
      code: 'KmsUnreachableError',
      attempts: 2,
    },
    {
      name: 'throttling',
      respond: kmsError('ThrottlingException', 'Rate exceeded'),
      code: 'ThrottlingException',
      attempts: 1,
    },
    {
      name: 'throttling with another code',
      respond: kmsError('TooManyRequestsException', '', 429),
      code: 'ThrottlingException',
      attempts: 1,
    },
    {
      name: 'unavailability',
      respond: kmsError('ServiceUnavailableException', '', 503),
      code: 'ServiceUnavailableException',
    },
    {
      name: "a proxy's HTML page",
      respond: (response) => response.writeHead(502, { 'content-type': 'text/html' }).end(`<h1>${canary}</h1>`),
      code: 'KMSInternalException',
    },
    {
      name: 'a 500 without a body',
      respond: (response) => response.writeHead(500).end(),
      code: 'KMSInternalException',
    },
    {
      name: 'an incomplete body',
      respond: (response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{"CiphertextBlob":"AA');
        setTimeout(() => response.destroy(), dripMs);
      },
      code: 'KmsUnreachableError',
    },
  ];

  test.for(rows)(
    'a KMS failure becomes a typed, retryable error before the function times out: $name',
    async ({ respond, code, attempts }) => {
      faults.respond = respond as typeof faults.respond;
      const outcomes = await bothTriggers(await loadHandler(encrypt));
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ ok: false, code });
        if (outcome.trigger === 'http' && !outcome.ok) expect(outcome.problem.retryable).toBe(true);
        expect(outcome.text).not.toContain(canary);
      }
      if (attempts !== undefined) expect(faults.requests).toBe(attempts * outcomes.length);
    },
  );

  const garbage: Record<string, string | Buffer> = {
    'not JSON': canary,
    'truncated JSON': `{"CiphertextBlob":"${canary}`,
    bytes: Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  };
  test.for(Object.entries(garbage))(
    'an unreadable body in a 200 from KMS becomes a KMSInternalException: %s',
    async ([, body]) => {
      faults.respond = (response) =>
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
      for (const outcome of await bothTriggers(await loadHandler(encrypt))) {
        expect(outcome).toMatchObject({ ok: false, code: 'KMSInternalException' });
        expect(outcome.text).not.toContain(canary);
      }
    },
  );

  test('a request that is too large for KMS becomes a PayloadTooLargeError', async () => {
    faults.respond = (response) => response.writeHead(413).end();
    for (const outcome of await bothTriggers(await loadHandler(encrypt))) {
      expect(outcome).toMatchObject({ ok: false, code: 'PayloadTooLargeError' });
    }
  });

  test('a refused connection to KMS becomes a KmsUnreachableError', async () => {
    setLocalEnvironment('http://127.0.0.1:9', freshRegion());
    const outcomes = await bothTriggers(await loadHandler(encrypt));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ ok: false, code: 'KmsUnreachableError' });
  });

  test('a missing response from KMS becomes a TimeoutError', async () => {
    faults.respond = () => {};
    const startMs = performance.now();
    const handler = await loadHandler(encrypt);
    // The calls run concurrently, because two attempts take most of the ten seconds.
    const [patient, hurried, direct] = await Promise.all([
      invoke(handler, sample, createContext(10_000)),
      invoke(handler, sample, createContext(1_000)).then((outcome) => ({ ...outcome, endMs: performance.now() })),
      invoke(handler, encrypt.example.input, createContext(10_000)),
    ]);
    expect(patient).toMatchObject({ ok: false, code: 'TimeoutError', problem: { status: 504, retryable: true } });
    expect(direct).toMatchObject({ ok: false, code: 'TimeoutError' });
    expect(hurried).toMatchObject({ ok: false, code: 'TimeoutError' });
    expect(hurried.endMs - startMs).toBeLessThan(5_000);
  });

  test('a response from KMS that does not end becomes a TimeoutError', async () => {
    faults.respond = (response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      const timer = setInterval(() => response.write(' '), dripMs);
      response.on('close', () => clearInterval(timer));
    };
    const startMs = performance.now();
    const outcome = await invoke(await loadHandler(encrypt), sample, createContext(1_500));
    expect(outcome).toMatchObject({ ok: false, code: 'TimeoutError' });
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

describe('a request body', () => {
  const withBodies = routeRows.filter(({ route }) => hasBody(route));
  interface UnreadableBody {
    readonly name: string;
    readonly change: (event: HttpEventV2) => HttpEventV2;
    readonly code: ErrorCode;
    /** Whether a request takes tens of milliseconds. If so, only one operation in each group is called. */
    readonly isCostly?: boolean;
  }
  const sampled = new Set(sampledRows.map(({ operation }) => operation));
  const rows: readonly UnreadableBody[] = [
    { name: 'malformed JSON', change: (event) => withRawBody(event, `{"${canary}`), code: 'SerializationException' },
    { name: 'a JSON string', change: (event) => withRawBody(event, `"${canary}"`), code: 'SerializationException' },
    { name: 'a list', change: (event) => withRawBody(event, `["${canary}"]`), code: 'SerializationException' },
    { name: 'null', change: (event) => withRawBody(event, 'null'), code: 'SerializationException' },
    {
      name: 'JSON with 100,000 levels',
      change: (event) => withRawBody(event, `${'{"A":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
      code: 'SerializationException',
      isCostly: true,
    },
    {
      name: 'invalid base64',
      change: (event) => ({ ...withRawBody(event, `${canary}!`), isBase64Encoded: true }),
      code: 'SerializationException',
    },
    {
      name: 'invalid UTF-8',
      change: (event) => ({
        ...withRawBody(event, Buffer.from('{"A":"\xff"}', 'latin1').toString('base64')),
        isBase64Encoded: true,
      }),
      code: 'SerializationException',
    },
    {
      name: 'an unknown content type',
      change: (event) => ({ ...withRawBody(event, '{}'), headers: { 'content-type': canary } }),
      code: 'UnsupportedMediaTypeError',
    },
    {
      name: 'no content type',
      change: (event) => ({ ...withRawBody(event, '{}'), headers: {} }),
      code: 'UnsupportedMediaTypeError',
    },
    {
      name: 'a body of more than 1 MiB',
      change: (event) => withRawBody(event, JSON.stringify({ Description: canary.repeat(60_000) })),
      code: 'PayloadTooLargeError',
    },
  ];

  describe.each(rows)('$name returns $code', ({ change, code, isCostly }) => {
    test.for(isCostly ? withBodies.filter(({ operation }) => sampled.has(operation)) : withBodies)(
      'an invalid body on the route $name returns the expected error',
      async ({ operation, route }) => {
        const handler = await loadHandler(operation);
        const event = change(buildHttpEvent(operation, route));
        for (const form of [event, toV1(event)]) {
          const outcome = await invoke(handler, form);
          expect(outcome).toMatchObject({ ok: false, code });
          expect(outcome.text).not.toContain(canary);
        }
        expect(faults.requests).toBe(0);
      },
    );
  });

  const required = withBodies.filter(({ operation, route }) =>
    Object.entries(operation.input._zod.def.shape).some(
      ([member, schema]) => schema._zod.def.type !== 'optional' && !route.path.includes(`{${member}}`),
    ),
  );
  test.for(required)(
    'a request body is required if the operation has required members: $name',
    async ({ operation, route }) => {
      const { body, ...event } = buildHttpEvent(operation, route);
      const outcome = await invoke(await loadHandler(operation), event);
      expect(outcome).toMatchObject({ ok: false, code: 'ValidationException' });
      expect(faults.requests).toBe(0);
    },
  );
});

test('a direct event that is not an object is rejected', async () => {
  for (const event of [null, 1, canary, true, [canary], []]) {
    for (const operation of operations) {
      const outcome = await invoke(await loadHandler(operation), event);
      expect(outcome).toMatchObject({ ok: false, code: 'SerializationException' });
      expect(outcome.text).not.toContain(canary);
    }
  }
});

describe('an input error', () => {
  const rows = operations.flatMap((operation) =>
    memberNames(operation)
      .filter((member) => unwrap(memberSchema(operation, member))._zod.def.type === 'record')
      .map((member) => ({ name: `${operation.name} ${member}`, operation, member })),
  );
  test.for(rows)(
    'an input error does not contain map keys, even if they look like member names: $name',
    async ({ operation, member }) => {
      const input = { ...operation.example.input, [member]: { [canary]: 1 } };
      const outcome = await invoke(await loadHandler(operation), input);
      expect(outcome).toMatchObject({ ok: false, code: 'ValidationException' });
      expect(outcome.text).toContain(`/${member} contains an invalid value, which must be a string`);
      expect(outcome.text).not.toContain(canary);
    },
  );
});
