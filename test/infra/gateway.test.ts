import { describe, expect, test } from 'vitest';
import { awsOperations } from '../../functions/all-operations.ts';
import { accessLogFormat } from '../../infra/gateway/access-log.ts';
import { buildDomain } from '../../infra/gateway/domain.ts';
import { buildStageExtension } from '../../infra/gateway/stage.ts';
import { withExample } from '../../scripts/deployment-difference.ts';
import { requestsPerSecond } from '../../shared/declaration/request-quotas.ts';
import { deployment, everyOperation } from '../support/deployments.ts';
import type { Resource } from '../support/template.ts';

interface RouteThrottle {
  readonly ThrottlingRateLimit: number;
  readonly ThrottlingBurstLimit: number;
  readonly DetailedMetricsEnabled: boolean;
}

function buildStage(parameters: Readonly<Record<string, string>> = {}) {
  const deployed = deployment({ ...everyOperation, ...parameters });
  const { Properties } = buildStageExtension(deployed, deployed.operations) as {
    Properties: { DefaultRouteSettings: RouteThrottle; RouteSettings: Record<string, RouteThrottle> };
  };
  return Properties;
}

describe('the throttle of a route', () => {
  const { RouteSettings } = buildStage({ throttleRate: '10000' });

  test.for(awsOperations.map(({ name, requestQuota, routes }) => ({ name, requestQuota, routes })))(
    'the throttle of a route is a whole number, at most the KMS request quota: $name',
    ({ requestQuota, routes }) => {
      for (const { method, path } of routes) {
        const { ThrottlingRateLimit = 10_000, ThrottlingBurstLimit = 1 } = RouteSettings[`${method} ${path}`] ?? {};
        expect(ThrottlingRateLimit).toBeLessThanOrEqual(requestsPerSecond(requestQuota));
        for (const limit of [ThrottlingRateLimit, ThrottlingBurstLimit]) {
          expect(Number.isInteger(limit)).toBe(true);
          expect(limit).toBeGreaterThanOrEqual(1);
        }
      }
    },
  );

  test.for(['POST /keys', 'POST /keys/{KeyId}/replicas'])(
    'the throttle of a route is lower for routes that create keys: %s',
    (route) => {
      expect(RouteSettings[route]).toMatchObject({ ThrottlingRateLimit: 2, ThrottlingBurstLimit: 2 });
    },
  );

  test('operationRates can raise the throttle of a route above the KMS request quota and above throttleRate', () => {
    const routes = buildStage({
      operationRates: 'CreateKey:50,Sign:9000,Decrypt:1',
      throttleRate: '100',
    }).RouteSettings;
    expect(routes['POST /keys']).toMatchObject({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 50 });
    expect(routes['POST /keys/{KeyId}/sign']).toMatchObject({
      ThrottlingRateLimit: 9_000,
      ThrottlingBurstLimit: 5_000,
    });
    for (const route of ['POST /decrypt', 'POST /keys/{KeyId}/decrypt']) {
      expect(routes[route]).toMatchObject({ ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 });
    }
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
