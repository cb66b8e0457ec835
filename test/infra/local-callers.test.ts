import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, type SeedInput, startEmulator } from '../../emulator/index.ts';
import { loadDefaultSeed, parseSeed } from '../../emulator/seed/read-seed.ts';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { readToken } from '../../infra/local/callers/read-token.ts';
import { readInvocation, writeInvocation } from '../../infra/local/invocation-context.ts';
import { authorizeEvent } from '../../infra/local/invoked-event.ts';
import { buildLocalSeed } from '../../infra/local/local-seed.ts';
import type { LocalSettings } from '../../infra/local/local-settings.ts';
import { findMissingPrincipals } from '../../infra/local/running-emulator.ts';
import { createThrottle } from '../../infra/local/throttle.ts';
import { buildTryCommand } from '../../infra/local/try-command.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { buildLocalToken } from '../../scripts/token/local-token.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { buildLocalParts, type LocalStage, startLocalStage } from '../support/local-stage.ts';
import { run } from '../support/process.ts';
import { makeDirectory, removeDirectory } from '../support/project-copy.ts';

const guide = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html';
const jwt = { auth: 'jwt', jwtIssuer: 'https://login.example.com/', jwtAudience: 'kms-functions,other' };
const now = Date.parse('2026-01-01T00:00:00Z');
const seconds = now / 1_000;
const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const rules = { issuer: jwt.jwtIssuer, audience: ['kms-functions', 'other'], scopes: ['p/Encrypt', 'p/crypto'] };
const valid = { iss: rules.issuer, aud: 'other', exp: seconds + 1, scope: 'x p/crypto', sub: 'app' };
const toToken = (claims: unknown) => `${encode({ alg: 'RS256', kid: '1' })}.${encode(claims)}.c2ln`;

describe(`the local API reads a token as the JWT authorizer of an HTTP API does (${guide})`, () => {
  const read = (claims: unknown) => readToken(`Bearer ${toToken(claims)}`, rules, now);

  test.for([
    ['a scope of the operation', { ...valid, scope: 'p/Encrypt' }],
    ['a scope in the claim scp', { ...valid, scope: undefined, scp: ['p/crypto'] }],
    ['several audiences, of which one is accepted', { ...valid, aud: ['a', 'kms-functions'] }],
    ['an accepted client_id and no aud', { ...valid, aud: undefined, client_id: 'other' }],
    ['times that have passed', { ...valid, nbf: seconds, iat: seconds }],
  ])('accepts a token with %s', ([, claims]) => {
    expect(read(claims)).toMatchObject({ identity: { claims: { sub: 'app' } } });
  });

  test.for([
    ['another issuer', { ...valid, iss: 'https://login.example.com' }, 401],
    ['another audience', { ...valid, aud: 'none' }, 401],
    ['another audience, although its client_id is accepted', { ...valid, aud: 'none', client_id: 'other' }, 401],
    ['no audience', { ...valid, aud: undefined }, 401],
    ['a time of expiration that has passed', { ...valid, exp: seconds }, 401],
    ['no time of expiration', { ...valid, exp: undefined }, 401],
    ['a later start', { ...valid, nbf: seconds + 1 }, 401],
    ['a later time of issue', { ...valid, iat: seconds + 1 }, 401],
    ['no scope of the route', { ...valid, scope: 'p/Decrypt p/cryptography' }, 403],
    ['no scopes', { ...valid, scope: undefined }, 403],
    ['a list instead of claims', [valid], 401],
  ] as const)('rejects a token with %s', ([, claims, status]) => {
    expect(read(claims)).toMatchObject({ status });
  });

  test.for([
    ['no header', undefined],
    ['an empty header', ''],
    ['text', 'Bearer secret'],
    ['two parts', `Bearer ${toToken(valid).split('.').slice(0, 2).join('.')}`],
    ['claims that are not base64url', `${encode({ alg: 'none' })}.{}.b`],
    ['claims that are not UTF-8', `${encode({ alg: 'none' })}.${Buffer.from([0xff]).toString('base64url')}.b`],
    ['two tokens', `Bearer ${toToken(valid)},Bearer ${toToken(valid)}`],
    ['a token of another scheme', `Basic ${toToken(valid)}`],
    ['a header that is not JSON', `a.${encode(valid)}.c2ln`],
    ['a token without a kid', `Bearer ${encode({ alg: 'RS256' })}.${encode(valid)}.c2ln`],
    ['a token of an ECDSA key', `Bearer ${encode({ alg: 'ES256', kid: '1' })}.${encode(valid)}.c2ln`],
    ['a token with a shared secret', `Bearer ${encode({ alg: 'HS256', kid: '1' })}.${encode(valid)}.c2ln`],
  ])('rejects %s with 401', ([, header]) => {
    expect(readToken(header, rules, now)).toMatchObject({ status: 401 });
  });

  test('accepts a token without the prefix Bearer, and without a signature', () => {
    const token = toToken(valid);
    for (const header of [token, `bearer ${token}`, `Bearer ${token.slice(0, token.lastIndexOf('.') + 1)}`])
      expect(readToken(header, rules, now)).toMatchObject({ identity: { scopes: ['x', 'p/crypto'] } });
  });

  test('converts claims to text', () => {
    const result = read({ ...valid, list: ['a', 'b'], flag: true, tenant: null });
    expect(result).toMatchObject({ identity: { claims: { list: '[a b]', flag: 'true', exp: String(valid.exp) } } });
    expect(result).not.toHaveProperty('identity.claims.tenant');
  });
});

