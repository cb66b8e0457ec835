import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeAlarmsRules } from './fakes/cloudwatch.ts';
import { FakeCloudWatchLogs } from './fakes/cloudwatch-logs.ts';
import { readInvocation } from './fakes/lambda.ts';
import { checkRequest, FakeError } from './fakes/rule.ts';
import { type AssumeRoleRequest, assumeRoleRules } from './fakes/sts.ts';

/** The state that the simulated AWS services return. Tests change it to inject faults. */
export interface SimulatedAws {
  readonly url: string;
  readonly accountId: string;
  /** The stack's resources: logical id, type and physical id. */
  resources: readonly (readonly [logicalId: string, type: string, physicalId: string])[];
  outputs: Readonly<Record<string, string>>;
  template: object;
  routeSettings: Readonly<Record<string, object>>;
  alarmStates: Readonly<Record<string, string>>;
  /** The lines of the audit trail. */
  records: object[];
  /** The environment of every function. */
  environment: Readonly<Record<string, string>>;
  /** The session policies of assumed roles, by access key id. */
  readonly sessions: Map<string, string>;
  invoke: (functionName: string, payload: string) => Promise<{ readonly body: unknown; readonly isError: boolean }>;
  close(): Promise<void>;
}

type Reply = {
  readonly status?: number;
  readonly body: string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
};

/**
 * Starts a server with the operations of CloudFormation, STS, Lambda, CloudWatch and API Gateway that `npm run verify`
 * calls, in their wire formats.
 */
export async function startSimulatedAws(): Promise<SimulatedAws> {
  const server = createServer(async (request, response) => {
    const {
      status = 200,
      body,
      type = 'application/json',
      headers = {},
    } = await answer(aws, request, await readBody(request)).catch(toRejection);
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const aws: SimulatedAws = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accountId: '000000000000',
    resources: [],
    outputs: {},
    template: {},
    routeSettings: {},
    alarmStates: {},
    records: [],
    environment: {},
    sessions: new Map(),
    invoke: async () => ({ body: {}, isError: false }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return aws;
}

/** Returns the response to a request that AWS rejects. */
function toRejection(error: unknown): Reply {
  if (!(error instanceof FakeError)) throw error;
  return {
    status: 400,
    body: JSON.stringify({ __type: error.code, message: error.message }),
    headers: { 'x-amzn-errortype': error.code },
  };
}

async function answer(aws: SimulatedAws, { url = '', headers }: IncomingMessage, body: string): Promise<Reply> {
  const target = String(headers['x-amz-target'] ?? '').split('.')[1];
  if (target === 'DescribeAlarms') {
    checkRequest(JSON.parse(body), describeAlarmsRules);
    return json({ MetricAlarms: listAlarms(aws) });
  }
  if (target === 'FilterLogEvents') return json({ events: filterRecords(aws, JSON.parse(body)) });
  const [, name = '', resource] = /^\/2015-03-31\/functions\/([^/]+)\/(configuration|invocations)/.exec(url) ?? [];
  if (resource === 'configuration') return json({ Environment: { Variables: aws.environment } });
  if (resource === 'invocations') {
    readInvocation(url, headers['x-amz-invocation-type']?.toString(), body);
    const { body: result, isError } = await aws.invoke(name, body);
    return { ...json(result), ...(isError ? { headers: { 'x-amz-function-error': 'Unhandled' } } : {}) };
  }
  if (url.startsWith('/v2/apis/')) return json({ routeSettings: toCamelCase(aws.routeSettings) });
  const parameters = new URLSearchParams(body);
  const action = parameters.get('Action') ?? '';
  if (action === 'ListStackResources' && aws.resources.length === 0) return missingStack;
  const result = queryActions[action]?.(aws, parameters);
  if (result === undefined) throw new Error(`the simulated AWS has no operation for ${url} ${body}`);
  return {
    type: 'text/xml',
    body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
  };
}

const missingStack: Reply = {
  status: 400,
  type: 'text/xml',
  body: '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>',
};

const queryActions: Readonly<Record<string, (aws: SimulatedAws, parameters: URLSearchParams) => string>> = {
  GetCallerIdentity: ({ accountId }) =>
    `<Arn>arn:aws:sts::${accountId}:assumed-role/verifier/session</Arn><Account>${accountId}</Account>`,
  AssumeRole: ({ sessions }, parameters) => {
    const { Action: _, Version: __, DurationSeconds, ...rest } = Object.fromEntries(parameters);
    const request = { ...rest, DurationSeconds: Number(DurationSeconds) };
    checkRequest(request as unknown as AssumeRoleRequest, assumeRoleRules);
    const id = `SESSION${sessions.size}`;
    sessions.set(id, parameters.get('Policy') ?? '');
    return `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken></Credentials>`;
  },
  ListStackResources: ({ resources }) =>
    `<StackResourceSummaries>${resources
      .map(
        ([id, type, physicalId]) =>
          `<member><LogicalResourceId>${id}</LogicalResourceId><ResourceType>${type}</ResourceType><PhysicalResourceId>${physicalId}</PhysicalResourceId></member>`,
      )
      .join('')}</StackResourceSummaries>`,
  DescribeStacks: ({ outputs }) =>
    `<Stacks><member><Outputs>${Object.entries(outputs)
      .map(([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`)
      .join('')}</Outputs></member></Stacks>`,
  GetTemplate: ({ template }) => `<TemplateBody>${escapeXml(JSON.stringify(template))}</TemplateBody>`,
};

function listAlarms({ alarmStates }: SimulatedAws): object[] {
  return Object.entries(alarmStates).map(([AlarmName, StateValue]) => ({ AlarmName, StateValue }));
}

function filterRecords({ records, resources }: SimulatedAws, request: { filterPattern: string }): object[] {
  const logs = new FakeCloudWatchLogs();
  for (const [, type, name] of resources) if (type === 'AWS::Logs::LogGroup') logs.addGroup(name);
  logs.handle('FilterLogEvents', request);
  const { filterPattern } = request;
  const text = filterPattern.slice(1, -1);
  const lines = records.map((record) => JSON.stringify(record));
  return lines.filter((line) => line.includes(text)).map((message) => ({ message, timestamp: Date.now() }));
}

/** Converts settings to the names that API Gateway's REST API uses. */
function toCamelCase(settings: Readonly<Record<string, object>>): object {
  const convert = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
  return Object.fromEntries(
    Object.entries(settings).map(([route, values]) => [
      route,
      Object.fromEntries(Object.entries(values).map(([name, value]) => [convert(name), value])),
    ]),
  );
}

function json(body: unknown): Reply {
  return { body: JSON.stringify(body) };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
