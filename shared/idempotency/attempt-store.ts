import { randomUUID } from 'node:crypto';
import { IdempotencyConfig, IdempotencyItemAlreadyExistsError } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Call } from '../call/call.ts';
import type { IdempotencySettings } from '../config/idempotency-settings.ts';
import { getTableClient, limitByDeadline } from './aws-clients.ts';

/** The time for which an attempt is stored. Afterwards, the same idempotency key starts a new attempt. */
export const storedSeconds = 24 * 60 * 60;

/**
 * The time after which another call may take over an attempt that has not sent its request. Longer than requests to
 * DynamoDB usually take, and short enough that the caller can soon try again.
 */
const claimMs = 5_000;

/** The data from which Powertools derives a record's id (`key`) and recognizes another request (`request`). */
export interface AttemptData {
  readonly key: readonly (string | null)[];
  readonly request: object;
}

/** An attempt whose request KMS may have received. */
export interface SentAttempt {
  readonly attemptId: string;
  /** The Lambda request id of the call. The tag `kms-functions:request-id` of the call's key contains it. */
  readonly requestId: string;
  /** The latest time at which the call ends, in milliseconds since 1970. */
  readonly sentUntilMs: number;
}

const powertoolsConfig = new IdempotencyConfig({
  eventKeyJmesPath: 'key',
  payloadValidationJmesPath: 'request',
  throwOnNoIdempotencyKey: true,
  expiresAfterSeconds: storedSeconds,
  hashFunction: 'sha256',
});

/**
 * Stores the attempt of one call in DynamoDB. Powertools lets a call take over a record whose `in_progress_expiration` has
 * passed. This is safe only before a request was sent, so `markSent` removes this attribute.
 */
export class AttemptStore extends DynamoDBPersistenceLayer {
  readonly #attemptId = randomUUID();
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #requestId: string;
  readonly #data: never;
  #claimedUntilMs: number | undefined;

  constructor(call: Call, { tableName, tableEndpoint }: IdempotencySettings, data: AttemptData) {
    const client = bindClient(getTableClient(call.config.regions[0], tableEndpoint), call);
    super({ tableName, awsSdkV3Client: client });
    this.configure({ config: powertoolsConfig, keyPrefix: call.operation.name });
    this.#client = client;
    this.#tableName = tableName;
    this.#requestId = call.requestId;
    this.#data = data as never;
  }

  /** The hash in the record's id, which follows the name of the operation. */
  get hash(): string {
    const id = this.getHashedIdempotencyKey(this.#data);
    return id.slice(id.indexOf('#') + 1);
  }

  /**
   * Creates the record, or returns the record of an earlier attempt. Throws `IdempotencyValidationError` if the earlier
   * attempt had another request.
   */
  async begin(): Promise<IdempotencyRecord | undefined> {
    try {
      await this.saveInProgress(this.#data, claimMs);
      return undefined;
    } catch (error) {
      if (!(error instanceof IdempotencyItemAlreadyExistsError)) throw error;
      const { existingRecord } = error;
      const record = existingRecord
        ? this.processExistingRecord(existingRecord, this.#data)
        : await this.getRecord(this.#data);
      // If the response to a request is lost, the repeated request finds the record that the first one created.
      return record.inProgressExpiryTimestamp === this.#claimedUntilMs ? undefined : record;
    }
  }

  /**
   * Records that KMS may receive the request from now on. Returns `false` if another call has taken over the attempt, so
   * that at most one call sends its request.
   */
  async markSent(sentUntilMs: number): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          ...this.#item,
          UpdateExpression:
            'SET attempt_id = :attempt, request_id = :request, sent_until = :until REMOVE in_progress_expiration',
          ConditionExpression: '#status = :inprogress AND in_progress_expiration = :claim',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: {
            ':attempt': { S: this.#attemptId },
            ':request': { S: this.#requestId },
            ':until': { N: String(sentUntilMs) },
            ':inprogress': { S: 'INPROGRESS' },
            ':claim': { N: String(this.#claimedUntilMs) },
          },
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return (await this.findSent())?.attemptId === this.#attemptId;
    }
  }

  /** Returns the attempt that has sent its request, or `undefined` if no request was sent. */
  async findSent(): Promise<SentAttempt | undefined> {
    const { Item: item } = await this.#client.send(new GetItemCommand({ ...this.#item, ConsistentRead: true }));
    const attemptId = item?.attempt_id?.S;
    if (attemptId === undefined) return undefined;
    return { attemptId, requestId: item?.request_id?.S ?? '', sentUntilMs: Number(item?.sent_until?.N) };
  }

  /** Stores the response. Later calls with the same request return it. */
  complete(response: unknown): Promise<void> {
    return this.saveSuccess(this.#data, response as never);
  }

  /** Removes the record of an attempt that certainly had no effect, so that the caller can try again immediately. */
  release(): Promise<void> {
    return this.deleteRecord(this.#data);
  }

  /** Records that the call has ended without a result, so that the next call need not wait until `sentUntilMs`. */
  async markUnfinished(): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        ...this.#item,
        UpdateExpression: 'SET sent_until = :now',
        ConditionExpression: 'attempt_id = :attempt',
        ExpressionAttributeValues: { ':now': { N: String(Date.now()) }, ':attempt': { S: this.#attemptId } },
      }),
    );
  }

  /** Removes the record only if no other call has taken over the attempt. */
  protected override async _deleteRecord(): Promise<void> {
    await this.#client.send(
      new DeleteItemCommand({
        ...this.#item,
        ConditionExpression: 'attempt_id = :attempt OR in_progress_expiration = :claim',
        ExpressionAttributeValues: {
          ':attempt': { S: this.#attemptId },
          ':claim': { N: String(this.#claimedUntilMs) },
        },
      }),
    );
  }

  protected override _putRecord(record: IdempotencyRecord): Promise<void> {
    this.#claimedUntilMs = record.inProgressExpiryTimestamp;
    return super._putRecord(record);
  }

  get #item() {
    return { TableName: this.#tableName, Key: this.getKey(this.getHashedIdempotencyKey(this.#data)) };
  }
}

/** Returns the client with the call's deadline in each request, because Powertools passes no options to the client. */
function bindClient(shared: DynamoDBClient, call: Call): DynamoDBClient {
  const send = (command: GetItemCommand) => shared.send(command, limitByDeadline(call) as object);
  const { config, middlewareStack } = shared;
  return { send, config, middlewareStack } as unknown as DynamoDBClient;
}