test('a route accepts as many requests as its burst limit, and then its rate limit', () => {
  const take = createThrottle({ 'POST /keys': { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3 } });
  const count = (nowMs: number) => Array.from({ length: 10 }, () => take('POST /keys', nowMs)).filter(Boolean).length;
  expect(count(0)).toBe(3);
  expect(count(499)).toBe(0);
  expect(count(1_499)).toBe(2);
  expect(count(60_000)).toBe(3);
  expect(take('GET /keys', 0)).toBe(true);
});

test.for([undefined, 'e30=', Buffer.from('{"isGateway":true}').toString('base64'), 'x'])(
  'a direct invoker cannot pass the alias of API Gateway in the client context %s',
  (header) => {
    const passed = (text: string) => readInvocation(JSON.parse(Buffer.from(text, 'base64').toString()));
    expect(passed(writeInvocation(false, header)).isGateway).toBe(false);
    expect(passed(writeInvocation(true, header)).isGateway).toBe(true);
  },
);

const Policies = [
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] },
];
const principals = {
  Principals: [
    { AccessKeyId: 'AKIAPAYMENTS', Arn: 'arn:aws:sts::000000000000:assumed-role/payments/session' },
    { AccessKeyId: 'AKIAUSER', Arn: 'arn:aws:iam::000000000000:user/alice', Policies },
  ],
};

