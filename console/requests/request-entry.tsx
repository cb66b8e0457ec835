import type { RequestRecord } from '../../emulator/http/requests/request-record.ts';
import { Badge, type Tone } from '../components/badge.tsx';
import { CodeLine } from '../components/code-line.tsx';
import { Facts } from '../components/facts.tsx';
import { linkTo } from '../state/route.ts';
import { ExplanationView } from './explanation-view.tsx';

const tones = { ok: 'good', denied: 'bad', error: 'warning' } as const satisfies Record<string, Tone>;

/** One line of the request log. It opens to show the details. */
export function RequestEntry({ record }: { readonly record: RequestRecord }) {
  const { time, operation, keyId, principal, accessKeyId, outcome, code, durationMs } = record;
  return (
    <li>
      <details>
        <summary>
          <time dateTime={time}>{formatClock(time)}</time>
          <span class="operation">{operation}</span>
          <span class="key">{shortenKey(keyId)}</span>
          <span class="principal">{principal === undefined ? accessKeyId : shortenArn(principal)}</span>
          <span class="outcome">
            <Badge tone={tones[outcome]} text={outcome === 'error' ? (code ?? 'error') : outcome} />
          </span>
          <span class="number">{durationMs.toFixed(1)}</span>
        </summary>
        <RequestDetails record={record} />
      </details>
    </li>
  );
}

function RequestDetails({ record }: { readonly record: RequestRecord }) {
  const { code, message, explanation, keyArn, keyId, principal, accessKeyId, region, requestId } = record;
  return (
    <div class="details">
      {code !== undefined && (
        <p class="failure">
          <strong>{code}</strong> {message}
        </p>
      )}
      {explanation !== undefined && <ExplanationView explanation={explanation} />}
      <Facts
        facts={{
          Key: keyArn === undefined ? keyId && <code>{keyId}</code> : <KeyLink arn={keyArn} />,
          Principal: principal && <code>{principal}</code>,
          'Access key id': accessKeyId && <code>{accessKeyId}</code>,
          Region: region,
          'Request id': <CodeLine text={requestId} name="request id" />,
        }}
      />
    </div>
  );
}

function KeyLink({ arn }: { readonly arn: string }) {
  const [, , , region = '', , resource = ''] = arn.split(':');
  return (
    <a href={`${linkTo('keys', resource.split('/')[1] ?? '')}?region=${region}`}>
      <code>{arn}</code>
    </a>
  );
}

/** Formats the time of day in the browser's time zone, as a log does. */
function formatClock(time: string): string {
  return new Date(time).toLocaleTimeString('en-GB', { hour12: false });
}

/** Shortens a key ARN to the key id or alias. */
function shortenKey(keyId = '–'): string {
  return keyId.startsWith('arn:')
    ? keyId
        .split(':')
        .slice(5)
        .join(':')
        .replace(/^key\//, '')
    : keyId;
}

function shortenArn(arn: string): string {
  return arn.split(':').slice(5).join(':');
}
