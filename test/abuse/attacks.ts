import {
  type JsonObject,
  keyMembers,
  locationOf,
  memberNames,
  type Operation,
} from '../../shared/declaration/operation.ts';
import { bearerEvent } from '../support/deployed.ts';
import { type HttpEventV2, inBase64, toV1, withQuery, withRawBody } from '../support/http-events.ts';

/** What an attacker with a good token sends; none of it may do anything. */
export interface Attack {
  readonly name: string;
  readonly event: unknown;
}

type Make = (operation: Operation) => readonly unknown[];

const mayAll = { kms_keys: '*', tenant_id: 'a' };
const foreignKey = 'key/5a4d1e00-0000-4000-8000-000000000001';
const foreignArns = [
  `arn:aws:kms:us-east-1:111122223333:${foreignKey}`,
  `arn:aws:kms:eu-west-1:000000000000:${foreignKey}`,
  `arn:aws:s3:us-east-1:000000000000:${foreignKey}`,
  `arn:aws:kms:us-east-1::${foreignKey}`,
  'arn:aws:kms:us-east-1:111122223333:alias/example',
];

function good(operation: Operation, input?: JsonObject): HttpEventV2 {
  return bearerEvent(operation, mayAll, input);
}

function withMember(operation: Operation, member: string, value: unknown): JsonObject {
  return { ...operation.example.input, [member]: value } as JsonObject;
}

/** Only a route with a body reads one. */
function bodies(operation: Operation, texts: readonly string[]): HttpEventV2[] {
  return texts.map((text) => withRawBody(good(operation), text));
}

/** With a value in place of each path parameter, as the gateway hands it over once it has decoded it. */
function inPath(operation: Operation, values: readonly string[]): HttpEventV2[] {
  const event = good(operation);
  const members = keyMembers(operation).filter((member) => event.pathParameters?.[member] !== undefined);
  return members.flatMap((member) =>
    values.map((value) => ({ ...event, pathParameters: { ...event.pathParameters, [member]: value } })),
  );
}

const longText = `{"a":"${'x'.repeat(1024 * 1024)}"}`;
const manyMembers = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`A${n}`, n])));

const kinds: Record<string, Make> = {
  malformed: (operation) => [
    ...bodies(operation, ['{', '[]', '"text"', 'null', '0', '{"a":}', '{"KeyId":"x"} {}', "{'KeyId':1}", '\ufeff{']),
    { ...withRawBody(good(operation), '{"Unknown":1}') },
    withQuery(good(operation), ['Unknown', '1']),
    { ...withRawBody(good(operation), '<a/>'), headers: { 'content-type': 'text/xml' } },
  ],
  'of another type': (operation) =>
    memberNames(operation)
      .filter((member) => locationOf(operation, operation.routes[0], member) === 'body')
      .flatMap((member) =>
        [{ a: { b: [] } }, [[[]]]].map((value) => good(operation, withMember(operation, member, value))),
      ),
  oversized: (operation) => [
    withRawBody(good(operation), longText),
    inBase64(withRawBody(good(operation), longText)),
    withRawBody(good(operation), manyMembers),
    withQuery(good(operation), ['Marker', 'x'.repeat(8_000)], ['Unknown', 'x'.repeat(8_000)]),
    ...inPath(operation, ['x'.repeat(9_000)]),
  ],
  'deeply nested': (operation) => [
    ...bodies(operation, [
      `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
      `{"Tags":${'['.repeat(20)}${']'.repeat(20)}}`,
    ]),
  ],
  'polluting prototypes': (operation) =>
    bodies(operation, [
      '{"__proto__":{"KeyId":"x"}}',
      '{"constructor":{"prototype":{"a":1}}}',
      '{"a":{"__proto__":1}}',
    ]),
  'of mixed encodings': (operation) => [
    { ...withRawBody(good(operation), 'not base64!'), isBase64Encoded: true },
    {
      ...withRawBody(good(operation), Buffer.from([0xff, 0xfe, 0x7b, 0x00]).toString('base64')),
      isBase64Encoded: true,
    },
    { ...withRawBody(good(operation), Buffer.from('{"a":1}', 'utf16le').toString('base64')), isBase64Encoded: true },
    inBase64(inBase64(withRawBody(good(operation), '{"a":1}'))),
    { ...withRawBody(good(operation), Buffer.from([0xc0, 0xaf]).toString('base64')), isBase64Encoded: true },
  ],
  'with a path that climbs': (operation) =>
    inPath(operation, [
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
  'of another account or Region': (operation) =>
    keyMembers(operation).flatMap((member) => {
      const isInPath = locationOf(operation, operation.routes[0], member) === 'path';
      return foreignArns.map((arn) =>
        isInPath
          ? {
              ...good(operation),
              pathParameters: { ...good(operation).pathParameters, [member]: arn.replaceAll('/', '.') },
            }
          : good(operation, withMember(operation, member, arn)),
      );
    }),
  'with a member in a second place': (operation) => {
    const event = good(operation);
    return Object.keys(event.pathParameters ?? {}).flatMap((member) => {
      const value = String(operation.example.input[member] ?? 'x');
      return [withQuery(event, [member, value]), withRawBody(event, JSON.stringify({ [member]: value }))];
    });
  },
  'by a route that is not its own': (operation) => [
    { ...good(operation), routeKey: 'POST /keys/{KeyId}/other' },
    { ...good(operation), routeKey: '$default' },
    { ...good(operation), routeKey: 'DELETE /' },
  ],
};

export const attackKinds = Object.keys(kinds);

/** Every attack of a kind on an operation, in both payload versions. */
export function attacksOn(operation: Operation, kind: string): Attack[] {
  return (kinds[kind]?.(operation) ?? []).flatMap((event, index) => [
    { name: `${kind} ${index}`, event },
    { name: `${kind} ${index}, payload 1.0`, event: toV1(event as HttpEventV2) },
  ]);
}