describe('stage local with auth=iam', () => {
  const authorization = (accessKey: string, service = 'execute-api', region = 'us-east-1') =>
    `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=00`;
  let emulator: Emulator;
  let stage: LocalStage;
  beforeAll(async () => {
    emulator = await startEmulator({ seed: principals });
    setLocalEnvironment(emulator.endpoint);
    const parameters = { auth: 'iam', operations: 'CreateKey,Encrypt', throttleBurst: '2', throttleRate: '1' };
    const seed = parseSeed(principals);
    stage = await startLocalStage({ parameters: { ...parameters, corsOrigins: 'https://console.example.com' }, seed });
  });
  afterAll(async () => {
    await stage.close();
    await emulator.close();
  });
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${stage.url}${path}`, { headers });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };

  test.for([
    ['no signature', {}],
    ['a signature for another service', { authorization: authorization('AKIAUSER', 'kms') }],
    ['an access key id that no principal has', { authorization: authorization('AKIAUSR') }],
    [
      'a caller in another account, whom no resource policy can allow',
      { authorization: authorization('111122223333') },
    ],
    ['a signature for another Region', { authorization: authorization('AKIAUSER', 'execute-api', 'eu-west-1') }],
    ['two signatures', { authorization: `${authorization('AKIAUSER')},${authorization('AKIAUSER')}` }],
    ['a token', { authorization: `Bearer ${toToken(valid)}` }],
  ])('returns 403 of API Gateway for %s', async ([, headers]) => {
    const { authorization: value } = headers as { authorization?: string };
    const { emulator: url } = stage.urls;
    const settings = { region: 'us-east-1', auth: 'iam' } as const;
    const event = { version: '2.0', headers, requestContext: { http: {} } };
    const invoked = { settings, authorizer: { type: 'aws_iam' } as const, emulator: url };
    expect(await authorizeEvent(event, invoked), value).toMatchObject({
      isGateway: true,
      response: { statusCode: 403, body: '{"message":"Forbidden"}' },
    });
  });

  test.for([
    ['AKIAPAYMENTS', 'arn:aws:sts::000000000000:assumed-role/payments/session', /^AROA\w{17}:session$/],
    ['AKIAUSER', 'arn:aws:iam::000000000000:user/alice', /^AIDA\w{17}$/],
    ['000000000000', 'arn:aws:iam::000000000000:root', /^000000000000$/],
  ] as const)('adds the identity of %s to an event, as API Gateway does', async ([accessKey, userArn, userId]) => {
    const event = {
      version: '2.0',
      headers: { Authorization: authorization(accessKey) },
      requestContext: { http: {} },
    };
    const invoked = {
      settings: { region: 'us-east-1', auth: 'iam' },
      authorizer: { type: 'aws_iam' },
      emulator: emulator.endpoint,
    } as const;
    const { event: authorized } = await authorizeEvent(event, invoked);
    // https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html shows these members.
    expect(authorized).toMatchObject({
      requestContext: {
        authorizer: {
          iam: {
            accessKey,
            accountId: userArn.split(':')[4],
            callerId: expect.stringMatching(userId),
            cognitoIdentity: null,
            principalOrgId: null,
            userArn,
            userId: expect.stringMatching(userId),
          },
        },
      },
    });
  });

  test('invoke local keeps the caller that an HTTP event contains, and passes direct events unchanged', async () => {
    const invoked = {
      settings: { region: 'us-east-1', auth: 'iam' },
      authorizer: undefined,
      emulator: 'http://127.0.0.1:1',
    } as const;
    const event = { version: '2.0', requestContext: { authorizer: { iam: { userArn: 'x' } } } };
    expect(await authorizeEvent(event, invoked)).toEqual({ event, isGateway: true });
    expect(await authorizeEvent({ KeyId: 'x' }, invoked)).toEqual({ event: { KeyId: 'x' }, isGateway: false });
  });

  test('has only the routes of the operations in the parameter, and limits their rate', async () => {
    const headers = { authorization: authorization('AKIAUSER') };
    expect(await get('/keys/x', headers)).toMatchObject({ status: 404 });
    expect(await get('/health', headers)).toMatchObject({ status: 200 });
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await get('/health', headers)).status));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(await get('/health')).toMatchObject({ status: 429, body: '{"message":"Too Many Requests"}' });
  });

  test('returns 403 if a request has two signatures in two headers', async () => {
    const headers = { authorization: [authorization('AKIAUSER'), authorization('AKIAPAYMENTS')] as never };
    const [response] = (await once(request(`${stage.url}/keys`, { method: 'POST', headers }).end(), 'response')) as [
      IncomingMessage,
    ];
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  test('lets web pages of corsOrigins and of this machine read responses, and rejects all others', async () => {
    for (const [origin, isAllowed] of [
      ['https://console.example.com', true],
      ['http://localhost:5173', true],
      ['https://console.example.org', false],
      ['https://console.example.com.evil.example', false],
    ] as const) {
      const { headers, status } = await get('/none', { origin });
      expect(headers.get('access-control-allow-origin'), origin).toBe(isAllowed ? origin : null);
      expect(status, origin).toBe(isAllowed ? 404 : 403);
    }
  });
});

describe('stage local evaluates the policies of callers', () => {
  const parameters = { callerAccounts: '111122223333', callerOperations: 'Encrypt', tenantField: 'role' };
  const Action = 'execute-api:Invoke';
  const withPolicy = (AccessKeyId: string, Arn: string, Statement: readonly object[]) => ({
    AccessKeyId,
    Arn,
    Policies: Statement.length === 0 ? [] : [{ Version: '2012-10-17', Statement }],
  });
  const allow = (Resource: string) => ({ Effect: 'Allow', Action, Resource });
  const deny = (more: object) => ({ Effect: 'Deny', Action, Resource: '*', ...more });
  const ofRole = (name: string, ...statements: readonly object[]) =>
    withPolicy(name, `arn:aws:iam::000000000000:role/${name}`, statements);
  let emulator: Emulator;
  let stage: LocalStage;
  beforeAll(async () => {
    const directory = makeDirectory();
    const file = join(directory, 'callers.json');
    const Principals = [
      ofRole('AKIANONE'),
      ofRole('AKIAALL', allow('*')),
      ofRole(
        'AKIAALIAS',
        allow('arn:aws:execute-api:us-east-1:000000000000:*/$default/POST/keys/alias.payments/encrypt'),
      ),
      ofRole('AKIATLS', allow('*'), deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } })),
      ofRole('AKIAADDRESS', allow('*'), deny({ Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } })),
      withPolicy('AKIAALICE', 'arn:aws:iam::000000000000:user/alice', [
        allow('*'),
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable.
        deny({ Resource: 'arn:aws:execute-api:*:*:*/*/POST/keys/alias.${aws:username}/*' }),
      ]),
      withPolicy('AKIAFOREIGN', 'arn:aws:iam::111122223333:role/foreign', [allow('*')]),
    ];
    writeFileSync(file, JSON.stringify({ Principals }));
    const seed = await buildLocalSeed(file, buildLocalParts(parameters).local);
    removeDirectory(directory);
    // The emulator already ran with a caller whose policies this command does not know.
    const earlier = withPolicy('AKIAEARLIER', 'arn:aws:iam::000000000000:role/earlier', []);
    const { Principals: all = [], ...rest } = seed as SeedInput;
    emulator = await startEmulator({ seed: { ...rest, Principals: [...all, earlier] } });
    setLocalEnvironment(emulator.endpoint);
    stage = await startLocalStage({ parameters, seed });
  });
  afterAll(async () => {
    await stage.close();
    await emulator.close();
  });

  const ofAccount = 'kms-functions-local-from-111122223333';
  test.for([
    ['AKIANONE', '/keys/alias.payments/encrypt', false],
    ['AKIAALL', '/keys/alias.payments/encrypt', true],
    ['AKIAALL', '/random', true],
    ['AKIAALIAS', '/keys/alias.payments/encrypt', true],
    ['AKIAALIAS', '/keys/alias%2Epayments/encrypt', true],
    ['AKIAALIAS', '/keys/alias.other/encrypt', false],
    [ofAccount, '/keys/alias.payments/encrypt', true],
    [ofAccount, '/random', false],
    ['000000000000', '/random', true],
    ['111122223333', '/random', false],
    ['AKIAUNKNOWN', '/random', false],
    ['AKIAEARLIER', '/random', false],
    ['AKIAFOREIGN', '/random', false],
    ['AKIATLS', '/random', true],
    ['AKIAADDRESS', '/random', false],
    ['AKIAALICE', '/keys/alias.bob/encrypt', true],
    ['AKIAALICE', '/keys/alias.alice/encrypt', false],
  ] as const)('%s calls %s: %s', async ([accessKey, path, isAllowed]) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=00`;
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(`${stage.url}${path}`, { method: 'POST', headers, body: '{"Plaintext":"aGk="}' });
    const body = (await response.json()) as object;
    // Every response of a function to this request is a problem or a success, and has a member of its own.
    expect('message' in body ? body : 'a response of the function').toEqual(
      isAllowed ? 'a response of the function' : { message: 'Forbidden' },
    );
  });
});

