import type { Call } from '../call/call.ts';
import { buildCallRecord } from './build-call-record.ts';
import { itemMessage } from './call-message.ts';
import { describeCause } from './describe-cause.ts';
import { logger } from './logger.ts';

/** An item that a call has processed. */
export interface ProcessedItem {
  /** The position in the request. */
  readonly index: number;
  /** The call of the item's step. */
  readonly step: Call;
  readonly latencyMs: number;
}

/** The level of the records of successful items (https://docs.aws.amazon.com/powertools/typescript/latest/api/variables/_aws-lambda-powertools_logger.index.LogLevelThreshold.html). */
const infoLevel = 12;

/**
 * Writes the record of an item as one log line, without metrics. The record has the operation and the request id of the
 * call that contains the item.
 */
export function writeItemRecord(call: Call, { index, step, latencyMs }: ProcessedItem): void {
  const { failure } = step;
  // `npm start` hides these records, because it prints a short line for each call.
  if (failure === undefined && logger.level > infoLevel) return;
  const record = {
    ...buildCallRecord(step, Math.round(latencyMs)),
    operation: call.operation.name,
    batchId: call.requestId,
    item: index,
  };
  if (failure === undefined) logger.info(itemMessage, record);
  else if (failure.entry.status < 500) logger.warn(itemMessage, record);
  else logger.error(itemMessage, { ...record, cause: describeCause(failure.cause) });
}
