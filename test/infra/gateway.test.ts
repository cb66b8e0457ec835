import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allOperations, awsOperations } from '../../functions/all-operations.ts';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { alwaysDeployed } from '../../infra/deployment/select-operations.ts';
import { accessLogFormat } from '../../infra/gateway/access-log.ts';
import { buildAuthorizer } from '../../infra/gateway/authorizer.ts';
import { buildDomain, buildDomainOutputs } from '../../infra/gateway/domain.ts';
import { type AliasedFunction, addGatewayAliases } from '../../infra/gateway/gateway-alias.ts';
import { buildHttpApi } from '../../infra/gateway/http-api.ts';
import { buildStageExtension } from '../../infra/gateway/stage.ts';
import { withExample } from '../../scripts/deployment-difference.ts';
import { requestsPerSecond } from '../../shared/declaration/request-quotas.ts';
import { deployment } from '../support/deployments.ts';
import type { Resource } from '../support/template.ts';

interface RouteThrottle {
  readonly ThrottlingRateLimit: number;
  readonly ThrottlingBurstLimit: number;
  readonly DetailedMetricsEnabled: boolean;
}

function buildStage(parameters: Readonly<Record<string, string>> = {}, region?: string) {
  const deployed = resolveDeployment('dev', { operations: 'all', regions: 'sa-east-1', ...parameters }, region);
  const { Properties } = buildStageExtension(deployed, [...deployed.operations, ...alwaysDeployed]) as {
    Properties: { DefaultRouteSettings: RouteThrottle; RouteSettings: Record<string, RouteThrottle> };
  };
  return Properties;
}

/** Returns the rate and burst limits of an operation's routes. */
function readThrottles(name: string, { DefaultRouteSettings, RouteSettings }: ReturnType<typeof buildStage>) {
  const routes = allOperations.find((operation) => operation.name === name)?.routes ?? [];
  return routes.map(({ method, path }) => {
    const { ThrottlingRateLimit, ThrottlingBurstLimit } = RouteSettings[`${method} ${path}`] ?? DefaultRouteSettings;
    return [ThrottlingRateLimit, ThrottlingBurstLimit] as const;
  });
}

/** Returns the sum of the rates of all routes of the operations. */
function sumRates(names: readonly string[], stage: ReturnType<typeof buildStage>): number {
  return names.flatMap((name) => readThrottles(name, stage)).reduce((sum, [rate]) => sum + rate, 0);
}

