import { beforeAll, describe, expect, test } from 'vitest';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { resolveCaller } from '../../../shared/authorization/identify-caller.ts';
import type { Caller } from '../../../shared/call/caller.ts';
import { bearerEvent, deployedHandler, gatewayContext, signedEvent } from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { contextOf, pointAt } from '../../support/handlers.ts';
import { eventOn, toV1 } from '../../support/http-events.ts';
import { operationRows } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';

const used = useEmulator();
beforeAll(() => pointAt(used.emulator.endpoint));

const [route] = encrypt.routes;
const jwtClaims = { client_id: 'client', kms_keys: '[alias/example]' };
const forged = { ...eventOn(encrypt, route), requestContext: bearerEvent(encrypt, jwtClaims).requestContext };

describe('an identity is taken from the gateway alone', () => {
  test.for(operationRows)('a forged HTTP event is refused: $name', async ({ operation }) => {
    for (const auth of ['iam', 'jwt'] as const) {
      const handler = await deployedHandler(operation, { auth });
      const event = auth === 'iam' ? signedEvent(operation) : bearerEvent(operation, jwtClaims);
      for (const sent of [event, toV1(event)]) {
        expect(await invoke(handler, sent, contextOf())).toMatchObject({
          trigger: 'direct',
          code: 'UntrustedEventError',
        });
      }
    }
  });

  test.for(operationRows)('an event without an authorizer is refused: $name', async ({ operation }) => {
    for (const auth of ['iam', 'jwt'] as const) {
      const handler = await deployedHandler(operation, { auth });
      for (const event of [
        eventOn(operation, operation.routes[0]),
        auth === 'jwt' ? signedEvent(operation) : bearerEvent(operation, jwtClaims),
      ]) {
        expect(await invoke(handler, event, gatewayContext())).toMatchObject({ code: 'UntrustedEventError' });
      }
    }
  });

  test('a direct event through the alias of the gateway is refused', async () => {
    const handler = await deployedHandler(encrypt, { auth: 'iam' });
    expect(await invoke(handler, encrypt.example.input, gatewayContext())).toMatchObject({
      code: 'UntrustedEventError',
    });
  });

  test.each([
    'arn:aws:lambda:us-east-1:000000000000:function:gateway',
    'arn:aws:lambda:us-east-1:000000000000:function:f:gateway2',
    'arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST',
    'gateway',
    '',
  ])('no other name is the alias of the gateway: %s', async (invokedFunctionArn) => {
    const handler = await deployedHandler(encrypt, { auth: 'jwt' });
    const context = { ...contextOf(), invokedFunctionArn };
    expect(await invoke(handler, forged, context)).toMatchObject({ code: 'UntrustedEventError' });
  });
});

describe('the caller', () => {
  const where = { sourceIp: '192.0.2.7', apiId: 'api' };
  const rows: Record<string, [auth: 'iam' | 'jwt', event: object, caller: Caller]> = {
    'of a signed request': [
      'iam',
      signedEvent(encrypt),
      {
        kind: 'iam',
        isVerified: true,
        principal: 'arn:aws:sts::000000000000:assumed-role/app/session',
        accountId: '000000000000',
        ...where,
      },
    ],
    'of a token': [
      'jwt',
      bearerEvent(encrypt, jwtClaims),
      {
        kind: 'jwt',
        isVerified: true,
        principal: 'someone',
        issuer: 'https://issuer',
        clientId: 'client',
        claims: { sub: 'someone', iss: 'https://issuer', ...jwtClaims },
        ...where,
      },
    ],
  };

  test.for(Object.entries(rows))('%s, in payload 2.0 and 1.0', ([, [auth, event, caller]]) => {
    expect(resolveCaller(event, gatewayContext(), { auth })).toEqual(caller);
    expect(resolveCaller(toV1(event as never), gatewayContext(), { auth })).toEqual(caller);
  });

  test('of a direct invocation is nobody known, whatever the event says', () => {
    const event = { ...encrypt.example.input, caller: { principal: 'root' }, identity: { userArn: 'root' } };
    expect(resolveCaller(event, contextOf(), { auth: 'jwt' })).toEqual({ kind: 'direct', isVerified: false });
  });
});
