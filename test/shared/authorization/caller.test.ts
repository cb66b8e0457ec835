import { beforeAll, describe, expect, test } from 'vitest';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { accessFromEnvironment } from '../../../shared/authorization/access-config.ts';
import { type Caller, callerOf } from '../../../shared/authorization/caller.ts';
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
      const handler = await deployedHandler(operation, { AUTH: auth });
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
      const handler = await deployedHandler(operation, { AUTH: auth });
      for (const event of [
        eventOn(operation, operation.routes[0]),
        auth === 'jwt' ? signedEvent(operation) : bearerEvent(operation, jwtClaims),
      ]) {
        expect(await invoke(handler, event, gatewayContext())).toMatchObject({ code: 'UntrustedEventError' });
      }
    }
  });

  test('a direct event through the alias of the gateway is refused', async () => {
    const handler = await deployedHandler(encrypt, { AUTH: 'iam' });
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
    const handler = await deployedHandler(encrypt, { AUTH: 'jwt' });
    const context = { ...contextOf(), invokedFunctionArn };
    expect(await invoke(handler, forged, context)).toMatchObject({ code: 'UntrustedEventError' });
  });

  test('a function that does not know how its callers are authenticated does not load', () => {
    for (const environment of [{}, { AUTH: '' }, { AUTH: 'open' }, { AUTH: 'none', KMS_FUNCTIONS_STAGE: 'local' }]) {
      expect(() => accessFromEnvironment(environment)).toThrow('AUTH must be iam or jwt outside stage local');
    }
    expect(accessFromEnvironment({ KMS_FUNCTIONS_STAGE: 'local' })).toMatchObject({ auth: 'open' });
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
    const access = accessFromEnvironment({ AUTH: auth });
    expect(callerOf(event, gatewayContext(), access)).toEqual(caller);
    expect(callerOf(toV1(event as never), gatewayContext(), access)).toEqual(caller);
  });

  test('of a direct invocation is nobody known, whatever the event says', () => {
    const access = accessFromEnvironment({ AUTH: 'jwt' });
    const event = { ...encrypt.example.input, caller: { principal: 'root' }, identity: { userArn: 'root' } };
    expect(callerOf(event, contextOf(), access)).toEqual({ kind: 'direct', isVerified: false });
  });
});
