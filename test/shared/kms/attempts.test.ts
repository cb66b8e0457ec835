import { describe, expect, test } from 'vitest';
import { allOperations, type OperationName } from '../../../functions/all-operations.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { isRetrySafe } from '../../../shared/declaration/retry-safety.ts';
import { timeLimitsMs } from '../../../shared/declaration/time-limits.ts';
import { getAttemptTimeoutMs, getTimeoutSeconds } from '../../../shared/kms/attempts.ts';
import { useFaultServer } from '../../support/fault-server.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { invoke } from '../../support/outcome.ts';

const rows = allOperations.map((operation) => ({ name: operation.name, operation }));
/** How long an HTTP API waits for a function, in seconds. */
const gatewaySeconds = 30;

/** The limits that differ from the usual one, in seconds: for one request to KMS, and for the function. */
const limits: Partial<Record<OperationName, readonly [requestSeconds: number, functionSeconds: number]>> = {
  CreateKey: [20, 26],
  ReplicateKey: [20, 26],
  CreateCustomKeyStore: [20, 26],
  CreateAlias: [8, 14],
  RotateKeyOnDemand: [8, 14],
  ConnectCustomKeyStore: [8, 26],
  CreateGrant: [8, 26],
  DeleteCustomKeyStore: [8, 26],
  DisconnectCustomKeyStore: [8, 26],
  GenerateDataKeyPair: [8, 26],
  GenerateDataKeyPairWithoutPlaintext: [8, 26],
  ImportKeyMaterial: [8, 26],
  UpdateCustomKeyStore: [8, 26],
  UpdatePrimaryRegion: [8, 26],
};

test.for(rows)('$name has its time limits', ({ name, operation }) => {
  expect([getAttemptTimeoutMs(operation) / 1_000, getTimeoutSeconds(operation)]).toEqual(limits[name] ?? [2.5, 10]);
});

test.for(rows)('$name responds before API Gateway stops waiting', ({ operation }) => {
  expect(getTimeoutSeconds(operation)).toBeLessThan(gatewaySeconds);
});

test('an operation that must not be repeated has more time than usual', () => {
  const unsafe = allOperations.filter((operation) => !isRetrySafe(operation, {}));
  expect(unsafe.length).toBeGreaterThan(5);
  for (const operation of unsafe) expect(getAttemptTimeoutMs(operation)).toBeGreaterThan(timeLimitsMs.usual);
});

describe('a response that KMS sends late', () => {
  const server = useFaultServer();

  async function call(name: OperationName, delayMs: number) {
    setLocalEnvironment(server.endpoint);
    const operation = allOperations.find((each) => each.name === name) as Operation;
    server.respond = (response) => void setTimeout(() => response.end('{}'), delayMs);
    const event = buildHttpEvent(operation, operation.routes[0]);
    return invoke(await loadHandler(operation), event, createContext(getTimeoutSeconds(operation) * 1_000));
  }

  test('still creates a key after the usual time limit', async () => {
    expect(await call('CreateKey', timeLimitsMs.usual + 500)).toMatchObject({ ok: true, status: 201 });
  });

  test('is too late for DescribeKey after the usual time limit', async () => {
    expect(await call('DescribeKey', timeLimitsMs.usual + 500)).toMatchObject({ ok: false, code: 'TimeoutError' });
  }, 15_000);
});
