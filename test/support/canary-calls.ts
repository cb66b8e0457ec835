/**
 * Runs in the process that canary.test.ts starts. Calls every function over HTTP and directly, with canaries as values.
 * Some requests succeed and some fail. The output of the process is the output of the functions.
 */
import { findBatch, type JsonObject, type JsonValue, type Operation } from '../../shared/declaration/operation.ts';
import { createContext, loadHandler } from './handlers.ts';
import { buildHttpEvent, encodeBody, toV1, withRawBody } from './http-events.ts';
import { allOperations } from './operations.ts';

const { SECRET_CANARY: secret = '', OPEN_CANARY: open = '', NAME_CANARY: named = '' } = process.env;
const names = process.env.OPERATIONS?.split(',') ?? [];
const called = allOperations.filter(({ name }) => names.includes(name));
const { FAULTY_ENDPOINT: faultyEndpoint } = process.env;
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: open, Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }],
});
const values: Record<string, JsonValue> = {
  Plaintext: Buffer.from(secret).toString('base64'),
  EncryptionContext: { [named]: secret, purpose: secret },
  Description: open,
  Policy: policy,
  Tags: [{ TagKey: open, TagValue: open }],
  Value: secret,
};

function plantCanaries(operation: Operation): JsonObject {
  const { input } = operation.example;
  const isFirst = !('CiphertextBlob' in input) && !(operation.group === 'envelope' && 'Message' in input);
  const members = Object.keys(operation.input._zod.def.shape).filter((name) => name in values);
  const own = members.filter((name) => isFirst || name !== 'EncryptionContext');
  const items = Array.isArray(input.Items) && { Items: input.Items.flatMap((item) => plantInItem(operation, item)) };
  return { ...input, ...items, ...Object.fromEntries(own.map((name) => [name, values[name] as JsonValue])) };
}

/** Replaces the members of an item. Adds items that are not valid, if the operation has a result for each item. */
function plantInItem(operation: Operation, item: JsonValue): JsonValue[] {
  const members = Object.entries(item as JsonObject);
  const planted = Object.fromEntries(members.map(([name, value]) => [name, values[name] ?? value]));
  if (findBatch(operation) === undefined) return [planted];
  const own = { ...planted, Reference: secret };
  return [own, { ...own, [secret]: secret }, { ...own, EncryptionContext: [secret] }, secret];
}

/** Builds requests that fail, each in a different middleware. */
function buildFailingEvents(operation: Operation): unknown[] {
  const [route] = operation.routes;
  const event = buildHttpEvent(operation, route);
  const key = `alias/${named}`;
  const input = { ...operation.example.input, KeyId: key, SourceKeyId: key, TargetKeyId: key, AliasName: key };
  const known = Object.fromEntries(
    Object.entries(input).filter(([name]) => name in operation.input._zod.def.shape),
  ) as JsonObject;
  const bodies = [`{"Plaintext":"${secret}`, `{"${secret}":1}`, `["${secret}"]`, `{"__proto__":"${secret}"}`, secret];
  return [
    known,
    buildHttpEvent(operation, route, known),
    { ...operation.example.input, Plaintext: secret, EncryptionContext: [secret], [secret]: secret },
    { ...operation.example.input, EncryptionContext: { [secret]: { [secret]: secret } } },
    ...bodies.flatMap((body) => [
      withRawBody(event, body),
      encodeBody(withRawBody(event, body)),
      toV1(withRawBody(event, body)),
    ]),
    { ...withRawBody(event, secret), headers: { 'content-type': secret } },
    { ...known, KeyId: secret, SourceKeyId: secret, TargetKeyId: secret, AliasName: secret },
    { ...event, rawQueryString: `${secret}=${secret}&Limit=${secret}&Marker=${secret}` },
    { ...event, routeKey: secret },
    secret,
    [secret],
  ];
}

const counted = { succeeded: 0, failed: 0 };

async function call(operation: Operation, event: unknown): Promise<void> {
  const handler = await loadHandler(operation);
  try {
    const response = (await handler(event, createContext())) as { statusCode?: number };
    counted[(response.statusCode ?? 200) < 300 ? 'succeeded' : 'failed'] += 1;
  } catch {
    counted.failed += 1;
  }
}

for (const operation of called) {
  const input = plantCanaries(operation);
  for (const event of [
    input,
    buildHttpEvent(operation, operation.routes[0], input),
    ...buildFailingEvents(operation),
  ]) {
    await call(operation, event);
  }
}
// The errors from this endpoint contain the canaries.
process.env.AWS_ENDPOINT_URL_KMS = faultyEndpoint;
for (const operation of called) await call(operation, plantCanaries(operation));
process.stdout.write(`\ncounted ${JSON.stringify(counted)}\n`);
