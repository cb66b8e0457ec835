import { describe, expect, test } from 'vitest';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { identifyCaller, resolveCaller } from '../../../shared/authorization/identify-caller.ts';
import { createCall } from '../../../shared/call/call.ts';
import type { Caller } from '../../../shared/call/caller.ts';
import type { ChainRequest } from '../../../shared/call/chain.ts';
import type { FunctionConfig } from '../../../shared/config/function-config.ts';
import {
  buildBearerEvent,
  buildDeployedConfig,
  buildSignedEvent,
  createGatewayContext,
} from '../../support/deployed.ts';
import { createContext, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent, toV1 } from '../../support/http-events.ts';

setLocalEnvironment('http://127.0.0.1:1');
const [route] = encrypt.routes;
const jwtClaims = { client_id: 'client', kms_keys: '[alias/example]' };

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
    'is the authorized party of a token without a subject and a client': [
      'jwt',
      buildBearerEvent(encrypt, { sub: '', client_id: 7 as never, azp: 'batch' }),
      {
        kind: 'jwt',
        isVerified: true,
        principal: 'batch',
        issuer: 'https://issuer',
        clientId: 'batch',
        claims: { sub: '', iss: 'https://issuer', client_id: 7, azp: 'batch' },
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

  const withArn = (invokedFunctionArn?: string) => ({ ...createContext(), invokedFunctionArn }) as never;
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function';
  const untrusted = 'HTTP events are accepted only from API Gateway.';

  test.each([
    `${functionArn}:gateway`,
    `${functionArn}:f:gateway2`,
    `${functionArn}:f:$LATEST`,
    'x:x:x:x:x:function:f:gateway',
    'gateway',
    '',
    undefined,
  ])('the caller is not trusted if an HTTP event arrives through %s', (arn) => {
    expect(() => resolveCaller(buildSignedEvent(encrypt), withArn(arn), { auth: 'iam' })).toThrow(
      expect.objectContaining({ code: 'UntrustedEventError', message: untrusted }),
    );
  });

  const noIdentity = 'The event does not identify a caller, because the route has no authorizer.';
  const noBearer = 'The token does not identify its bearer. It needs the claim sub, client_id or azp.';
  const http = buildHttpEvent(encrypt, route);
  const withClaims = (claims: object) => ({
    ...http,
    requestContext: { ...http.requestContext, authorizer: { jwt: { claims } } },
  });
  test.for<readonly [auth: FunctionConfig['auth'], event: unknown, code: string, message: string]>([
    ['iam', encrypt.example.input, 'UntrustedEventError', 'API Gateway may send only HTTP events.'],
    ['iam', http, 'UntrustedEventError', noIdentity],
    ['jwt', http, 'UntrustedEventError', noIdentity],
    ['iam', buildBearerEvent(encrypt, jwtClaims), 'UntrustedEventError', noIdentity],
    ['jwt', buildSignedEvent(encrypt), 'UntrustedEventError', noIdentity],
    ['iam', buildSignedEvent(encrypt, { userArn: '' }), 'UntrustedEventError', noIdentity],
    [
      'iam',
      { ...http, requestContext: { ...http.requestContext, authorizer: 'x' } },
      'UntrustedEventError',
      noIdentity,
    ],
    [
      'jwt',
      { ...http, requestContext: { ...http.requestContext, authorizer: null } },
      'UntrustedEventError',
      noIdentity,
    ],
    ['jwt', buildBearerEvent(encrypt, { sub: '', scope: 'all' }), 'CallerNotAllowedError', noBearer],
    ['jwt', withClaims({ scope: 'all' }), 'CallerNotAllowedError', noBearer],
    ['jwt', withClaims({}), 'UntrustedEventError', noIdentity],
    ['jwt', buildBearerEvent(encrypt, { sub: 7 as never }), 'CallerNotAllowedError', noBearer],
  ])('the caller is not trusted without an identity: %s with %j', ([auth, event, code, message]) => {
    expect(() => resolveCaller(event, createGatewayContext(), { auth })).toThrow(
      expect.objectContaining({ code, message }),
    );
  });

  test.for<readonly [userArn: string, principal: string, sessionName: string | undefined]>([
    ['arn:aws:sts::000000000000:assumed-role/app/a/b', 'arn:aws:sts::000000000000:assumed-role/app', 'a/b'],
    ['arn:aws-cn:sts::000000000000:assumed-role/app/s', 'arn:aws-cn:sts::000000000000:assumed-role/app', 's'],
    ['arn:aws:sts::000000000000:assumed-role/app', 'arn:aws:sts::000000000000:assumed-role/app', undefined],
    ['arn:aws:sts::000000000000:assumed-role/app/', 'arn:aws:sts::000000000000:assumed-role/app/', undefined],
    ['arn:aws:sts::000000000000:assumed-role//s', 'arn:aws:sts::000000000000:assumed-role//s', undefined],
    ['arn:aws:sts::0:assumed-role/app/s', 'arn:aws:sts::0:assumed-role/app/s', undefined],
    ['arn::sts::000000000000:assumed-role/app/s', 'arn::sts::000000000000:assumed-role/app/s', undefined],
    ['arn:a:b:sts::000000000000:assumed-role/app/s', 'arn:a:b:sts::000000000000:assumed-role/app/s', undefined],
    ['x arn:aws:sts::000000000000:assumed-role/app/s', 'x arn:aws:sts::000000000000:assumed-role/app/s', undefined],
    ['arn:aws:sts::000000000000:assumed-role/app/s\n', 'arn:aws:sts::000000000000:assumed-role/app/s\n', undefined],
    ['arn:aws:sts::000000000000:federated-user/anna', 'arn:aws:sts::000000000000:federated-user/anna', undefined],
  ])('the caller of a request that %s signed is %s', ([userArn, principal, sessionName]) => {
    const caller = resolveCaller(buildSignedEvent(encrypt, { userArn }), createGatewayContext(), { auth: 'iam' });
    expect([caller.principal, caller.sessionName]).toEqual([principal, sessionName]);
  });

  test('the caller of an event without texts for the address and the API has none', () => {
    const event = buildSignedEvent(encrypt);
    const requestContext = { ...event.requestContext, http: { sourceIp: 7 }, identity: 'x', apiId: '' };
    const caller = resolveCaller({ ...event, requestContext }, createGatewayContext(), { auth: 'iam' });
    expect(caller).not.toHaveProperty('sourceIp');
    expect(caller).not.toHaveProperty('apiId');
  });

  test.for<readonly [name: string, auth: FunctionConfig['auth'], event: object, isGateway: boolean, trigger: string]>([
    ['an HTTP event through the gateway', 'iam', buildSignedEvent(encrypt), true, 'http'],
    ['an HTTP event of an unknown caller through the gateway', 'iam', http, true, 'http'],
    ['an HTTP event of a direct invoker', 'iam', buildSignedEvent(encrypt), false, 'direct'],
    ['an HTTP event if authentication is off', 'open', http, false, 'http'],
    ['a direct event', 'iam', encrypt.example.input, false, 'direct'],
    ['a direct event through the gateway', 'iam', encrypt.example.input, true, 'direct'],
    ['a direct event if authentication is off', 'open', encrypt.example.input, false, 'direct'],
  ])('the trigger of %s is known even if the caller is rejected', ([, auth, event, isGateway, trigger]) => {
    const config = buildDeployedConfig({ auth });
    const call = createCall(encrypt, config, 'id', 1_000);
    const context = isGateway ? createGatewayContext() : createContext();
    const identify = () =>
      identifyCaller(config).before?.({ event, context, internal: { call } } as unknown as ChainRequest);
    try {
      identify();
      expect(call.caller.kind).not.toBe('unknown');
    } catch (error) {
      expect(error).toMatchObject({ code: 'UntrustedEventError' });
    }
    expect(call.trigger).toBe(trigger);
  });
});
