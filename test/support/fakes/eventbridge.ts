import { checkMembers, checkRequest, countBytes, FakeError, type MemberType, type OperationRules } from './rule.ts';

interface Entry {
  readonly Time?: number;
  readonly Source?: string;
  readonly Resources?: readonly string[];
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

interface PutEventsRequest {
  readonly Entries: readonly Entry[];
}

const entryMembers: Readonly<Record<string, MemberType>> = {
  Time: 'number?',
  Source: 'string?',
  Resources: 'list?',
  DetailType: 'string?',
  Detail: 'string?',
  EventBusName: 'string?',
  TraceHeader: 'string?',
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-send-events-size */
const countEntryBytes = ({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry) =>
  (Time === undefined ? 0 : 14) +
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + countBytes(text), 0);

/** The rules for one entry. An entry that breaks a rule fails, and the others are accepted. */
export const entryRules: OperationRules<Entry> = {
  source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html',
  members: entryMembers,
  rules: [
    {
      title: 'an entry has Source, DetailType and Detail',
      error: 'InvalidArgument',
      isMet: ({ Source, DetailType, Detail }) => [Source, DetailType, Detail].every((text) => (text ?? '') !== ''),
    },
    { title: 'Detail is a JSON object', error: 'MalformedDetail', isMet: ({ Detail = '' }) => isJsonObject(Detail) },
    {
      title: 'Source does not begin with aws.',
      error: 'NotAuthorizedForSource',
      isMet: ({ Source = '' }) => !/^aws\./i.test(Source),
    },
    {
      title: 'DetailType has at most 128 characters',
      error: 'InvalidArgument',
      isMet: ({ DetailType = '' }) => DetailType.length <= 128,
    },
    {
      title: 'Resources contains ARNs',
      error: 'InvalidArgument',
      isMet: ({ Resources = [] }) => Resources.every((name) => /^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+$/.test(name)),
    },
    {
      title: 'EventBusName is the default bus, or the name or ARN of a bus',
      error: 'InvalidArgument',
      isMet: ({ EventBusName = 'default' }) =>
        /^(arn:aws[\w-]*:events:[a-z]+-[a-z-]+-\d+:\d{12}:event-bus\/)?[/.\-_A-Za-z0-9]{1,256}$/.test(EventBusName),
    },
  ],
};

/** EventBridge's PutEvents. */
export class FakeEventBridge {
  readonly rules: { readonly PutEvents: OperationRules<PutEventsRequest> } = {
    PutEvents: {
      source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html',
      members: { Entries: 'list', EndpointId: 'string?' },
      rules: [
        {
          title: 'a request has 1 to 10 entries',
          error: 'ValidationException',
          isMet: ({ Entries }) => Entries.length >= 1 && Entries.length <= 10,
        },
        {
          // AWS accepts 1 MB since 2025, and older pages state 256 KB.
          title: 'the entries have less than 256 KB in total',
          error: 'ValidationException',
          isMet: ({ Entries }) => Entries.reduce((sum, entry) => sum + countEntryBytes(entry), 0) < 256 * 1_024,
        },
      ],
    },
  };

  /** Handles a request. Throws `FakeError` if AWS rejects the whole request. */
  handle(operation: string, request: object): object {
    if (operation !== 'PutEvents') throw new FakeError('UnknownOperationException', operation);
    const { Entries } = request as PutEventsRequest;
    if (Array.isArray(Entries)) for (const entry of Entries) checkMembers(entry, entryMembers);
    checkRequest(request as PutEventsRequest, this.rules.PutEvents);
    const results = Entries.map((entry) => {
      const broken = entryRules.rules.find(({ isMet }) => !isMet(entry));
      return broken === undefined
        ? { EventId: crypto.randomUUID() }
        : { ErrorCode: broken.error, ErrorMessage: `AWS requires: ${broken.title} (${entryRules.source})` };
    });
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
