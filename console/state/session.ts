import { computed, signal } from '@preact/signals';

/** The caller and the Region of the console's KMS requests. */
export interface Session {
  readonly accessKeyId: string;
  readonly region: string;
}

const storageKey = 'kms-console';
const initial: Session = { accessKeyId: '000000000000', region: 'us-east-1' };

export const session = signal<Session>(readStored());

/**
 * The secret access key. Only an emulator with `--verify-signatures` checks it. The console keeps it in memory and never
 * stores it.
 */
export const secretAccessKey = signal('local');

/** An access key id with 12 digits is also the account id. */
export const account = computed(() => {
  const { accessKeyId } = session.value;
  return /^\d{12}$/.test(accessKeyId) ? accessKeyId : '000000000000';
});

export function switchSession(next: Session, secret: string): void {
  secretAccessKey.value = secret === '' ? 'local' : secret;
  session.value = next;
  sessionStorage.setItem(storageKey, JSON.stringify(next));
}

export function selectRegion(region: string): void {
  if (region !== session.value.region) switchSession({ ...session.value, region }, secretAccessKey.value);
}

function readStored(): Session {
  try {
    const stored = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Partial<Session>;
    return { ...initial, ...stored };
  } catch {
    return initial;
  }
}
