import { allOperations } from '../../functions/all-operations.ts';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { httpApi, httpApiStage } from '../../infra/deployment/logical-ids.ts';
import { buildStageExtension } from '../../infra/gateway/stage.ts';
import { buildAlarms } from '../../infra/monitoring/alarms.ts';
import type { FunctionConfig } from '../../shared/config/function-config.ts';
import { variableNames } from '../../shared/config/variable-names.ts';
import { functionName, type Operation } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { callMessage } from '../../shared/observability/call-message.ts';
import { logger } from '../../shared/observability/logger.ts';
import { type ApiGateway, type ReceivedRequest, startApiGateway } from './api-gateway.ts';
import { createGatewayContext, loadDeployedHandler } from './deployed.ts';
import { createContext } from './handlers.ts';
import { decide, type ResolvedStatement } from './policy.ts';
import { type SimulatedAws, startSimulatedAws } from './simulated-aws.ts';

/** Ways in which the simulated stage can differ from a correct deployment. */
export interface StageFaults {
  /** Overrides the configuration of a function. */
  config: (operation: Operation) => Partial<FunctionConfig>;
  acceptsUnsigned: boolean;
  /** Decides whether a session policy allows a route. `path` is as received. */
  isAllowed: (statements: readonly ResolvedStatement[], resource: string) => boolean;
  /** Gives HTTP events from direct invokers the context of API Gateway's alias. */
  trustsDirectEvents: boolean;
  /** Returns what the audit trail stores instead of a record. */
  changeRecord: (record: object) => object;
}

export interface DeployedStage {
  readonly aws: SimulatedAws;
  readonly gateway: ApiGateway;
  faults: StageFaults;
  close(): Promise<void>;
}

const apiId = 'abcdefghij';
const serviceTag = 'kms-functions-dev';
const regions = ['us-east-1', 'eu-west-1'];

export const correctStage: StageFaults = {
  config: () => ({}),
  acceptsUnsigned: false,
  isAllowed: (statements, resource) =>
    decide(statements, { action: 'execute-api:Invoke', resource: decodeURIComponent(resource) }) === 'allowed',
  trustsDirectEvents: false,
  changeRecord: (record) => record,
};

/**
 * Starts stage `dev` with every function: real handlers behind a simulated API Gateway and Lambda, which call the emulator
 * in the environment, and the AWS services that describe the stage.
 */
export async function startDeployedStage(): Promise<DeployedStage> {
  const aws = await startSimulatedAws();
  const stopCapture = captureRecords((record) => aws.records.push(stage.faults.changeRecord(record)));
  const load = (operation: Operation) =>
    loadDeployedHandler(operation, { serviceTag, regions, ...stage.faults.config(operation) });
  const gateway = await startApiGateway({
    operations: allOperations,
    loadHandler: async (operation) => withIdentity(await load(operation)),
    reject: (request) => authorize(stage, request),
  });
  aws.invoke = async (name, payload) => {
    const operation = allOperations.find((candidate) => name === `kms-functions-dev-${functionName(candidate)}`);
    if (operation === undefined) throw new Error(`there is no function ${name}`);
    const isTrusted = stage.faults.trustsDirectEvents && payload.includes('"requestContext"');
    const context = isTrusted ? createGatewayContext() : createContext();
    try {
      return { body: await (await load(operation))(JSON.parse(payload), context), isError: false };
    } catch (error) {
      return { body: { errorType: (error as Error).name, errorMessage: (error as Error).message }, isError: true };
    }
  };
  const stage: DeployedStage = {
    aws,
    gateway,
    faults: correctStage,
    close: async () => {
      stopCapture();
      await gateway.close();
      await aws.close();
    },
  };
  describeStack(aws, gateway.endpoint);
  return stage;
}

