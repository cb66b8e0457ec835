import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AwsOperationName } from '../../../functions/all-operations.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import { catalogue } from '../../../shared/declaration/error-catalogue.ts';
import { useEmulator } from '../../support/emulator.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { operationRows, operations } from '../../support/operations.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';

const used = useEmulator();
const timeoutMs = 10_000;
const faults: Record<Exclude<Fault, 'none' | 'no execution' | 'denied'>, string[]> = {
  'no response': ['TimeoutError'],
  throttling: ['ThrottlingException'],
  'a reset before the execution': ['KmsUnreachableError', 'TimeoutError'],
  'a reset after the execution': ['KmsUnreachableError', 'TimeoutError'],
  'an error after the execution': ['KMSInternalException'],
  'an HTML response': ['KMSInternalException'],
  'an incomplete response': ['KmsUnreachableError', 'KMSInternalException', 'TimeoutError'],
};

/** Operations whose example creates a resource in each call. A retry after a lost response would create a duplicate. */
const sentOnce: ReadonlySet<string> = new Set<AwsOperationName>([
  'CreateAlias',
  'CreateCustomKeyStore',
  'CreateKey',
  'ReplicateKey',
  'RotateKeyOnDemand',
]);

let proxy: FaultProxy;
beforeAll(async () => {
  proxy = await startFaultProxy(used.emulator.endpoint);
});
afterAll(() => proxy.close());

describe.each(Object.keys(faults) as Exclude<Fault, 'none' | 'no execution' | 'denied'>[])(
  'a KMS or network fault (%s)',
  (fault) => {
    const outcomes = new Map<string, { outcome: Outcome; ms: number }>();

    // The calls run concurrently, because each waits for timeouts. Each fault has its own Region and therefore its own clients.
    beforeAll(async () => {
      const region = `us-test-${Object.keys(faults).indexOf(fault) + 1}`;
      setLocalEnvironment(proxy.endpoint, region);
      // The RetireGrant example identifies its key by an ARN in us-east-1.
      const config = { ...readFunctionConfig(), regions: [region, 'us-east-1'] };
      await used.emulator.restoreSeed();
      proxy.fault = fault;
      proxy.requests.clear();
      proxy.executed.clear();
      await Promise.all(
        operations.map(async (operation) => {
          const handler = await loadHandler(operation, config);
          const startMs = performance.now();
          const outcome = await invoke(
            handler,
            buildHttpEvent(operation, operation.routes[0]),
            createContext(timeoutMs),
          );
          outcomes.set(operation.name, { outcome, ms: performance.now() - startMs });
        }),
      );
      proxy.fault = 'none';
    }, 30_000);

    test.for(operationRows)(
      '$name returns a typed error in time, which is not retryable if a retry could repeat an effect, and is never executed twice',
      ({ operation }) => {
        const { outcome, ms } = outcomes.get(operation.name) ?? {};
        if (outcome === undefined || outcome.ok) throw new Error(`The call succeeded: ${outcome?.text}`);
        expect(faults[fault]).toContain(outcome.code);
        expect(catalogue[outcome.code]).toMatchObject({ retryable: true });
        if (outcome.trigger !== 'http') throw new Error('it was not an HTTP event');
        const mayHaveExecuted = sentOnce.has(operation.name) && fault !== 'throttling';
        expect(outcome.problem.retryable).toBe(!mayHaveExecuted);
        expect(outcome.problem.detail.includes('KMS may have executed the request ')).toBe(mayHaveExecuted);
        if (mayHaveExecuted && operation.retrySafety !== 'safe') {
          expect(outcome.problem.detail).toContain(operation.retrySafety.check);
        }
        // A busy machine may add time. A call without a time limit would not end at all.
        expect(ms).toBeLessThan(timeoutMs + 5_000);
        const requests = proxy.requests.get(operation.name) ?? 0;
        if (sentOnce.has(operation.name)) expect(requests).toBe(1);
        else expect(requests).toBeGreaterThan(0);
        expect(requests).toBeLessThanOrEqual(fault === 'throttling' ? 1 : 2);
      },
    );
  },
);
