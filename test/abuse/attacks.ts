import {
  type JsonObject,
  keyMembers,
  locationOf,
  memberNames,
  type Operation,
} from '../../shared/declaration/operation.ts';
import { buildBearerEvent } from '../support/deployed.ts';
import { encodeBody, type HttpEventV2, toV1, withQuery, withRawBody } from '../support/http-events.ts';

/** An attacker's request with a valid token. The request must have no effect. */
export interface Attack {
  readonly name: string;
  readonly event: unknown;
}

type BuildEvents = (operation: Operation) => readonly unknown[];

const allKeys = { kms_keys: '*', tenant_id: 'a' };
const foreignKey = 'key/5a4d1e00-0000-4000-8000-000000000001';
const foreignArns = [
  `arn:aws:kms:us-east-1:111122223333:${foreignKey}`,
  `arn:aws:kms:eu-west-1:000000000000:${foreignKey}`,
  `arn:aws:s3:us-east-1:000000000000:${foreignKey}`,
  `arn:aws-cn:kms:us-east-1:000000000000:${foreignKey}`,
  `arn:aws:kms:us-east-1::${foreignKey}`,
  'arn:aws:kms:us-east-1:111122223333:alias/example',
];

function buildValidEvent(operation: Operation, input?: JsonObject): HttpEventV2 {
  return buildBearerEvent(operation, allKeys, input);
}

function withMember(operation: Operation, member: string, value: unknown): JsonObject {
  return { ...operation.example.input, [member]: value } as JsonObject;
}

/** Returns valid events with these bodies. Routes without a body reject every body. */
function withBodies(operation: Operation, texts: readonly string[]): HttpEventV2[] {
  return texts.map((text) => withRawBody(buildValidEvent(operation), text));
}

/** Returns events that contain each value as a key in the path, decoded as API Gateway does. */
function withPathValues(operation: Operation, values: readonly string[]): HttpEventV2[] {
  const event = buildValidEvent(operation);
  const members = keyMembers(operation).filter((member) => event.pathParameters?.[member] !== undefined);
  return members.flatMap((member) =>
    values.map((value) => ({ ...event, pathParameters: { ...event.pathParameters, [member]: value } })),
  );
}

const longText = `{"a":"${'x'.repeat(1024 * 1024)}"}`;
const manyMembers = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`A${n}`, n])));

const kinds = {
  'malformed input': (operation) => [
    ...withBodies(operation, [
      '{',
      '[]',
      '"text"',
      'null',
      '0',
      '{"a":}',
      '{"KeyId":"x"} {}',
      "{'KeyId':1}",
      '\ufeff{',
    ]),
    { ...withRawBody(buildValidEvent(operation), '{"Unknown":1}') },
    withQuery(buildValidEvent(operation), ['Unknown', '1']),
    { ...withRawBody(buildValidEvent(operation), '<a/>'), headers: { 'content-type': 'text/xml' } },
  ],
  'wrong types': (operation) =>
    memberNames(operation)
      .filter((member) => locationOf(operation, operation.routes[0], member) === 'body')
      .flatMap((member) =>
        [{ a: { b: [] } }, [[[]]]].map((value) => buildValidEvent(operation, withMember(operation, member, value))),
      ),
  'oversized input': (operation) => [
    withRawBody(buildValidEvent(operation), longText),
    encodeBody(withRawBody(buildValidEvent(operation), longText)),
    withRawBody(buildValidEvent(operation), manyMembers),
    withQuery(buildValidEvent(operation), ['Marker', 'x'.repeat(8_000)], ['Unknown', 'x'.repeat(8_000)]),
    ...withPathValues(operation, ['x'.repeat(9_000)]),
  ],
  'deep nesting': (operation) => [
    ...withBodies(operation, [
      `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
      `{"Tags":${'['.repeat(20)}${']'.repeat(20)}}`,
    ]),
  ],
  'prototype pollution': (operation) =>
    withBodies(operation, [
      '{"__proto__":{"KeyId":"x"}}',
      '{"constructor":{"prototype":{"a":1}}}',
      '{"a":{"__proto__":1}}',
    ]),
  'mixed encodings': (operation) => [
    { ...withRawBody(buildValidEvent(operation), 'not base64!'), isBase64Encoded: true },
    {
      ...withRawBody(buildValidEvent(operation), Buffer.from([0xff, 0xfe, 0x7b, 0x00]).toString('base64')),
      isBase64Encoded: true,
    },
    {
      ...withRawBody(buildValidEvent(operation), Buffer.from('{"a":1}', 'utf16le').toString('base64')),
      isBase64Encoded: true,
    },
    encodeBody(encodeBody(withRawBody(buildValidEvent(operation), '{"a":1}'))),
    { ...withRawBody(buildValidEvent(operation), Buffer.from([0xc0, 0xaf]).toString('base64')), isBase64Encoded: true },
  ],
  'path traversal': (operation) =>
    withPathValues(operation, [
      '../keys',
      '..%2f..%2fkeys',
      'key/../../other',
      'alias/example/../other',
      '/etc/passwd',
      '....//',
      'alias.example/encrypt',
      '..\\..\\keys',
      '%00',
    ]),
  'a key in another account or Region': (operation) =>
    keyMembers(operation).flatMap((member) => {
      const isInPath = locationOf(operation, operation.routes[0], member) === 'path';
      return foreignArns.map((arn) =>
        isInPath
          ? {
              ...buildValidEvent(operation),
              pathParameters: { ...buildValidEvent(operation).pathParameters, [member]: arn.replaceAll('/', '.') },
            }
          : buildValidEvent(operation, withMember(operation, member, arn)),
      );
    }),
  'a member in a second location': (operation) => {
    const event = buildValidEvent(operation);
    return Object.keys(event.pathParameters ?? {}).flatMap((member) => {
      const value = String(operation.example.input[member] ?? 'x');
      return [withQuery(event, [member, value]), withRawBody(event, JSON.stringify({ [member]: value }))];
    });
  },
  "another operation's route": (operation) => [
    { ...buildValidEvent(operation), routeKey: 'POST /keys/{KeyId}/other' },
    { ...buildValidEvent(operation), routeKey: '$default' },
    { ...buildValidEvent(operation), routeKey: 'DELETE /' },
  ],
} satisfies Record<string, BuildEvents>;

export type AttackKind = keyof typeof kinds;
export const attackKinds = Object.keys(kinds) as AttackKind[];

/** Returns every attack of one type on an operation, in both payload versions. */
export function attacksOn(operation: Operation, kind: AttackKind): Attack[] {
  return kinds[kind](operation).flatMap((event, index) => [
    { name: `${kind} ${index}`, event },
    { name: `${kind} ${index}, payload 1.0`, event: toV1(event as HttpEventV2) },
  ]);
}
