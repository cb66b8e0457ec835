import { beforeAll, describe, expect, test } from 'vitest';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { resolveCaller } from '../../../shared/authorization/identify-caller.ts';
import type { Caller } from '../../../shared/call/caller.ts';
import {
  buildBearerEvent,
  buildSignedEvent,
  createGatewayContext,
  loadDeployedHandler,
} from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { createContext, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent, toV1 } from '../../support/http-events.ts';
import { operationRows } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';

const used = useEmulator();
beforeAll(() => setLocalEnvironment(used.emulator.endpoint));

const [route] = encrypt.routes;
const jwtClaims = { client_id: 'client', kms_keys: '[alias/example]' };
const forged = {
  ...buildHttpEvent(encrypt, route),
  requestContext: buildBearerEvent(encrypt, jwtClaims).requestContext,
};

describe('an untrusted event', () => {
  test.for(operationRows)('an event is rejected if an invoker forged it: $name', async ({ operation }) => {
    for (const auth of ['iam', 'jwt'] as const) {
      const handler = await loadDeployedHandler(operation, { auth });
      const event = auth === 'iam' ? buildSignedEvent(operation) : buildBearerEvent(operation, jwtClaims);
      for (const sent of [event, toV1(event)]) {
        expect(await invoke(handler, sent, createContext())).toMatchObject({
          trigger: 'direct',
          code: 'UntrustedEventError',
        });
      }
    }
  });

  test.for(operationRows)('an event is rejected without an authorizer: $name', async ({ operation }) => {
    for (const auth of ['iam', 'jwt'] as const) {
      const handler = await loadDeployedHandler(operation, { auth });
      for (const event of [
        buildHttpEvent(operation, operation.routes[0]),
        auth === 'jwt' ? buildSignedEvent(operation) : buildBearerEvent(operation, jwtClaims),
      ]) {
        expect(await invoke(handler, event, createGatewayContext())).toMatchObject({ code: 'UntrustedEventError' });
      }
    }
  });

  test.for(operationRows)('an untrusted event returns a problem document over HTTP: $name', async ({ operation }) => {
    const rejections = [
      ['jwt', buildBearerEvent(operation, { sub: '', scope: 'all' }), 'CallerNotAllowedError'],
      ['jwt', buildSignedEvent(operation), 'UntrustedEventError'],
      ['iam', buildSignedEvent(operation, { userArn: '' }), 'UntrustedEventError'],
    ] as const;
    for (const [auth, event, code] of rejections) {
      const handler = await loadDeployedHandler(operation, { auth });
      for (const sent of [event, toV1(event)]) {
        const outcome = await invoke(handler, sent, createGatewayContext());
        expect(outcome).toMatchObject({ trigger: 'http', code, problem: { status: 403 } });
      }
    }
  });

  test('a direct event is rejected if it arrives through the gateway alias', async () => {
    const handler = await loadDeployedHandler(encrypt, { auth: 'iam' });
    expect(await invoke(handler, encrypt.example.input, createGatewayContext())).toMatchObject({
      code: 'UntrustedEventError',
    });
  });

  test.each([
    'arn:aws:lambda:us-east-1:000000000000:function:gateway',
    'arn:aws:lambda:us-east-1:000000000000:function:f:gateway2',
    'arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST',
    'gateway',
    '',
  ])('an HTTP event is rejected if it does not arrive through the gateway alias: %s', async (invokedFunctionArn) => {
    const handler = await loadDeployedHandler(encrypt, { auth: 'jwt' });
    const context = { ...createContext(), invokedFunctionArn };
    expect(await invoke(handler, forged, context)).toMatchObject({ code: 'UntrustedEventError' });
  });
});

describe('the caller', () => {
  const origin = { sourceIp: '192.0.2.7', apiId: 'api' };
  const rows: Record<string, [auth: 'iam' | 'jwt', event: object, caller: Caller]> = {
    'is the role of a signed request, without its session': [
      'iam',
      buildSignedEvent(encrypt),
      {
        kind: 'iam',
        isVerified: true,
        principal: 'arn:aws:sts::000000000000:assumed-role/app',
        sessionName: 'session',
        accountId: '000000000000',
        ...origin,
      },
    ],
    'is the user of a signed request': [
      'iam',
      buildSignedEvent(encrypt, { userArn: 'arn:aws:iam::000000000000:user/team/anna' }),
      {
        kind: 'iam',
        isVerified: true,
        principal: 'arn:aws:iam::000000000000:user/team/anna',
        accountId: '000000000000',
        ...origin,
      },
    ],
    'is the client of a token without a subject': [
      'jwt',
      buildBearerEvent(encrypt, { sub: '', azp: 'batch' }),
      {
        kind: 'jwt',
        isVerified: true,
        principal: 'batch',
        issuer: 'https://issuer',
        clientId: 'batch',
        claims: { sub: '', iss: 'https://issuer', azp: 'batch' },
        ...origin,
      },
    ],
    'is the subject of a token': [
      'jwt',
      buildBearerEvent(encrypt, jwtClaims),
      {
        kind: 'jwt',
        isVerified: true,
        principal: 'someone',
        issuer: 'https://issuer',
        clientId: 'client',
        claims: { sub: 'someone', iss: 'https://issuer', ...jwtClaims },
        ...origin,
      },
    ],
  };

  test.for(Object.entries(rows))('the caller %s, in payload 2.0 and 1.0', ([, [auth, event, caller]]) => {
    expect(resolveCaller(event, createGatewayContext(), { auth })).toEqual(caller);
    expect(resolveCaller(toV1(event as never), createGatewayContext(), { auth })).toEqual(caller);
  });

  test('the caller is unknown for a direct invocation, even if the event contains an identity', () => {
    const event = { ...encrypt.example.input, caller: { principal: 'root' }, identity: { userArn: 'root' } };
    expect(resolveCaller(event, createContext(), { auth: 'jwt' })).toEqual({ kind: 'direct', isVerified: false });
  });

  test('the caller is never verified if authentication is off, even if the event contains an identity', () => {
    const access = { auth: 'open' } as const;
    const local = { kind: 'local', isVerified: false };
    expect(resolveCaller(buildSignedEvent(encrypt), createGatewayContext(), access)).toEqual(local);
    expect(resolveCaller(buildBearerEvent(encrypt, jwtClaims), createContext(), access)).toEqual(local);
    expect(resolveCaller(encrypt.example.input, createContext(), access)).toEqual({
      kind: 'direct',
      isVerified: false,
    });
  });
});