test('a running emulator without the callers of a command is recognized', async () => {
  const emulator = await startEmulator({ seed: principals });
  const needed = ['AKIAUSER', 'AKIANEW'];
  expect(await findMissingPrincipals(emulator.endpoint, needed)).toEqual(['AKIANEW']);
  expect(await findMissingPrincipals(emulator.endpoint, [])).toEqual([]);
  await emulator.close();
});

describe('the seed of stage local', () => {
  test('is the default seed without a file and without roles', async () => {
    expect(await buildLocalSeed(undefined, { roles: {}, callersRoles: {} })).toBe('default');
  });

  test('with roles still accepts every other access key id', async () => {
    const emulator = await startEmulator({
      seed: await buildLocalSeed(undefined, buildLocalParts({ regions: 'eu-west-1' }).local),
    });
    expect(emulator.listPrincipals().length).toBeGreaterThan(loadDefaultSeed().Keys.length);
    await expect(emulator.explain({ operation: 'ListKeys', principal: 'AKIAANY' })).resolves.toMatchObject({
      decision: 'allowed',
    });
    await emulator.close();
  });
});

test('npm run token prints a token that the local API accepts', () => {
  const token = buildLocalToken(
    { issuer: rules.issuer, audience: 'other', scope: ['p/crypto'], subject: 'me', claim: { team: 'a=b' }, minutes: 1 },
    now,
  );
  expect(readToken(`Bearer ${token}`, rules, now)).toMatchObject({ identity: { claims: { sub: 'me', team: 'a=b' } } });
  expect(readToken(`Bearer ${token}`, rules, now + 60_000)).toMatchObject({ status: 401 });
});

