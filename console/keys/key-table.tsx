import { KeyStateBadge } from '../components/key-state-badge.tsx';
import { TimeText } from '../components/time-text.tsx';
import { linkTo } from '../state/route.ts';
import { formatUsage } from './format-usage.ts';
import type { KeyEntry } from './list-all-keys.ts';
import type { KeyDetails } from './use-key-details.ts';

interface Props {
  readonly keys: readonly KeyEntry[];
  readonly details: ReadonlyMap<string, KeyDetails>;
}

export function KeyTable({ keys, details }: Props) {
  return (
    <div class="table-frame">
      <table class="keys">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col" class="wide-only">
              Description
            </th>
            <th scope="col" class="wide-only">
              Spec
            </th>
            <th scope="col" class="wide-only">
              Usage
            </th>
            <th scope="col">State</th>
            <th scope="col" class="wide-only">
              Last use
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow key={key.keyId} entry={key} details={details.get(key.keyId) ?? {}} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function KeyRow({ entry, details }: { readonly entry: KeyEntry; readonly details: KeyDetails }) {
  const { keyId, aliases } = entry;
  const { metadata, errorCode } = details;
  const [alias, ...others] = aliases;
  return (
    <tr>
      <th scope="row">
        <a href={linkTo('keys', keyId)} class="key-link">
          {alias ?? <code>{keyId}</code>}
        </a>
        {others.length > 0 && (
          <span class="muted" title={others.join(', ')}>
            {' '}
            +{others.length}
          </span>
        )}
        {metadata?.MultiRegion && <span class="muted"> · multi-Region</span>}
        {alias !== undefined && <code class="sub wide-only">{keyId}</code>}
        {metadata !== undefined && (
          <span class="sub narrow-only">
            {metadata.Description ? `${metadata.Description} · ` : ''}
            {metadata.KeySpec} · <LastUse details={details} />
          </span>
        )}
      </th>
      <td class="wide-only description">{errorCode ?? metadata?.Description}</td>
      <td class="wide-only">{metadata !== undefined && <code>{metadata.KeySpec}</code>}</td>
      <td class="wide-only">{formatUsage(metadata?.KeyUsage)}</td>
      <td>{metadata?.KeyState !== undefined && <KeyStateBadge state={metadata.KeyState} />}</td>
      <td class="wide-only last-use">
        <LastUse details={details} />
      </td>
    </tr>
  );
}

function LastUse({ details: { metadata, lastUsage } }: { readonly details: KeyDetails }) {
  if (metadata === undefined) return null;
  if (lastUsage?.Timestamp === undefined) return <span class="muted">never used</span>;
  return (
    <>
      {lastUsage.Operation} <TimeText time={lastUsage.Timestamp} isRelative />
    </>
  );
}
