import { ApiGatewayV2Client, CreateApiCommand, CreateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { buildLogGroups } from '../../infra/deployment/log-groups.ts';
import { auditLogGroup, functionId, httpApi, httpApiStage } from '../../infra/deployment/logical-ids.ts';
import { alwaysDeployed } from '../../infra/deployment/select-operations.ts';
import { buildStageExtension } from '../../infra/gateway/stage.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { Running, run } from './process.ts';

const port = 5_557;
const endpoint = `http://127.0.0.1:${port}`;
const client = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** moto (https://docs.getmoto.org) with a stack for stage `dev`. */
export interface MotoStack {
  readonly endpoint: string;
  writeRecords(records: readonly object[]): Promise<void>;
  close(): Promise<void>;
}

/** Returns whether the command `moto_server` is installed (`pip install 'moto[server]'`). */
export async function isMotoInstalled(): Promise<boolean> {
  const found = await run(['moto_server', '--help'], { timeoutMs: 60_000 }).catch(() => undefined);
  return found?.code === 0;
}

/** Starts moto. The caller ends the process. */
export async function startMotoServer(): Promise<{ readonly endpoint: string; readonly process: Running }> {
  const process = new Running(['moto_server', '-H', '127.0.0.1', '-p', String(port)], {
    env: { MOTO_ACCOUNT_ID: '000000000000' },
  });
  await process.waitFor(/Running on/, 60_000);
  return { endpoint, process };
}

/** Starts moto, and creates a stack with the functions and log groups of the template. */
export async function startMoto(apiUrl: string): Promise<MotoStack> {
  const { process: server } = await startMotoServer();
  await createStack(apiUrl);
  const logs = new CloudWatchLogsClient(client);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  // CloudFormation generates the name, which contains the logical id.
  const trail = logGroups.find(({ logGroupName }) => logGroupName?.includes(auditLogGroup));
  const stream = { logGroupName: trail?.logGroupName, logStreamName: 'records' };
  await logs.send(new CreateLogStreamCommand(stream));
  return {
    endpoint,
    writeRecords: async (records) => {
      const logEvents = records.map((record) => ({ timestamp: Date.now(), message: JSON.stringify(record) }));
      await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    },
    close: async () => {
      await server.end();
    },
  };
}

function buildFunction(name: string): object {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: `kms-functions-dev-${name}`,
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: '' },
    },
  };
}

/**
 * Creates the API, and the stack. moto's CloudFormation has no HTTP APIs, so the stack has parameters with the names of the API
 * and its stage instead.
 */
async function createStack(apiUrl: string): Promise<void> {
  const deployment = resolveDeployment('dev', { operations: 'default,tags' });
  const { Properties } = buildStageExtension(deployment, deployment.operations) as {
    Properties: { RouteSettings: Record<string, object> };
  };
  const gateway = new ApiGatewayV2Client(client);
  const { ApiId = '' } = await gateway.send(new CreateApiCommand({ Name: 'dev-kms-functions', ProtocolType: 'HTTP' }));
  await gateway.send(new CreateStageCommand({ ApiId, StageName: '$default', RouteSettings: Properties.RouteSettings }));
  const parameter = (Name: string, properties = {}) => {
    return { Type: 'AWS::SSM::Parameter', Properties: { ...properties, Name, Type: 'String', Value: '-' } };
  };
  const functions = [...deployment.operations, ...alwaysDeployed].map(functionName);
  const template = {
    Resources: {
      [httpApi]: parameter(ApiId),
      [httpApiStage]: parameter('$default', Properties),
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'role', AssumeRolePolicyDocument: {} } },
      ...Object.fromEntries(functions.map((name) => [functionId(name), buildFunction(name)])),
      ...buildLogGroups(deployment),
    },
    Outputs: { [`${httpApi}Url`]: { Value: apiUrl } },
  };
  const TemplateBody = JSON.stringify(template);
  await new CloudFormationClient(client).send(new CreateStackCommand({ StackName: 'kms-functions-dev', TemplateBody }));
}
