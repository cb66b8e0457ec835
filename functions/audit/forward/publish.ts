import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { chunksOf } from './chunks-of.ts';
import type { LifecycleEvent } from './lifecycle.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const batchLimits = { items: 10, bytes: 256 * 1024, overheadBytes: 128 };

const source = 'kms-functions';
let client: EventBridgeClient | undefined;

/** Sends events to the bus that the deployment names (`EVENT_BUS`), if it names one. */
export async function publish(events: readonly LifecycleEvent[]): Promise<void> {
  const EventBusName = process.env.EVENT_BUS || undefined;
  if (EventBusName === undefined || events.length === 0) return;
  client ??= new EventBridgeClient({ credentials: fromEnv() });
  const entries = events.map(({ type, timestampMs, record }) => ({
    EventBusName,
    Source: source,
    DetailType: type,
    Time: new Date(timestampMs),
    Resources: record.usedKeys,
    Detail: JSON.stringify(record),
  }));
  for (const Entries of chunksOf(entries, batchLimits, ({ Detail }) => Detail)) {
    const { FailedEntryCount = 0 } = await client.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount > 0)
      throw new Error(`EventBridge failed to take ${FailedEntryCount} of ${Entries.length} events`);
  }
}
