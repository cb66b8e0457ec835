import { IdempotencyRecordStatus, IdempotencyValidationError } from '@aws-lambda-powertools/idempotency';
import type { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import type { Call } from '../call/call.ts';
import type { IdempotencySettings } from '../config/idempotency-settings.ts';
import { idempotencyTagKey } from '../config/resource-names.ts';
import { replayHeader } from '../declaration/idempotency-key.ts';
import type { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { toKmsFunctionsError } from '../errors/to-kms-functions-error.ts';
import { buildJsonResponse } from '../http/http-response.ts';
import { AttemptStore } from './attempt-store.ts';
import { describeCreatedKey, findCreatedKey } from './find-created-key.ts';
import * as problems from './problems.ts';

/** Performs a call and returns its result as JSON. */
type Perform = (call: Call) => Promise<unknown>;

/** The time at the end of a call for storing the outcome. */
const storeMs = 1_000;

/**
 * Performs a call with an idempotency key at most once. An earlier call with the same key, caller and request has one of
 * these effects:
 *
 * - If it has succeeded, returns its response.
 * - If it is in progress, throws `IdempotencyInProgressError`.
 * - If it ended without a known outcome, returns the key with its idempotency tag, or throws
 *   `IdempotencyUnfinishedError`. Never creates a key in this case.
 */
export async function respondOnce(call: Call, settings: IdempotencySettings, perform: Perform): Promise<unknown> {
  const store = new AttemptStore(call, settings, { key: identify(call), request: call.json });
  const earlier = await fromTable(() => store.begin());
  if (earlier !== undefined) return respondAgain(call, settings, store, earlier);
  await claim(call, store);
  return performAttempt(call, store, perform);
}

/** Returns everything to which an idempotency key is bound. Direct invokers share their keys, because they are not identified. */
function identify({ config, operation, caller, tenant, idempotencyKey }: Call): (string | null)[] {
  const { kind, issuer, accountId, principal } = caller;
  const parts = [config.serviceTag, operation.name, kind, issuer, accountId, principal, tenant, idempotencyKey];
  return parts.map((part) => part ?? null);
}

/** Makes this call the only one that may send the request. */
async function claim(call: Call, store: AttemptStore): Promise<void> {
  try {
    const isOwner = await fromTable(() => store.markSent(Date.now() + call.deadline.leftMs));
    if (!isOwner) throw problems.inProgress();
  } catch (error) {
    // The response may be lost. Without this removal, later calls would search for a key that no call has created.
    if ((error as KmsFunctionsError).code === 'IdempotencyUnavailableError') await store.release().catch(ignore);
    throw error;
  }
}

async function performAttempt(call: Call, store: AttemptStore, perform: Perform): Promise<unknown> {
  const { Tags = [] } = call.input as { Tags?: readonly object[] };
  call.input = { ...call.input, Tags: [...Tags, { TagKey: idempotencyTagKey, TagValue: store.hash }] };
  let response: unknown;
  try {
    response = await performEarly(call, perform);
  } catch (error) {
    throw await endAttempt(call, store, error);
  }
  // The caller receives the response even if it cannot be stored. A later call then finds the key by its tag.
  await store.complete(response).catch(ignore);
  return response;
}

/** Performs the call so early that time is left for storing the outcome. */
async function performEarly(call: Call, perform: Perform): Promise<unknown> {
  const deadline = call.deadline.createShorter(Math.max(0, call.deadline.leftMs - storeMs));
  const early = { ...call, deadline };
  try {
    return await perform(early);
  } finally {
    const { kmsRequestId, usedKeys, unsafeRetry } = early;
    Object.assign(call, { kmsRequestId, usedKeys, unsafeRetry });
  }
}

/**
 * Ends an attempt that failed, and returns the error for the caller. Only a request that certainly created no key may be
 * sent again. KMS does not execute a request that it rejects with a 4xx error.
 */
async function endAttempt(call: Call, store: AttemptStore, thrown: unknown): Promise<unknown> {
  const error = toKmsFunctionsError(thrown, call);
  if (call.unsafeRetry === undefined || error.entry.status < 500) {
    await store.release().catch(ignore);
    return error;
  }
  await store.markUnfinished().catch(ignore);
  // Sending the request again with the same idempotency key is safe, so the advice for other requests does not apply.
  delete call.unsafeRetry;
  return problems.uncertain(error, call.requestId);
}

async function respondAgain(
  call: Call,
  settings: IdempotencySettings,
  store: AttemptStore,
  earlier: IdempotencyRecord,
): Promise<unknown> {
  if (earlier.getStatus() === IdempotencyRecordStatus.COMPLETED) {
    call.isReplay = true;
    return replay(call, earlier.getResponse());
  }
  const sent = earlier.inProgressExpiryTimestamp === undefined ? await fromTable(() => store.findSent()) : undefined;
  if (sent === undefined || sent.sentUntilMs > Date.now()) throw problems.inProgress();
  const arn = await fromTable(() => findCreatedKey(call, settings, { hash: store.hash, requestId: sent.requestId }));
  if (arn === undefined) throw problems.unfinished(sent);
  const response = await describeCreatedKey(call, arn).catch((error: Error) => {
    if (error.name === 'NotFoundException') throw problems.unfinished(sent);
    if (error.name === 'AccessDeniedException') throw problems.notReadable(arn);
    throw error;
  });
  if ((response as KeyResponse).KeyMetadata?.KeyState === 'PendingDeletion') throw problems.pendingDeletion(arn);
  await store.complete(response).catch(ignore);
  return replay(call, response);
}

interface KeyResponse {
  readonly KeyMetadata?: { readonly Arn?: string; readonly KeyState?: string };
}

/** Returns the response of an earlier call, with a header that tells the caller so. */
function replay(call: Call, response: unknown): unknown {
  const { KeyMetadata } = response as KeyResponse;
  call.usedKeys = KeyMetadata?.Arn === undefined ? [] : [KeyMetadata.Arn];
  call.buildResponse = (status, result) => {
    const { headers, ...rest } = buildJsonResponse(status, result);
    return { ...rest, headers: { ...headers, [replayHeader]: 'true' } };
  };
  return response;
}

/** Converts an error of DynamoDB or of the search to an error for the caller. The request was not sent to KMS. */
async function fromTable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof IdempotencyValidationError) throw problems.otherRequest();
    throw problems.unavailable(error);
  }
}

function ignore(): void {
  // The attempt stays unfinished. A later call searches for the key by its tag.
}
