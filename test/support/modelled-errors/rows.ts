import { randomUUID } from 'node:crypto';
import type * as kms from '@aws-sdk/client-kms';
import type { Emulator } from '../../../emulator/index.ts';
import { type CalledKey, type Input, type Kind, keyCalls, keyOfKind, requestOn, send } from '../key-calls.ts';

export type { Input };

/** What a row arranges with. */
export interface World {
  readonly client: kms.KMSClient;
  readonly emulator: Emulator;
}

/** Gives the request that is to be refused, and the client for it where it is not the world's. */
export type Arrange = (world: World) => Promise<Input | { readonly client: kms.KMSClient; readonly input: Input }>;

export interface ModelledError {
  readonly operation: string;
  readonly error: string;
  readonly arrange: Arrange;
}

export const rowsFor = (error: string, operations: string, arrange: (operation: string) => Arrange): ModelledError[] =>
  operations.split(' ').map((operation) => ({ operation, error, arrange: arrange(operation) }));
export const row = (operation: string, error: string, arrange: Arrange): ModelledError => ({
  operation,
  error,
  arrange,
});

export const keyFor = (world: World, operation: string, request: kms.CreateKeyCommandInput = {}) =>
  keyOfKind(world.client, keyCalls[operation]?.kind ?? 'symmetric', request);

/** The operation's own valid request, changed. */
export const changed =
  (operation: string, change: Input | ((key: CalledKey) => Input)): Arrange =>
  async (world) => {
    const key = await keyFor(world, operation);
    const request = await requestOn(operation, key);
    return { ...request, ...(typeof change === 'function' ? change(key) : change) };
  };

export const keyMember = (operation: string) => keyCalls[operation]?.member ?? 'KeyId';

/** The same once its key was led into another state. */
export const inState =
  (operation: string, enter: (key: CalledKey) => unknown): Arrange =>
  async (world) => {
    const key = await keyFor(world, operation);
    const request = await requestOn(operation, key);
    await enter(key);
    return request;
  };
export const disable = ({ client, KeyId }: CalledKey) => send(client, 'DisableKey', { KeyId });
export const schedule = ({ client, KeyId }: CalledKey) =>
  send(client, 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });

/** The operation's own request on a key of another kind, which is enabled. */
export const onKind =
  (operation: string, kind: Kind, request: kms.CreateKeyCommandInput = {}): Arrange =>
  async (world) => {
    const other = await keyOfKind(world.client, kind, request);
    return { ...(await changed(operation, {})(world)), [keyMember(operation)]: other.KeyId };
  };

export const aliasName = () => `alias/test-${randomUUID()}`;
