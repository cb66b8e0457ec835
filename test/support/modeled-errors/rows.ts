import { randomUUID } from 'node:crypto';
import type * as kms from '@aws-sdk/client-kms';
import type { KeyOperation } from '../../../emulator/core/key-states.ts';
import type { Emulator } from '../../../emulator/index.ts';
import type { AwsOperationName } from '../../../functions/all-operations.ts';
import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';
import { type CalledKey, type Input, type Kind, keyCalls, keyOfKind, requestOn } from '../key-calls.ts';

export type { Input };

/** The emulator and the clients that a row can use to prepare its request. */
export interface World {
  readonly client: kms.KMSClient;
  readonly emulator: Emulator;
}

/** Returns the request that KMS must reject, and its client if another account sends it. */
export type Arrange = (world: World) => Promise<Input | { readonly client: kms.KMSClient; readonly input: Input }>;

export interface ModeledError {
  readonly operation: AwsOperationName;
  readonly error: ErrorCode;
  readonly arrange: Arrange;
}

export const rowsFor = <Name extends AwsOperationName>(
  error: ErrorCode,
  operations: readonly Name[],
  arrange: (operation: Name) => Arrange,
): ModeledError[] => operations.map((operation) => ({ operation, error, arrange: arrange(operation) }));
export const row = (operation: AwsOperationName, error: ErrorCode, arrange: Arrange): ModeledError => ({
  operation,
  error,
  arrange,
});

export const keyFor = (world: World, operation: KeyOperation, request: kms.CreateKeyCommandInput = {}) =>
  keyOfKind(world.client, keyCalls[operation].kind, request);

/** Prepares the operation's valid request with some changed members. */
export const changed =
  (operation: KeyOperation, change: Input | ((key: CalledKey) => Input)): Arrange =>
  async (world) => {
    const key = await keyFor(world, operation);
    const request = await requestOn(operation, key);
    return { ...request, ...(typeof change === 'function' ? change(key) : change) };
  };

export const keyMember = (operation: KeyOperation) => keyCalls[operation].member ?? 'KeyId';

/** Prepares the operation's valid request for an enabled key of another type. */
export const onKind =
  (operation: KeyOperation, kind: Kind, request: kms.CreateKeyCommandInput = {}): Arrange =>
  async (world) => {
    const other = await keyOfKind(world.client, kind, request);
    return { ...(await changed(operation, {})(world)), [keyMember(operation)]: other.KeyId };
  };

export const aliasName = () => `alias/test-${randomUUID()}`;
