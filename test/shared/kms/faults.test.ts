import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AwsOperationName } from '../../../functions/all-operations.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import { catalogue } from '../../../shared/declaration/error-catalogue.ts';
import type { Handler } from '../../../shared/handler/create-handler.ts';
import { useEmulator } from '../../support/emulator.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { operations } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';

const used = useEmulator();
const timeoutMs = 10_000;
type TestedFault = Exclude<Fault, 'none' | 'no execution' | 'denied'>;
const faults: Record<TestedFault, string[]> = {
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

describe.each(Object.keys(faults) as TestedFault[])('a KMS or network fault (%s)', (fault) => {
  const handlers = new Map<string, Handler>();

  // Each fault has its own Region and therefore its own clients.
  beforeAll(async () => {
    const region = `us-test-${Object.keys(faults).indexOf(fault) + 1}`;
    setLocalEnvironment(proxy.endpoint, region);
    // The RetireGrant example identifies its key by an ARN in us-east-1.
    const config = { ...readFunctionConfig(), regions: [region, 'us-east-1'] };
    for (const operation of operations) handlers.set(operation.name, await loadHandler(operation, config));
    await used.emulator.restoreSeed();
  });

  test('every operation returns a typed error in time, which is not retryable if a retry could repeat an effect, and is never executed twice', {
    timeout: 60_000,
  }, async () => {
    proxy.fault = fault;
    proxy.requests.clear();
    proxy.executed.clear();
    // The calls run concurrently, because each waits for timeouts.
    const calls = await Promise.all(
      operations.map(async (operation) => {
        const handler = handlers.get(operation.name) as Handler;
        const startMs = performance.now();
        const outcome = await invoke(handler, buildHttpEvent(operation, operation.routes[0]), createContext(timeoutMs));
        return { operation, outcome, ms: performance.now() - startMs };
      }),
    );
    proxy.fault = 'none';
    expect(calls.length).toBeGreaterThan(50);
    for (const { operation, outcome, ms } of calls) {
      const { name, retrySafety } = operation;
      if (outcome.ok) throw new Error(`${name} succeeded: ${outcome.text}`);
      expect(faults[fault], name).toContain(outcome.code);
      expect(catalogue[outcome.code], name).toMatchObject({ retryable: true });
      if (outcome.trigger !== 'http') throw new Error('it was not an HTTP event');
      const mayHaveExecuted = sentOnce.has(name) && fault !== 'throttling';
      expect(outcome.problem.retryable, name).toBe(!mayHaveExecuted);
      expect(outcome.problem.detail.includes('KMS may have executed the request '), name).toBe(mayHaveExecuted);
      if (mayHaveExecuted && retrySafety !== 'safe') {
        expect(outcome.problem.detail, name).toContain(retrySafety.check);
      }
      // A busy machine may add time. A call without a time limit would not end at all.
      expect(ms, name).toBeLessThan(timeoutMs + 5_000);
      const requests = proxy.requests.get(name) ?? 0;
      if (sentOnce.has(name)) expect(requests, name).toBe(1);
      else expect(requests, name).toBeGreaterThan(0);
      expect(requests, name).toBeLessThanOrEqual(fault === 'throttling' ? 1 : 2);
    }
  });
});
