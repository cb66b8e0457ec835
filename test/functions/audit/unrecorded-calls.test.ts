import { describe, expect, test } from 'vitest';
import { findUnrecorded, rememberArchived } from '../../../functions/audit/forward/find-unrecorded.ts';
import { callRecord } from '../../../shared/observability/call-record.ts';
import { captureLog } from '../../support/captured-log.ts';
import { deliveredMs, delivery, record, report, streamOf, useForwarder } from '../../support/forwarder.ts';

const used = useForwarder();

/** Starts a test that can run more than once, because the forwarder remembers request ids. */
function newRequestId(): string {
  used.received.length = 0;
  return crypto.randomUUID();
}

describe("Lambda's report of a failed invocation", () => {
  test.each(['timeout', 'error', 'failure'])(
    "Lambda's report of a failed invocation becomes a record with an unknown outcome: %s",
    async (status) => {
      const id = newRequestId();
      await used.handler(delivery([report(status, id)], { logStream: streamOf('GenerateDataKeyPair') }));
      expect(used.listArchived()).toEqual([
        {
          schema: 'kms-functions.call/2',
          operation: 'GenerateDataKeyPair',
          trigger: 'unknown',
          caller: { kind: 'unknown', isVerified: false },
          keys: [],
          usedKeys: [],
          contextKeys: [],
          outcome: 'unknown',
          status: 500,
          latencyMs: 10_000,
          requestId: id,
        },
      ]);
      expect(callRecord.safeParse(used.listArchived()[0]).success).toBe(true);
    },
  );

  test("Lambda's report does not become a record if the invocation succeeded", async () => {
    const id = newRequestId();
    await used.handler(delivery([report('success', id)]));
    expect(used.received).toEqual([]);
  });

  test("Lambda's report does not become a record if the call's record is in the same delivery", async () => {
    const id = newRequestId();
    await used.handler(delivery([{ ...record, requestId: id }, report('error', id)]));
    expect(used.listArchived()).toHaveLength(1);
  });

  test("Lambda's report of a batch becomes a record although the batch has records of items", async () => {
    const id = newRequestId();
    const item = { ...record, message: 'item', requestId: id, batchId: id, item: 0 };
    await used.handler(delivery([item]));
    await used.handler(delivery([{ ...item, item: 1 }, report('timeout', id)]));
    expect(used.listArchived()).toMatchObject([
      { batchId: id, item: 0, outcome: 'OK' },
      expect.anything(),
      expect.anything(),
    ]);
    expect(used.listArchived().filter(({ outcome }) => outcome === 'unknown')).toMatchObject([
      { operation: 'Encrypt', requestId: id },
    ]);
  });

  test("Lambda's report does not become a record if the call's record was in an earlier delivery", async () => {
    const id = newRequestId();
    await used.handler(delivery([{ ...record, requestId: id }]));
    await used.handler(delivery([report('error', id)]));
    expect(used.listArchived()).toHaveLength(1);
    expect(used.sent('Logs_20140328.FilterLogEvents')).toEqual([]);
  });

  test("Lambda's report does not become a record if the call's record is in the function's log stream", async () => {
    const id = newRequestId();
    used.responses = { 'Logs_20140328.FilterLogEvents': { events: [{ message: '{}' }] } };
    await used.handler(delivery([report('error', id)]));
    expect(used.listArchived()).toEqual([]);
    expect(used.sent('Logs_20140328.FilterLogEvents')).toMatchObject([
      {
        logGroupName: '/kms-functions/dev',
        logStreamNames: [streamOf('Encrypt')],
        // The record cannot be older than the longest invocation, which is 15 minutes.
        startTime: deliveredMs - 15 * 60 * 1_000,
        filterPattern: `{ ($.message = "call") && ($.requestId = "${id}") }`,
      },
    ]);
  });

  test.each([
    ['the second page', [{ events: [], nextToken: 'page-2' }, { events: [{ message: '{}' }] }], 0],
    ['no page', [{ nextToken: 'page-2' }, { events: [] }], 1],
  ])("Lambda's report becomes a record only if no page of the log has one: %s", async (_, pages, archived) => {
    const id = newRequestId();
    used.responses = { 'Logs_20140328.FilterLogEvents': [...pages] };
    await used.handler(delivery([report('error', id)]));
    expect(used.listArchived()).toHaveLength(archived);
    expect(used.sent('Logs_20140328.FilterLogEvents').map(({ nextToken }) => nextToken)).toEqual([undefined, 'page-2']);
  });

  test("Lambda's report becomes only one record if a delivery contains it twice, in the order of the times", async () => {
    const id = newRequestId();
    const twice = report('error', id);
    await used.handler(delivery([{ ...record, requestId: 'newer' }, twice, twice]));
    expect(used.listArchived().map((archived) => archived.requestId)).toEqual([id, 'newer']);
  });

  test("Lambda's report is compared with the log only if its record was not among the last 10,000", async () => {
    const id = newRequestId();
    const repeated = { requestId: id, durationMs: 1, timestampMs: deliveredMs, operation: 'Encrypt' };
    const archive = (...ids: readonly string[]) =>
      rememberArchived(ids.map((id) => ({ timestampMs: deliveredMs, record: { ...record, requestId: id } })));
    const countRequests = async () => {
      await findUnrecorded([{ ...repeated, logStream: streamOf('Encrypt') }], [], '/kms-functions/dev');
      return used.sent('Logs_20140328.FilterLogEvents').length;
    };
    archive(repeated.requestId, ...Array.from({ length: 9_999 }, (_, index) => `${id}-${index}`));
    expect(await countRequests()).toBe(0);
    archive(`${id}-more`);
    expect(await countRequests()).toBe(1);
  });

  test("Lambda's report becomes only one record if it is delivered twice", async () => {
    const id = newRequestId();
    await used.handler(delivery([report('timeout', id)]));
    await used.handler(delivery([report('timeout', id)]));
    expect(used.listArchived()).toHaveLength(1);
  });

  test("Lambda's report of the forwarder's own invocation is ignored", async () => {
    const id = newRequestId();
    const logStream = streamOf('ForwardAudit').replace('forwardAudit', 'forward-audit');
    await captureLog(() => used.handler(delivery([report('timeout', id)], { logStream })));
    expect(used.received).toEqual([]);
  });
});