/** The operations that share a quota, and the service's own operations that send their requests (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html). */
const symmetric = [
  ...['Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'GenerateMac', 'GenerateRandom'],
  ...['ReEncrypt', 'VerifyMac', 'Health', 'Seal', 'Open', 'Rewrap', 'GenerateLookupToken'],
  'GenerateLookupTokenBatch',
];
/** The batches, each of which sends a request per item. */
const symmetricBatches = [
  ...['DecryptBatch', 'EncryptBatch', 'GenerateDataKeyBatch'],
  ...['GenerateMacBatch', 'ReEncryptBatch', 'VerifyMacBatch'],
];
const asymmetric = ['Sign', 'Verify', 'DeriveSharedSecret', 'Encapsulate', 'Decapsulate'];
const dataKeyPairs = ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'];
const sharing = new Set([...symmetric, ...asymmetric, ...dataKeyPairs]);
/** The highest rate that `throttleRate` accepts, so that the quotas alone limit the routes. */
const unlimited = { throttleRate: '10000', throttleBurst: '5000' };

describe('the throttles of routes that share a KMS request quota', () => {
  test.for([
    ['us-east-1', 100_000, 20],
    ['eu-central-1', 20_000, 20],
    ['ca-central-1', 10_000, 20],
    ['cn-north-1', 10_000, 1],
  ] as const)(
    'routes that share a KMS request quota together stay within kmsShare of the quota in %s',
    ([region, symmetricQuota, rsaPairQuota]) => {
      const regions = region === 'cn-north-1' ? 'cn-northwest-1' : 'sa-east-1';
      for (const kmsShare of [0.1, 0.5, 1]) {
        const stage = buildStage({ ...unlimited, regions, kmsShare: String(kmsShare) }, region);
        const [[equalRate = 0] = []] = readThrottles('Encrypt', stage);
        const sum = sumRates(symmetric, stage) + symmetricBatches.length * equalRate;
        expect(sum).toBeLessThanOrEqual(symmetricQuota * kmsShare);
        expect(sum).toBeGreaterThan(symmetricQuota * kmsShare * 0.9);
        // A batch counts for a hundred requests.
        for (const [rate] of symmetricBatches.flatMap((name) => readThrottles(name, stage)))
          expect(rate).toBe(Math.max(1, Math.floor(equalRate / 100)));
        expect(sumRates(asymmetric, stage)).toBeLessThanOrEqual(1_000 * kmsShare);
        for (const limit of [...sharing].flatMap((name) => readThrottles(name, stage)).flat()) {
          expect(Number.isInteger(limit), String(limit)).toBe(true);
        }
        // Each route has a rate of at least 1.
        expect(sumRates(dataKeyPairs, stage)).toBeLessThanOrEqual(Math.max(2, rsaPairQuota * kmsShare));
      }
    },
  );

  test('a shared KMS request quota is divided among the routes of deployed operations only', () => {
    const stage = buildStage({ ...unlimited, operations: 'Sign,Verify' });
    expect(readThrottles('Sign', stage)).toEqual([[250, 250]]);
  });

  test('a shared KMS request quota that the routes cannot divide evenly is rounded down', () => {
    const stage = buildStage({ ...unlimited, operations: 'Sign,Verify,Encapsulate' });
    expect(readThrottles('Sign', stage)).toEqual([[166, 166]]);
  });

  test('an operation in operationRates has its rate, and the others with its quota divide the rest', () => {
    const stage = buildStage({ ...unlimited, operationRates: 'Sign:300,Verify:140' });
    expect(['Sign', 'Verify', 'Encapsulate'].map((name) => readThrottles(name, stage)[0]?.[0])).toEqual([300, 140, 12]);
  });

  test('a rate in operationRates counts once for each route of the operation', () => {
    const stage = buildStage({ ...unlimited, operationRates: 'Decrypt:1000' }, 'ca-central-1');
    expect(readThrottles('Decrypt', stage)).toEqual([
      [1_000, 1_000],
      [1_000, 1_000],
    ]);
    expect(sumRates(symmetric, stage)).toBeLessThanOrEqual(5_000);
  });

  test('with a deletion guard, deletions share the quota of GetKeyLastUsage, which the guard calls', () => {
    const names = ['GetKeyLastUsage', 'DescribeKeyUsage', 'ScheduleKeyDeletion', 'DeleteImportedKeyMaterial'];
    const rates = (parameters: Readonly<Record<string, string>>) => {
      const stage = buildStage({ ...unlimited, kmsShare: '1', ...parameters });
      return names.map((name) => readThrottles(name, stage)[0]?.[0]);
    };
    // GetKeyLastUsage has a quota of 5 requests per second, and both deletions have 15.
    expect(rates({})).toEqual([1, 1, 1, 1]);
    expect(rates({ deletionGuardDays: '0' })).toEqual([2, 2, 15, 15]);
    expect(rates({ kmsQuotas: 'GetKeyLastUsage:8' })).toEqual([2, 2, 2, 2]);
    // A quota above those of the deletions does not raise their rates.
    expect(rates({ kmsQuotas: 'GetKeyLastUsage:100' })).toEqual([50, 50, 15, 15]);
  });

  test('the throttles of routes follow the quotas in kmsQuotas', () => {
    const stage = buildStage({ ...unlimited, kmsQuotas: 'asymmetric:5000,ListKeys:4000,data-key-pair:200' });
    expect(readThrottles('Sign', stage)[0]?.[0]).toBe(357);
    expect(readThrottles('ListKeys', stage)[0]?.[0]).toBe(2_000);
    expect(readThrottles('GenerateDataKeyPair', stage)[0]?.[0]).toBe(50);
  });
});

test('docs/guides/batches.md contains the rates of batches in Regions with each KMS quota', () => {
  const guide = readFileSync('docs/guides/batches.md', 'utf8');
  const rates = ['us-east-1', 'eu-central-1', 'eu-north-1'].map((region) => {
    const stage = buildStage({ operations: 'default,batch' }, region);
    return ['EncryptBatch', 'SignBatch'].map((name) => readThrottles(name, stage)[0]?.[0]);
  });
  expect(rates).toEqual(
    [...guide.matchAll(/\| [\d,]+,000 \| (\d+) \| (\d+) \|$/gm)].map((row) => row.slice(1).map(Number)),
  );
  const raised = buildStage({ operations: 'default,batch', operationRates: 'ReEncryptBatch:10' }, 'eu-north-1');
  expect(readThrottles('ReEncryptBatch', raised)).toEqual([[10, 10]]);
});

describe('the throttle of a route', () => {
  test.for(
    awsOperations.filter(({ name }) => !sharing.has(name)).map(({ name, requestQuota }) => ({ name, requestQuota })),
  )(
    'the throttle of a route is a whole number, at most kmsShare of the KMS request quota: $name',
    ({ name, requestQuota }) => {
      const [throttle = []] = readThrottles(name, buildStage(unlimited));
      expect(throttle[0]).toBeLessThanOrEqual(Math.max(1, requestsPerSecond(requestQuota) / 2));
      for (const limit of throttle) {
        expect(Number.isInteger(limit)).toBe(true);
        expect(limit).toBeGreaterThanOrEqual(1);
      }
    },
  );

  test('the throttle of a route is at most throttleRate, with bursts of at most throttleBurst', () => {
    const stage = buildStage({ throttleRate: '300', throttleBurst: '400' });
    expect(readThrottles('Encrypt', stage)).toEqual([[300, 400]]);
    expect(readThrottles('Sign', stage)).toEqual([[71, 71]]);
    expect(readThrottles('ListKeys', stage)).toEqual([[250, 250]]);
  });

  test.for([
    ['CreateKey', '1', 2],
    // ReplicateKey counts as two of five CreateKey requests in the replica's Region.
    ['ReplicateKey', '1', 2],
    ['ReplicateKey', '0.5', 1],
  ] as const)(
    'the throttle of a route is lower if the route creates keys: %s with kmsShare=%s',
    ([name, kmsShare, rate]) => {
      expect(readThrottles(name, buildStage({ ...unlimited, kmsShare }))).toEqual([[rate, rate]]);
    },
  );

  test('operationRates can raise the throttle of a route above throttleRate', () => {
    const stage = buildStage({ operationRates: 'Encrypt:9000,ListKeys:200' });
    expect(readThrottles('Encrypt', stage)).toEqual([[9_000, 5_000]]);
    expect(readThrottles('ListKeys', stage)).toEqual([[200, 200]]);
  });
});

test.for([
  ['off', false],
  ['on', true],
] as const)('routeMetrics=%s controls the detailed metrics of every route', ([routeMetrics, isEnabled]) => {
  const { DefaultRouteSettings, RouteSettings } = buildStage({ routeMetrics });
  for (const settings of [DefaultRouteSettings, ...Object.values(RouteSettings)]) {
    expect(settings.DetailedMetricsEnabled).toBe(isEnabled);
  }
});

describe('a line of the access log', () => {
  /** Fills in the format as API Gateway does. In particular, only `messageString` is a quoted value. */
  function writeLine(values: Readonly<Record<string, string>>): Record<string, string> {
    return JSON.parse(
      accessLogFormat.replaceAll(/\$context\.([\w.]+)/g, (_, name: string) => {
        if (name === 'error.messageString') return JSON.stringify(values['error.message'] ?? '-');
        return values[name] ?? '-';
      }),
    );
  }

  test('a line of the access log is JSON with strings for an accepted request, a rejected request and missing values', () => {
    const accepted = { requestId: 'a=', routeKey: 'POST /keys', status: '201' };
    const rejected = { requestId: 'b=', status: '403', 'error.message': 'Forbidden' };
    expect(writeLine({ ...accepted, responseLatency: '40' })).toMatchObject({
      ...accepted,
      latencyMs: '40',
      error: '-',
    });
    expect(writeLine(rejected)).toMatchObject({ requestId: 'b=', status: '403', error: 'Forbidden', latencyMs: '-' });
    for (const value of Object.values(writeLine(rejected))) expect(value).toEqual(expect.any(String));
  });

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
  test("a line of the access log contains the request's caller, account, route, status, latencies and errors", () => {
    const values = {
      requestId: 'requestId',
      requestTime: 'time',
      'identity.sourceIp': 'sourceIp',
      'identity.userArn': 'caller',
      'identity.accountId': 'callerAccount',
      'authorizer.claims.sub': 'subject',
      routeKey: 'routeKey',
      status: 'status',
      responseLatency: 'latencyMs',
      integrationLatency: 'functionLatencyMs',
      'integration.requestId': 'functionRequestId',
      'error.message': 'error',
      'authorizer.error': 'authorizerError',
    };
    expect(writeLine(values)).toEqual(Object.fromEntries(Object.values(values).map((name) => [name, name])));
  });

  test('a line of the access log contains no path, query, header or body, and no claim except the subject', () => {
    expect(accessLogFormat).not.toMatch(/\.path|query|header|body|authorizer\.claims\.(?!sub\b)/i);
  });
});

test('truststoreUri makes the custom domain require client certificates', () => {
  const domain = (parameters: Readonly<Record<string, string>>) =>
    (buildDomain(deployment(parameters)).Domain as Resource).Properties.MutualTlsAuthentication;
  expect(domain(withExample('truststoreUri'))).toEqual({ TruststoreUri: 's3://example-bucket/truststore.pem' });
  expect(domain(withExample('domainName'))).toBeUndefined();
});

describe('the custom domain', () => {
  const given = deployment(withExample('domainName'));
  const { Domain, DomainMapping } = buildDomain(given) as Record<string, Resource>;

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-tls-versions.html */
  test('the custom domain is regional, has its certificate, and accepts only TLS 1.2 and later', () => {
    const { domainName, certificateArn } = given.parameters;
    expect(Domain?.Properties.DomainName).toBe(domainName);
    expect(Domain?.Properties.DomainNameConfigurations).toEqual([
      { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
    ]);
  });

  test('the custom domain is mapped to the default stage of the API, after CloudFormation has created the stage', () => {
    expect(DomainMapping).toEqual({
      Type: 'AWS::ApiGatewayV2::ApiMapping',
      DependsOn: ['HttpApiStage'],
      Properties: { ApiId: { Ref: 'HttpApi' }, DomainName: { Ref: 'Domain' }, Stage: '$default' },
    });
  });

  test('the outputs of the stack contain the URL and the DNS target of the custom domain', () => {
    const outputs = buildDomainOutputs(given) as Record<string, { Value: unknown }>;
    expect(Object.fromEntries(Object.entries(outputs).map(([name, { Value }]) => [name, Value]))).toEqual({
      ApiUrl: `https://${given.parameters.domainName}`,
      DomainTarget: { 'Fn::GetAtt': ['Domain', 'RegionalDomainName'] },
      DomainHostedZoneId: { 'Fn::GetAtt': ['Domain', 'RegionalHostedZoneId'] },
    });
  });

  test('without domainName, the stack has no custom domain, and the default endpoint stays on', () => {
    const without = deployment({});
    expect([buildDomain(without), buildDomainOutputs(without)]).toEqual([{}, {}]);
    expect(buildHttpApi(without)).not.toHaveProperty('disableDefaultEndpoint');
    expect(buildHttpApi(given)).toMatchObject({ disableDefaultEndpoint: true });
  });
});

describe('corsOrigins', () => {
  /** The request headers of SigV4 and bearer tokens, the client's, and those of requests with bytes. */
  const requestHeaders = [
    'authorization',
    'content-type',
    'kms-parameters',
    'kms-timeout-ms',
    'x-amz-content-sha256',
    'x-amz-date',
    'x-amz-security-token',
  ];

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
  test('corsOrigins lets pages on these origins send signed requests and read the headers that the client uses', () => {
    const origins = 'https://a.example.com,https://b.example.com';
    expect(buildHttpApi(deployment({ corsOrigins: origins })).cors).toEqual({
      allowedOrigins: origins.split(','),
      allowedHeaders: requestHeaders,
      allowedMethods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
      exposedResponseHeaders: ['retry-after', 'apigw-requestid', 'kms-parameters'],
      maxAge: 600,
    });
  });

  test('without corsOrigins, and in stage local, the API has no CORS settings', () => {
    expect(buildHttpApi(deployment({}))).not.toHaveProperty('cors');
    expect(buildHttpApi(deployment({ corsOrigins: 'https://a.example.com' }, 'local'))).toEqual({});
  });

  test('corsOrigins covers the method of every route', () => {
    const methods = new Set(allOperations.flatMap(({ routes }) => routes.map(({ method }) => method)));
    const { allowedMethods } = buildHttpApi(deployment({ corsOrigins: 'https://a.example.com' })).cors as {
      allowedMethods: string[];
    };
    for (const method of methods) expect(allowedMethods).toContain(method);
  });
});

test('only functions with a route have a gateway alias, which points to the latest code', () => {
  const functions: Record<string, AliasedFunction> = {
    encrypt: { events: [{ httpApi: {} }] },
    forward: { events: [{ cloudwatchLog: {} }] },
    idle: {},
  };
  const aliases = addGatewayAliases(functions);
  expect(aliases).toEqual({
    EncryptLambdaFunctionGatewayAlias: {
      Type: 'AWS::Lambda::Alias',
      Properties: { Name: 'gateway', FunctionName: { Ref: 'EncryptLambdaFunction' }, FunctionVersion: '$LATEST' },
    },
  });
  expect(functions.encrypt?.targetAlias).toEqual({ name: 'gateway', logicalId: 'EncryptLambdaFunctionGatewayAlias' });
  expect(functions.forward).not.toHaveProperty('targetAlias');
});

test('a token needs a scope for the operation or its group', () => {
  const given = deployment({ ...withExample('jwtIssuer'), scopePrefix: 'kms/' });
  const encrypt = allOperations.find(({ name }) => name === 'Encrypt')!;
  expect(buildAuthorizer(encrypt, given)).toEqual({ name: 'jwt', scopes: ['kms/Encrypt', 'kms/crypto'] });
  expect(buildAuthorizer(encrypt, deployment({}))).toEqual({ type: 'aws_iam' });
  expect(buildAuthorizer(encrypt, deployment({}, 'local'))).toBeUndefined();
  const { jwtIssuer, jwtAudience } = given.parameters;
  expect(buildHttpApi(given).authorizers).toEqual({
    jwt: {
      type: 'jwt',
      identitySource: '$request.header.Authorization',
      issuerUrl: jwtIssuer,
      audience: jwtAudience,
    },
  });
  expect(buildHttpApi(deployment({}))).not.toHaveProperty('authorizers');
});
