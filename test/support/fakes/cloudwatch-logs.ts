import { checkMembers, checkRequest, countBytes, FakeError, type MemberType, type OperationRules } from './rule.ts';

const hourMs = 60 * 60 * 1_000;
const dayMs = 24 * hourMs;
const api = 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference';

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

interface Stream {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

interface PutRequest extends Stream {
  readonly logEvents: readonly LogEvent[];
}

interface FilterRequest {
  readonly logGroupName: string;
  readonly logStreamNames?: readonly string[];
  readonly logStreamNamePrefix?: string;
  readonly filterPattern?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly limit?: number;
  readonly nextToken?: string;
}

const eventMembers: Readonly<Record<string, MemberType>> = { timestamp: 'integer', message: 'string' };
const times = ({ logEvents }: PutRequest) => logEvents.map(({ timestamp }) => timestamp);

/** CloudWatch Logs, with the operations that the audit forwarder and `npm run verify` call. */
export class FakeCloudWatchLogs {
  readonly #streams = new Map<string, Map<string, LogEvent[]>>();

  addGroup(logGroupName: string, streams: readonly string[] = []): void {
    this.#streams.set(logGroupName, new Map(streams.map((name) => [name, []])));
  }

  /** Returns the events in a log group, in the order in which they arrived. */
  listEvents(logGroupName: string): LogEvent[] {
    return [...(this.#streams.get(logGroupName)?.values() ?? [])].flat();
  }

  readonly rules = {
    CreateLogStream: {
      source: `${api}/API_CreateLogStream.html`,
      members: { logGroupName: 'string', logStreamName: 'string' },
      rules: [
        ...this.#nameRules(),
        {
          title: 'the log stream does not exist yet',
          error: 'ResourceAlreadyExistsException',
          isMet: ({ logGroupName, logStreamName }) => !this.#streams.get(logGroupName)?.has(logStreamName),
        },
      ],
    } satisfies OperationRules<Stream>,
    PutLogEvents: {
      source: `${api}/API_PutLogEvents.html`,
      members: { logGroupName: 'string', logStreamName: 'string', logEvents: 'list', sequenceToken: 'string?' },
      rules: [
        ...this.#nameRules(),
        {
          title: 'the log stream exists',
          error: 'ResourceNotFoundException',
          isMet: ({ logGroupName, logStreamName }) => this.#streams.get(logGroupName)?.has(logStreamName) === true,
        },
        {
          title: 'a batch has 1 to 10,000 events',
          error: 'InvalidParameterException',
          isMet: ({ logEvents }) => logEvents.length >= 1 && logEvents.length <= 10_000,
        },
        {
          title: 'every event has a time since 1970 and a message of at least one character',
          error: 'InvalidParameterException',
          isMet: ({ logEvents }) => logEvents.every(({ timestamp, message }) => timestamp >= 0 && message !== ''),
        },
        {
          // AWS accepts 1 MB since 2025, and older pages state 256 KB.
          title: 'an event has at most 256 KB',
          error: 'InvalidParameterException',
          isMet: ({ logEvents }) => logEvents.every(({ message }) => countBytes(message) + 26 <= 256 * 1_024),
        },
        {
          title: 'a batch has at most 1,048,576 bytes, with 26 bytes for each event',
          error: 'InvalidParameterException',
          isMet: ({ logEvents }) =>
            logEvents.reduce((sum, { message }) => sum + countBytes(message) + 26, 0) <= 1_048_576,
        },
        {
          title: 'the events are in chronological order',
          error: 'InvalidParameterException',
          isMet: (request) => times(request).every((time, index, all) => index === 0 || time >= (all[index - 1] ?? 0)),
        },
        {
          title: 'a batch spans at most 24 hours',
          error: 'InvalidParameterException',
          isMet: (request) => (times(request).at(-1) ?? 0) - (times(request)[0] ?? 0) <= dayMs,
        },
      ],
    } satisfies OperationRules<PutRequest>,
    FilterLogEvents: {
      source: `${api}/API_FilterLogEvents.html`,
      members: {
        logGroupName: 'string',
        logStreamNames: 'list?',
        logStreamNamePrefix: 'string?',
        filterPattern: 'string?',
        startTime: 'integer?',
        endTime: 'integer?',
        limit: 'integer?',
        nextToken: 'string?',
      },
      rules: [
        this.#groupRule(),
        {
          title: 'logStreamNames has 1 to 100 names',
          error: 'InvalidParameterException',
          isMet: ({ logStreamNames }) =>
            logStreamNames === undefined || (logStreamNames.length >= 1 && logStreamNames.length <= 100),
        },
        {
          title: 'the log streams exist',
          error: 'ResourceNotFoundException',
          isMet: ({ logGroupName, logStreamNames = [] }) =>
            logStreamNames.every((name) => this.#streams.get(logGroupName)?.has(name)),
        },
        {
          title: 'a request has either logStreamNames or logStreamNamePrefix',
          error: 'InvalidParameterException',
          isMet: ({ logStreamNames, logStreamNamePrefix }) =>
            logStreamNames === undefined || logStreamNamePrefix === undefined,
        },
        {
          title: 'filterPattern has at most 1,024 characters',
          error: 'InvalidParameterException',
          isMet: ({ filterPattern = '' }) => filterPattern.length <= 1_024,
        },
        {
          title: 'startTime and endTime are not before 1970',
          error: 'InvalidParameterException',
          isMet: ({ startTime = 0, endTime = 0 }) => startTime >= 0 && endTime >= 0,
        },
        {
          title: 'limit is 1 to 10,000',
          error: 'InvalidParameterException',
          isMet: ({ limit = 1 }) => limit >= 1 && limit <= 10_000,
        },
      ],
    } satisfies OperationRules<FilterRequest>,
  };

  /** Handles a request. Throws `FakeError` if AWS rejects it. */
  handle(operation: string, request: object): object {
    if (operation === 'CreateLogStream') return this.#createStream(request as Stream);
    if (operation === 'PutLogEvents') return this.#putEvents(request as PutRequest);
    if (operation !== 'FilterLogEvents') throw new FakeError('UnknownOperationException', operation);
    checkRequest(request as FilterRequest, this.rules.FilterLogEvents);
    return { events: [], searchedLogStreams: [] };
  }

  #createStream(request: Stream): object {
    checkRequest(request, this.rules.CreateLogStream);
    this.#streams.get(request.logGroupName)?.set(request.logStreamName, []);
    return {};
  }

  #putEvents(request: PutRequest): object {
    if (Array.isArray(request.logEvents)) for (const event of request.logEvents) checkMembers(event, eventMembers);
    checkRequest(request, this.rules.PutLogEvents);
    const { logGroupName, logStreamName, logEvents } = request;
    const nowMs = Date.now();
    const isAccepted = ({ timestamp }: LogEvent) => timestamp <= nowMs + 2 * hourMs && timestamp >= nowMs - 14 * dayMs;
    this.#streams
      .get(logGroupName)
      ?.get(logStreamName)
      ?.push(...logEvents.filter(isAccepted));
    const tooNew = logEvents.findIndex(({ timestamp }) => timestamp > nowMs + 2 * hourMs);
    const tooOld = logEvents.findLastIndex(({ timestamp }) => timestamp < nowMs - 14 * dayMs);
    if (tooNew === -1 && tooOld === -1) return {};
    return {
      rejectedLogEventsInfo: {
        ...(tooNew === -1 ? {} : { tooNewLogEventStartIndex: tooNew }),
        ...(tooOld === -1 ? {} : { tooOldLogEventEndIndex: tooOld + 1 }),
      },
    };
  }

  #groupRule() {
    return {
      title: 'the log group exists',
      error: 'ResourceNotFoundException',
      isMet: ({ logGroupName }: { readonly logGroupName: string }) => this.#streams.has(logGroupName),
    };
  }

  #nameRules() {
    return [
      {
        title: 'logGroupName has 1 to 512 letters, digits and the characters . - _ / #',
        error: 'InvalidParameterException',
        isMet: ({ logGroupName }: Stream) => /^[.\-_/#A-Za-z0-9]{1,512}$/.test(logGroupName),
      },
      {
        title: 'logStreamName has 1 to 512 characters without colons and asterisks',
        error: 'InvalidParameterException',
        isMet: ({ logStreamName }: Stream) => /^[^:*]{1,512}$/.test(logStreamName),
      },
      this.#groupRule(),
    ];
  }
}
