import { KMSClient } from '@aws-sdk/client-kms';
import { computed } from '@preact/signals';
import { secretAccessKey, session } from './session.ts';

/** Marks requests that only fill the console's pages. The emulator does not record them, unless they fail. */
const readHeader = 'x-kms-console';

const clients = computed(() => {
  const { accessKeyId, region } = session.value;
  const options = {
    region,
    endpoint: location.origin,
    credentials: { accessKeyId, secretAccessKey: secretAccessKey.value },
    maxAttempts: 1,
  };
  const actions = new KMSClient(options);
  const reads = new KMSClient(options);
  reads.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers[readHeader] = 'read';
      return next(args);
    },
    { step: 'build', name: 'markRead' },
  );
  return { actions, reads };
});

/** Returns the client for requests that the user makes. The request log shows them. */
export const kms = (): KMSClient => clients.value.actions;

/** Returns the client for requests that the console makes to fill its pages. */
export const kmsReads = (): KMSClient => clients.value.reads;
