import * as z from 'zod/mini';
import type { CallRecord } from '../../../shared/observability/call-record.ts';

/**
 * Lambda's report of an invocation that did not succeed, as in the JSON log format
 * (https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report).
 */
const failedReport = z.object({
  type: z.literal('platform.report'),
  record: z.object({
    requestId: z.string().check(z.regex(/^[0-9a-f-]{36}$/)),
    status: z.enum(['error', 'failure', 'timeout']),
    metrics: z.optional(z.object({ durationMs: z.optional(z.number()) })),
  }),
});

export interface PlatformReport {
  readonly requestId: string;
  readonly durationMs: number;
  readonly timestampMs: number;
  readonly operation: string;
  readonly logStream: string;
}

export function readPlatformReport(line: object): Pick<PlatformReport, 'requestId' | 'durationMs'> | undefined {
  const { success, data } = failedReport.safeParse(line);
  return success ? { requestId: data.record.requestId, durationMs: data.record.metrics?.durationMs ?? 0 } : undefined;
}

/**
 * Derives the record of a call whose function Lambda stopped before it wrote the record itself. KMS may have executed
 * the call.
 */
export function deriveRecord({ operation, requestId, durationMs }: PlatformReport): CallRecord {
  return {
    schema: 'kms-functions.call/2',
    operation,
    trigger: 'unknown',
    caller: { kind: 'unknown', isVerified: false },
    keys: [],
    usedKeys: [],
    contextKeys: [],
    outcome: 'unknown',
    status: 500,
    latencyMs: Math.round(durationMs),
    requestId,
  };
}
