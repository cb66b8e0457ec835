import * as z from 'zod/mini';
import { type Call, createStepCall } from '../../../shared/call/call.ts';
import { minRequestMs } from '../../../shared/call/deadline.ts';
import { compact } from '../../../shared/declaration/json-object.ts';
import type {
  AwsOperation,
  Batch,
  InputSchema,
  OperationInput,
  OwnOperation,
} from '../../../shared/declaration/operation.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { toKmsFunctionsError } from '../../../shared/errors/to-kms-functions-error.ts';
import { createCustomHandler, type Handler } from '../../../shared/handler/create-handler.ts';
import { createStep } from '../../../shared/handler/create-step.ts';
import { toJson } from '../../../shared/kms/json.ts';
import { createPreparedSender } from '../../../shared/kms/prepared-requests.ts';
import type { KmsCommand, Transmit } from '../../../shared/kms/send.ts';
import { writeItemRecord } from '../../../shared/observability/write-item-record.ts';
import { defaultPartialFailureStatus } from '../define-batch.ts';
import { describeError } from './describe-error.ts';
import { createItemReader, type ReadItem } from './read-item.ts';
import { rejectTooLarge } from './reject-too-large.ts';
import { type ItemOutcome, runItems } from './run-items.ts';

/**
 * The time at the end of a call in which no item is processed: a share of the call's time, and a maximum. It is for the
 * records and the response.
 */
const reserveShare = 0.1;
const maxReserveMs = 500;

/** An item, and what the function has done with it. */
interface Item {
  readonly index: number;
  readonly read: ReadItem;
  outcome: ItemOutcome<object>;
}

/** Creates the handler of an operation that performs an AWS operation for each of its items. */
export function createBatchHandler<Aws extends AwsOperation>(
  operation: OwnOperation & { readonly batch: Batch<Aws> },
  Command: new (input: OperationInput<Aws>) => KmsCommand<object, object>,
): Handler {
  const { batch } = operation;
  const readItem = createItemReader(batch);
  const perform = createPerformer(batch.of, Command);

  async function respond(call: Call): Promise<unknown> {
    const { deadline } = call;
    const transmit = createPreparedSender(Command);
    const reserveMs = Math.min(maxReserveMs, deadline.leftMs * reserveShare);
    const items = (call.input.Items as unknown[]).map((item, index): Item => {
      const read = readItem(call.input, item);
      return { index, read, outcome: read.error ? { kind: 'failed', error: read.error } : { kind: 'not-attempted' } };
    });
    const valid = items.filter(({ read }) => read.error === undefined);
    const outcomes = await runItems(valid, {
      perform: (item) => perform(call, item, { limitMs: deadline.leftMs - reserveMs, transmit }),
      isThrottled,
      getLeftMs: () => deadline.leftMs - reserveMs - minRequestMs,
    });
    for (const [position, outcome] of outcomes.entries()) (valid[position] as Item).outcome = outcome;
    for (const { index, read, outcome } of items) {
      // The other items have their records.
      if (outcome.kind !== 'failed' || (read.error === undefined && !isThrottled(outcome.error))) continue;
      const step = createStepCall(call, batch.of, { ...call.input, ...(read.error ? {} : read.input) });
      step.failure = toKmsFunctionsError(outcome.error, step);
      writeItemRecord(call, { index, step, latencyMs: 0 });
    }
    return summarize(call, items);
  }

  return createCustomHandler(withUncheckedItems(operation), respond, { checkInput: [rejectTooLarge(batch)] });
}

/** Creates a function that authorizes an item as a call of the AWS operation, sends it to KMS and writes its record. */
function createPerformer<Aws extends AwsOperation>(
  of: Aws,
  Command: new (input: OperationInput<Aws>) => KmsCommand<object, object>,
) {
  const step = createStep(of, Command as new (input: object) => KmsCommand<object, object>);
  return async (
    call: Call,
    { index, read }: Item,
    options: { limitMs: number; transmit: Transmit },
  ): Promise<object> => {
    const startedAtMs = performance.now();
    const input = read.error === undefined ? read.input : {};
    const write = (own: Call) =>
      writeItemRecord(call, { index, step: own, latencyMs: performance.now() - startedAtMs });
    let own: Call | undefined;
    try {
      const authorized = await step.authorize(call, input, options);
      own = authorized.call;
      const response = toJson(await authorized.send()) as object;
      write(own);
      return response;
    } catch (error) {
      own ??= createStepCall(call, of, { ...input });
      own.failure = toKmsFunctionsError(error, own);
      // A throttled item is repeated.
      if (!isThrottled(own.failure)) write(own);
      throw own.failure;
    }
  };
}

function isThrottled(error: unknown): boolean {
  return error instanceof KmsFunctionsError && error.code === 'ThrottlingException';
}

/** Builds the results in the order of the items. Counts them, and chooses the status. */
function summarize(call: Call, items: readonly Item[]): { readonly Results: object[] } {
  const counts = { total: items.length, succeeded: 0, failed: 0, notAttempted: 0, failures: new Map<number, number>() };
  const Results = items.map(({ read, outcome }) => {
    const reference = compact({ Reference: read.reference });
    if (outcome.kind === 'succeeded') {
      counts.succeeded += 1;
      return { ...reference, ...outcome.result };
    }
    if (outcome.kind === 'not-attempted') {
      counts.notAttempted += 1;
      return { ...reference, Error: describeError(new KmsFunctionsError('NotAttemptedError')) };
    }
    const failure = toKmsFunctionsError(outcome.error, call);
    counts.failed += 1;
    counts.failures.set(failure.entry.status, (counts.failures.get(failure.entry.status) ?? 0) + 1);
    return { ...reference, Error: describeError(failure) };
  });
  call.items = counts;
  if (counts.succeeded < counts.total)
    call.status = Number(call.input.PartialFailureStatus ?? defaultPartialFailureStatus);
  return { Results };
}

/** Returns the operation with a schema that accepts any items, because each item is validated on its own. */
function withUncheckedItems(operation: OwnOperation): OwnOperation {
  const input: InputSchema = z.strictObject({
    ...operation.input._zod.def.shape,
    Items: z.array(z.unknown()).check(z.minLength(1)),
  });
  return { ...operation, input };
}