describe('the command that npm start proposes', () => {
  const jwt = { auth: 'jwt', jwtIssuer: 'https://login.example.com/', jwtAudience: 'kms-functions' };
  test.for<[Record<string, string>, string]>([
    [{}, 'CiphertextBlob'],
    [{ auth: 'iam' }, 'CiphertextBlob'],
    [jwt, 'CiphertextBlob'],
    [{ keyScope: 'service' }, 'KeyMetadata'],
    [{ ...jwt, tenantField: 'claim:tenant_id', keysClaim: 'kms_keys', regions: 'eu-west-1' }, 'KeyMetadata'],
  ])('works with the parameters %o, and returns %s', async ([parameters, member]) => {
    const { local } = buildLocalParts(parameters);
    const seed = await buildLocalSeed(undefined, local);
    const emulator = await startEmulator({ seed });
    setLocalEnvironment(emulator.endpoint);
    const stage = await startLocalStage({ parameters, seed });
    try {
      const { stdout, output } = await run(['sh', '-c', buildTryCommand(stage.url, local) ?? 'false']);
      expect(JSON.parse(stdout), output).toHaveProperty(member);
      const page = await (await fetch(stage.url)).text();
      expect(page).toContain(buildTryCommand(stage.url, local));
      for (const [command] of page.matchAll(/^curl .*$/gm)) {
        const { stdout: text } = await run(['sh', '-c', command]);
        expect(JSON.parse(text), command).not.toHaveProperty('code');
        expect(JSON.parse(text), command).not.toHaveProperty('message');
      }
    } finally {
      await stage.close();
      await emulator.close();
    }
  });

  test('creates a key in a Region without the sample keys', () => {
    const { local } = buildServiceParts(resolveDeployment('local', {}, 'eu-west-1'));
    expect(buildTryCommand('http://localhost:3010', local as LocalSettings)).toBe(
      `curl -s http://localhost:3010/keys -H 'content-type: application/json' -d '{"Description":"my first key"}'`,
    );
  });

  test('is absent if each tenant is a role', () => {
    expect(buildTryCommand('', buildLocalParts({ tenantField: 'role' }).local)).toBeUndefined();
  });
});
