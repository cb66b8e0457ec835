import { readWorkerConfig } from '../worker-config.ts';
import { type BatchCounts, type BatchEvent, processBatch } from './process-batch.ts';
import { type RunSummary, type SummaryEvent, summarizeRun } from './summarize-run.ts';

/** Performs a step of the state machine for lists: a batch of items, or the summary at the end. */
export async function handler(event: BatchEvent | SummaryEvent): Promise<BatchCounts | RunSummary> {
  const config = readWorkerConfig();
  return 'summarize' in event ? summarizeRun(event, config) : processBatch(event, config);
}
