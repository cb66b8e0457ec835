import { useEffect } from 'preact/hooks';
import { EmptyState } from './components/empty-state.tsx';
import { PageTitle } from './components/page-title.tsx';
import { EmulatorPage } from './emulator/emulator-page.tsx';
import { KeyPage } from './key/key-page.tsx';
import { KeyListPage } from './keys/key-list-page.tsx';
import { RequestsPage } from './requests/requests-page.tsx';
import { CallerButton } from './session/caller-button.tsx';
import { announcement } from './state/announcement.ts';
import { isShifted, nowMs, shiftMs, syncClock } from './state/clock.ts';
import { followLog } from './state/request-log.ts';
import { linkTo, route } from './state/route.ts';
import { formatShift, formatTime } from './text/format-time.ts';

const pages = { keys: 'Keys', requests: 'Requests', emulator: 'Emulator' } as const;

export function App() {
  useEffect(() => {
    followLog();
    syncClock().catch(() => {});
  }, []);
  return (
    <>
      <button type="button" class="skip" onClick={focusMain}>
        Skip to content
      </button>
      <TopBar />
      <main id="main" tabIndex={-1}>
        <Page />
      </main>
      <footer class="page-foot">
        <a href="/_kms/console/licenses.txt">Licenses</a>
      </footer>
      <div class="toast" role="status" aria-live="polite">
        {announcement.value !== '' && <p>{announcement.value}</p>}
      </div>
    </>
  );
}

/** Moves the focus without a change of the address, which contains the route. */
function focusMain(): void {
  document.getElementById('main')?.focus();
}

function TopBar() {
  const [current = 'keys'] = route.value;
  return (
    <header class="top">
      <a class="brand" href={linkTo('keys')}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <circle cx="10.5" cy="21.5" r="6.5" />
          <path d="M15.500 16.500 27 5M21.500 10.500l4.500 4.500" />
        </svg>
        KMS emulator
      </a>
      <nav aria-label="Main">
        {Object.entries(pages).map(([name, title]) => (
          <a key={name} href={linkTo(name)} aria-current={name === current ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <ClockLink />
      <CallerButton />
    </header>
  );
}

function ClockLink() {
  const text = formatTime(new Date(nowMs.value));
  return (
    <a class="clock-link" href={linkTo('emulator')} title="The emulator's time">
      {text}
      {isShifted.value && <span class="badge accent">{formatShift(shiftMs.value)}</span>}
    </a>
  );
}

function Page() {
  const [page = 'keys', id, tabName = 'overview'] = route.value;
  if (page === 'keys' && id !== undefined) return <KeyPage key={id} keyId={id} tabName={tabName} />;
  if (page === 'keys') return <KeyListPage key="keys" />;
  if (page === 'requests') return <RequestsPage key="requests" />;
  if (page === 'emulator') return <EmulatorPage key="emulator" />;
  return (
    <>
      <PageTitle title="Page not found" />
      <EmptyState title="This address has no page">
        <p>
          <a href={linkTo('keys')}>Open the list of keys</a>
        </p>
      </EmptyState>
    </>
  );
}
