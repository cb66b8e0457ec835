import { logLineBytes } from './log-line-bytes.ts';
import { dollars } from './prices.ts';

/** The use of a stage in a month of 30 days. */
export interface Scenario {
  readonly title: string;
  readonly description: string;
  readonly keys: number;
  readonly millionCalls: number;
  readonly operationsInUse: number;
  /** The number of KMS requests per call, including look-ups for tenants and key lists. */
  readonly kmsRequestsPerCall: number;
  /** The number of records that the audit forwarder copies per invocation. More calls per second lead to larger batches. */
  readonly recordsPerForwarding: number;
  readonly lifecycleEvents?: number;
  /** The share of calls by direct invocation, each of which is recorded as a CloudTrail data event. */
  readonly directShare?: number;
  /** The number of routes with API Gateway's own metrics (`routeMetrics=on`). */
  readonly routesWithMetrics?: number;
}

const secondsPerMonth = 30 * 86_400;

export const scenarios: readonly Scenario[] = [
  {
    title: 'a small team',
    description: 'default parameters, 100,000 calls, 10 keys, 12 operations in use',
    keys: 10,
    millionCalls: 0.1,
    operationsInUse: 12,
    kmsRequestsPerCall: 1,
    recordsPerForwarding: 1,
  },
  {
    title: 'one service at 100 calls per second',
    description: 'default parameters, 20 keys, 6 operations in use',
    keys: 20,
    millionCalls: (100 * secondsPerMonth) / 1e6,
    operationsInUse: 6,
    kmsRequestsPerCall: 1,
    recordsPerForwarding: 5,
  },
  {
    title: 'a platform at 1,000 calls per second',
    description:
      'all 60 operations in use, 500 keys, calls with tenants and key aliases, 10,000 lifecycle events, `routeMetrics=on`, and data events for direct invocations, which make up a tenth of the calls',
    keys: 500,
    millionCalls: (1_000 * secondsPerMonth) / 1e6,
    operationsInUse: 60,
    kmsRequestsPerCall: 2.1,
    recordsPerForwarding: 20,
    lifecycleEvents: 10_000,
    directShare: 0.1,
    routesWithMetrics: 64,
  },
];

export interface Model {
  /** The billed duration of a call. */
  readonly billedMs: number;
  readonly memoryMb: number;
  readonly alarms: number;
}

/** API Gateway's metrics per route: Count, 4xx, 5xx, Latency, IntegrationLatency and DataProcessed. */
const metricsPerRoute = 6;
const forwarderMs = 60;

/** Returns the dollars per month for each item. */
export function calculateCosts(scenario: Scenario, { billedMs, memoryMb, alarms }: Model): Record<string, number> {
  const { millionCalls, keys, operationsInUse, recordsPerForwarding, directShare = 0 } = scenario;
  const millionHttp = millionCalls * (1 - directShare);
  const millionForwardings = millionCalls / recordsPerForwarding;
  const gbSeconds = (memoryMb / 1_024) * 1_000 * (millionCalls * billedMs + millionForwardings * forwarderMs);
  // Calls and Latency, for each operation in use and for the service, and the counts of problems for the service.
  const metrics = 2 * (operationsInUse + 1) + 3 + metricsPerRoute * (scenario.routesWithMetrics ?? 0);
  const logGb =
    (millionCalls * (logLineBytes.call + logLineBytes.platform + logLineBytes.audit) +
      millionHttp * logLineBytes.access +
      millionForwardings * logLineBytes.platform) /
    1_000;
  return {
    keys: keys * dollars.perKeyMonth,
    'KMS requests':
      millionCalls * scenario.kmsRequestsPerCall * dollars.perMillionKmsRequests['symmetric keys, HMAC, RSA_2048'],
    'HTTP API':
      Math.min(millionHttp, 300) * dollars.perMillionHttpRequests +
      Math.max(0, millionHttp - 300) * dollars.perMillionHttpRequestsAbove300Million,
    'Lambda, with the audit forwarder':
      (millionCalls + millionForwardings) * dollars.perMillionInvocations + gbSeconds * dollars.perGbSecond,
    logs: logGb * dollars.perGbOfLogs,
    metrics: metrics * dollars.perMetricMonth,
    'alarms and dashboard': alarms * dollars.perAlarmMonth + dollars.perDashboardMonth,
    'EventBridge and CloudTrail':
      ((scenario.lifecycleEvents ?? 0) / 1e6) * dollars.perMillionEvents +
      millionCalls * directShare * dollars.perMillionDataEvents,
  };
}
