import type { ChainMiddleware } from '../../../shared/call/chain.ts';
import { isObject } from '../../../shared/declaration/json-object.ts';
import type { Batch } from '../../../shared/declaration/operation.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { countItemResult, maxResponseBytes } from '../response-size.ts';

/**
 * Rejects a batch whose response could exceed the size limit of Lambda. Otherwise, KMS would process the items, but the
 * caller would not receive the results.
 */
export function rejectTooLarge(batch: Batch): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      const { Items } = call.json;
      if (!Array.isArray(Items)) return;
      if (Items.length > batch.maxItems)
        throw tooLarge(
          `/Items must contain at most ${format(batch.maxItems)} items. This request contains ${format(Items.length)}.`,
        );
      let bytes = 0;
      for (const item of Items) bytes += countItemResult(batch, call.json, isObject(item) ? item : {});
      if (bytes > maxResponseBytes) throw tooLarge(describeResponse(bytes, Items));
    },
  };
}

function describeResponse(bytes: number, { length }: readonly unknown[]): string {
  const fitting = Math.floor((length * maxResponseBytes) / bytes);
  return `The response could contain ${format(bytes)} bytes, but at most ${format(maxResponseBytes)} are possible. Send about ${format(fitting)} items of this size per request.`;
}

function tooLarge(detail: string): KmsFunctionsError {
  return new KmsFunctionsError('PayloadTooLargeError', detail);
}

function format(count: number): string {
  return count.toLocaleString('en-US');
}
