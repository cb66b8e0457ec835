import { beforeAll, describe, expect, test } from 'vitest';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
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
