import { sendAwsRequest } from '../../../shared/aws/send-aws-request.ts';
import { encodeBase64 } from '../../../shared/declaration/base64.ts';
import { type BulkItem, toBatchItem } from '../bulk-item.ts';
import type { ItemResult } from '../send-items.ts';
import { readAwsSettings } from '../worker-config.ts';
import { buildInvokeUrl } from './aws-urls.ts';

/** Longer than the timeout of ReEncryptBatch's function. A connection that hangs must not use up the time of the batch. */
const invokeLimitMs = 60_000;

/** The keys of a run. */
export interface RunKeys {
  readonly from: string;
  readonly key: string;
}

interface BatchResponse {
  readonly Results: readonly {
    readonly CiphertextBlob?: string;
    readonly Error?: { readonly code: string; readonly detail: string; readonly retryable: boolean };
  }[];
}

/** Thrown if ReEncryptBatch rejects a whole batch. Its message is the error that a direct invoker receives. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
}

/**
 * Re-encrypts items by invoking ReEncryptBatch. That function authorizes and records every item, and this function has no
 * permission to use keys.
 */
export async function reEncryptBatch(
  functionName: string,
  { from, key }: RunKeys,
  items: readonly BulkItem[],
  signal?: AbortSignal,
): Promise<readonly ItemResult[]> {
  const Items = items.map((item) => {
    const { CiphertextBlob, ...contexts } = toBatchItem(item);
    return { CiphertextBlob: encodeBase64(CiphertextBlob), ...contexts };
  });
  const response = await sendAwsRequest({
    service: 'lambda',
    region: readAwsSettings().region,
    method: 'POST',
    url: buildInvokeUrl(functionName),
    body: JSON.stringify({ SourceKeyId: from, DestinationKeyId: key, Items }),
    limitMs: invokeLimitMs,
    signal,
  });
  const payload = (await response.json()) as BatchResponse & { errorType?: string; errorMessage?: string };
  if (response.headers.has('x-amz-function-error'))
    throw new BatchError(`${payload.errorType}: ${payload.errorMessage}`);
  return payload.Results.map(({ CiphertextBlob = '', Error: error }) =>
    error === undefined ? { ciphertext: Buffer.from(CiphertextBlob, 'base64') } : { error },
  );
}
