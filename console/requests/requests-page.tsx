import { useState } from 'preact/hooks';
import type { RequestRecord } from '../../emulator/http/requests/request-record.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { PageTitle } from '../components/page-title.tsx';
import { Select } from '../components/select.tsx';
import { clearedAt, isConnected, lastSequence, pausedAt, records, visibleRecords } from '../state/request-log.ts';
import { RequestEntry } from './request-entry.tsx';

const outcomes = { all: 'All outcomes', failed: 'Errors and denials', denied: 'Denials' } as const;

type OutcomeFilter = keyof typeof outcomes;

export function RequestsPage() {
  const [filter, setFilter] = useState('');
  const [outcome, setOutcome] = useState<OutcomeFilter>('all');
  const shown = visibleRecords.value.filter((record) => matches(record, filter, outcome)).toReversed();
  return (
    <>
      <div class="page-head">
        <PageTitle title="Requests" />
        <LogControls />
      </div>
      <div class="toolbar">
        <input
          type="search"
          aria-label="Filter requests"
          placeholder="Filter by operation, key, principal or error"
          value={filter}
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
        <Select label="Outcome" value={outcome} options={outcomes} onChange={setOutcome} />
      </div>
      {shown.length === 0 ? <NoRequests /> : <RequestList shown={shown} />}
    </>
  );
}

function matches(record: RequestRecord, filter: string, outcome: OutcomeFilter): boolean {
  if (outcome === 'failed' && record.outcome === 'ok') return false;
  if (outcome === 'denied' && record.outcome !== 'denied') return false;
  const { operation, keyId, keyArn, principal, accessKeyId, code, requestId, region } = record;
  const text = [operation, keyId, keyArn, principal, accessKeyId, code, requestId, region].join('\n').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function LogControls() {
  const isPaused = pausedAt.value !== undefined;
  const newCount = isPaused ? records.value.filter(({ sequence }) => sequence > (pausedAt.value ?? 0)).length : 0;
  const status = isPaused ? `Paused · ${newCount} new` : isConnected.value ? 'Live' : 'Connecting…';
  return (
    <div class="actions">
      <span class={`live ${isPaused || !isConnected.value ? 'off' : ''}`} role="status">
        {status}
      </span>
      <button
        type="button"
        onClick={() => {
          pausedAt.value = isPaused ? undefined : lastSequence();
        }}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </button>
      <button
        type="button"
        onClick={() => {
          clearedAt.value = lastSequence();
        }}
      >
        Clear
      </button>
    </div>
  );
}

function NoRequests() {
  if (visibleRecords.value.length > 0) {
    return (
      <EmptyState title="No request matches">
        <p>Change the filter to see other requests.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No requests yet">
      <p>
        Point an AWS SDK or the AWS CLI at <code>{location.origin}</code>. Its requests appear here. Requests that the
        console sends only to fill its pages do not.
      </p>
    </EmptyState>
  );
}

function RequestList({ shown }: { readonly shown: readonly RequestRecord[] }) {
  return (
    <div class="log">
      <div class="log-head" aria-hidden="true">
        <span>Time</span>
        <span>Operation</span>
        <span>Key</span>
        <span>Principal</span>
        <span>Outcome</span>
        <span class="number">ms</span>
      </div>
      <ul>
        {shown.map((record) => (
          <RequestEntry key={record.requestId} record={record} />
        ))}
      </ul>
    </div>
  );
}