/** Sets what the services report about a correct stage. */
export function describeStack(aws: SimulatedAws, apiUrl: string): void {
  const deployment = resolveDeployment('dev', { operations: 'all', regions: regions[1] ?? '' });
  const { Properties } = buildStageExtension(deployment, deployment.operations) as {
    Properties: { RouteSettings: Record<string, object> };
  };
  const alarms = Object.keys(buildAlarms(deployment)).map((id) => [id, `kms-functions-dev-${id}`] as const);
  aws.outputs = { HttpApiUrl: apiUrl };
  aws.template = { Resources: { [httpApiStage]: { Properties } } };
  aws.routeSettings = Properties.RouteSettings;
  aws.alarmStates = Object.fromEntries(alarms.map(([, name]) => [name, 'OK']));
  aws.environment = {
    [variableNames.stage]: 'dev',
    [variableNames.auth]: 'iam',
    [variableNames.accountIds]: aws.accountId,
    [variableNames.serviceTag]: serviceTag,
    [variableNames.regions]: regions[1] ?? '',
  };
  aws.resources = [
    [httpApi, 'AWS::ApiGatewayV2::Api', apiId],
    [httpApiStage, 'AWS::ApiGatewayV2::Stage', '$default'],
    ['AuditLogGroup', 'AWS::Logs::LogGroup', 'kms-functions-dev-AuditLogGroup-1A2B3C4D5E6F'],
    ...alarms.map(([id, name]) => [id, 'AWS::CloudWatch::Alarm', name] as const),
    ...allOperations.map((operation) => {
      const name = functionName(operation);
      return [`${name}LambdaFunction`, 'AWS::Lambda::Function', `kms-functions-dev-${name}`] as const;
    }),
  ];
}

/** Passes the records that the functions in this process log to `receive`. Returns a function that stops this. */
function captureRecords(receive: (record: object) => void): () => void {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map(({ write }) => write);
  const level = logger.getLevelName();
  logger.setLogLevel('INFO');
  streams.forEach((stream, index) => {
    stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
      const lines = String(chunk)
        .split('\n')
        .filter((line) => line.startsWith('{') && line.includes(`"message":"${callMessage}"`));
      for (const line of lines) receive(JSON.parse(line));
      return lines.length > 0 || writes[index]?.call(stream, chunk, ...rest);
    }) as typeof stream.write;
  });
  return () => {
    logger.setLogLevel(level);
    streams.forEach((stream, index) => {
      stream.write = writes[index] as typeof stream.write;
    });
  };
}

/** Adds what an HTTP API with IAM authorization adds to an event, and invokes the alias of API Gateway. */
function withIdentity(handler: Handler): Handler {
  const invoke = (event: unknown) => {
    const { requestContext, ...rest } = event as { requestContext: object };
    const iam = { userArn: 'arn:aws:sts::000000000000:assumed-role/verifier/session', accountId: '000000000000' };
    return handler(
      { ...rest, requestContext: { ...requestContext, apiId, authorizer: { iam } } },
      createGatewayContext(),
    );
  };
  return Object.assign(invoke, { withConfig: handler.withConfig }) as Handler;
}

/** Authorizes a request as an HTTP API with IAM authorization does. Routes that do not exist are not authorized. */
function authorize({ aws, faults }: DeployedStage, request: ReceivedRequest): 403 | undefined {
  const { method, path, headers } = request;
  if (!/^\/(health|keys|aliases|decrypt|random|grants)(\/|$)/.test(path)) return undefined;
  const [, accessKeyId] = /Credential=([^/]+)\//.exec(String(headers.authorization ?? '')) ?? [];
  if (accessKeyId === undefined) return faults.acceptsUnsigned ? undefined : 403;
  const policy = aws.sessions.get(accessKeyId);
  if (policy === undefined) return undefined;
  const resource = `arn:aws:execute-api:us-east-1:${aws.accountId}:${apiId}/$default/${method}${path}`;
  return faults.isAllowed(JSON.parse(policy).Statement, resource) ? undefined : 403;
}
