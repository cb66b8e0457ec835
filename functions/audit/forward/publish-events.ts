import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import type { LifecycleEvent } from './lifecycle.ts';
import { splitIntoBatches } from './split-into-batches.ts';

/** The limits of PutEvents (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html). */
const batchLimits = { items: 10, bytes: 256 * 1024, overheadBytes: 128 };

const source = 'kms-functions';
let client: EventBridgeClient | undefined;

/** Publishes lifecycle events to an event bus. */
export async function publishEvents(events: readonly LifecycleEvent[], eventBusName: string): Promise<void> {
  const entries = events.map(({ type, timestampMs, record }) => ({
    EventBusName: eventBusName,
    Source: source,
    DetailType: type,
    Time: new Date(timestampMs),
    Resources: record.usedKeys,
    Detail: JSON.stringify(record),
  }));
  for (const Entries of splitIntoBatches(entries, batchLimits, ({ Detail }) => Detail)) {
    client ??= new EventBridgeClient({ credentials: fromEnv() });
    const { FailedEntryCount = 0 } = await client.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount > 0) throw new Error(`EventBridge rejected ${FailedEntryCount} of ${Entries.length} events.`);
  }
}
