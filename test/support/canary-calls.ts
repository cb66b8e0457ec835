/**
 * A process of its own for canary.test.ts: calls every function by both triggers, with canaries where values go, in requests
 * that succeed and in requests that fail. What it prints is what the functions print.
 */
import type { JsonObject, JsonValue, Operation } from '../../shared/declaration/operation.ts';
import { contextOf, loadHandler } from './handlers.ts';
import { eventOn, inBase64, toV1, withRawBody } from './http-events.ts';
import { operations } from './operations.ts';

const { SECRET_CANARY: secret = '', OPEN_CANARY: open = '', NAME_CANARY: named = '' } = process.env;
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
};

function planted(operation: Operation): JsonObject {
  const { input } = operation.example;
  const isFirst = !('CiphertextBlob' in input);
  const members = Object.keys(operation.input._zod.def.shape).filter((name) => name in values);
  const own = members.filter((name) => isFirst || name !== 'EncryptionContext');
  return { ...input, ...Object.fromEntries(own.map((name) => [name, values[name] as JsonValue])) };
}

/** Requests that fail, each at another link of the chain. */
function failing(operation: Operation): unknown[] {
  const [route] = operation.routes;
  const event = eventOn(operation, route);
  const key = `alias/${named}`;
  const input = { ...operation.example.input, KeyId: key, SourceKeyId: key, TargetKeyId: key, AliasName: key };
  const known = Object.fromEntries(
    Object.entries(input).filter(([name]) => name in operation.input._zod.def.shape),
  ) as JsonObject;
  const bodies = [`{"Plaintext":"${secret}`, `{"${secret}":1}`, `["${secret}"]`, `{"__proto__":"${secret}"}`, secret];
  return [
    known,
    eventOn(operation, route, known),
    { ...operation.example.input, Plaintext: secret, EncryptionContext: [secret], [secret]: secret },
    { ...operation.example.input, EncryptionContext: { [secret]: { [secret]: secret } } },
    ...bodies.flatMap((body) => [
      withRawBody(event, body),
      inBase64(withRawBody(event, body)),
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
    const answer = (await handler(event, contextOf())) as { statusCode?: number };
    counted[(answer.statusCode ?? 200) < 300 ? 'succeeded' : 'failed'] += 1;
  } catch {
    counted.failed += 1;
  }
}

for (const operation of operations) {
  const input = planted(operation);
  for (const event of [input, eventOn(operation, operation.routes[0], input), ...failing(operation)]) {
    await call(operation, event);
  }
}
// A client of another Region goes to an endpoint whose errors say the canaries back.
process.env.AWS_REGION = 'test-region-1';
process.env.AWS_ENDPOINT_URL_KMS = faultyEndpoint;
for (const operation of operations) await call(operation, planted(operation));
process.stdout.write(`\ncounted ${JSON.stringify(counted)}\n`);
