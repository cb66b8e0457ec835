import { useState } from 'preact/hooks';
import { EmptyState } from '../components/empty-state.tsx';
import { Loading } from '../components/loading.tsx';
import { PageTitle } from '../components/page-title.tsx';
import { kmsReads } from '../state/kms.ts';
import { linkTo } from '../state/route.ts';
import { session } from '../state/session.ts';
import { useLoad } from '../state/use-load.ts';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { filterKeys } from './filter-keys.ts';
import { KeyTable } from './key-table.tsx';
import { type KeyEntry, listAllKeys } from './list-all-keys.ts';
import { ShowMore } from './show-more.tsx';
import { useKeyDetails } from './use-key-details.ts';

export function KeyListPage() {
  const keys = useLoad(() => listAllKeys(kmsReads()), []);
  const [isCreating, setCreating] = useState(false);
  return (
    <>
      <div class="page-head">
        <PageTitle title="Keys" />
        <button type="button" class="primary" onClick={() => setCreating(true)}>
          Create key
        </button>
      </div>
      <Loading loaded={keys}>{(entries) => (entries.length === 0 ? <NoKeys /> : <KeyList keys={entries} />)}</Loading>
      {isCreating && <CreateKeyDialog onClose={() => setCreating(false)} />}
    </>
  );
}

function NoKeys() {
  const { accessKeyId, region } = session.value;
  return (
    <EmptyState title="No keys yet">
      <p>
        {accessKeyId} has no keys in {region}. Create one here, start the emulator with a seed (
        <code>--seed seed.yaml</code>), or switch the Region or account.
      </p>
      <p>
        <a href={linkTo('emulator')}>Reset the emulator to its seed</a>
      </p>
    </EmptyState>
  );
}

const pageSize = 50;

function KeyList({ keys }: { readonly keys: readonly KeyEntry[] }) {
  const [filter, setFilter] = useState('');
  const [shownCount, setShownCount] = useState(pageSize);
  const isFiltered = filter.trim() !== '';
  // A filter searches the details of all keys.
  const details = useKeyDetails((isFiltered ? keys : keys.slice(0, shownCount)).map(({ keyId }) => keyId));
  const matching = filterKeys(keys, details, filter);
  const shown = matching.slice(0, shownCount);
  const change = (text: string) => {
    setFilter(text);
    setShownCount(pageSize);
  };
  return (
    <>
      <div class="toolbar">
        <input
          type="search"
          aria-label="Filter keys"
          placeholder="Filter by alias, id, description, spec or state"
          value={filter}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
        <p class="count" role="status">
          {isFiltered ? `${matching.length} of ${countKeys(keys.length)}` : countKeys(keys.length)}
          {isFiltered && details.size < keys.length && ` · searched ${details.size}`}
        </p>
      </div>
      {matching.length === 0 ? (
        <EmptyState title="No key matches">
          <p>
            <button type="button" onClick={() => change('')}>
              Clear the filter
            </button>
          </p>
        </EmptyState>
      ) : (
        <KeyTable keys={shown} details={details} />
      )}
      {shown.length < matching.length && (
        <ShowMore remaining={matching.length - shown.length} onShow={() => setShownCount(shownCount + pageSize)} />
      )}
    </>
  );
}

function countKeys(count: number): string {
  return count === 1 ? '1 key' : `${count.toLocaleString('en')} keys`;
}
