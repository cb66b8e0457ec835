import { expect, test } from 'vitest';
import { allOperations, type OperationName } from '../../../functions/all-operations.ts';
import { createCall } from '../../../shared/call/call.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { buildMetrics } from '../../../shared/observability/metrics.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';

setLocalEnvironment('http://127.0.0.1:9');
const config = { ...readFunctionConfig(), isMetricsEnabled: true };

/** Returns the metrics of a call, with the number of CloudWatch metrics that each one feeds. */
function countMetrics(name: OperationName, failure?: KmsFunctionsError): Record<string, number> {
  const operation = allOperations.find((each) => each.name === name) as Operation;
  const call = { ...createCall(operation, config, 'id', 10_000), ...(failure === undefined ? {} : { failure }) };
  const line = buildMetrics(call, 7) as Record<string, unknown> & {
    _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  };
  const counts: Record<string, number> = {};
  for (const { Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
    for (const { Name } of Metrics) {
      expect(line[Name]).toBe(Name === 'Latency' ? 7 : 1);
      counts[Name] = Dimensions.length;
    }
  }
  const members = Object.keys(line).filter((name) => name !== '_aws');
  expect(members.toSorted()).toEqual(Object.keys(counts).toSorted());
  return counts;
}

test('a call without problems writes two metrics, per operation and for the service', () => {
  expect(countMetrics('Encrypt')).toEqual({ Calls: 2, Latency: 2 });
});

test.for([
  ['KMSInternalException', { Faults: 2 }],
  ['TimeoutError', { Faults: 2 }],
  ['ThrottlingException', { Throttles: 1 }],
  ['AccessDeniedException', { AccessDenied: 1 }],
  ['NotFoundException', {}],
] as const)('a call that fails with %s writes the metric for this type of failure', ([code, expected]) => {
  expect(countMetrics('CreateKey', new KmsFunctionsError(code))).toEqual({ Calls: 2, Latency: 2, ...expected });
});

test.for([
  ['CreateKey', { KeysCreated: 1 }],
  ['ReplicateKey', { KeysCreated: 1 }],
  ['ScheduleKeyDeletion', { DeletionsScheduled: 1 }],
  ['DisableKey', {}],
] as const)('a successful %s writes its own metric', ([operation, expected]) => {
  expect(countMetrics(operation)).toEqual({ Calls: 2, Latency: 2, ...expected });
});
