import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { KMSClient } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { httpApi } from '../../infra/deployment/logical-ids.ts';
import { readFunctionConfig } from '../../shared/config/function-config.ts';
import { variableNames } from '../../shared/config/variable-names.ts';
import { parseArn } from '../../shared/declaration/arn.ts';
import { type StackResource, type Stage, StageError, toLambdaName } from './stage.ts';

/**
 * Connects to a deployed stage with the credentials that the AWS SDK finds. Reads the stage from its stack and from the
 * environment of its functions, so that the checks do not depend on the parameters of this clone.
 */
export async function connectAws(name: string, region: string, token: string | undefined): Promise<Stage> {
  const client = { region, maxAttempts: 5 };
  const cloudFormation = new CloudFormationClient(client);
  const sts = new STSClient(client);
  // Prevents the SDK from repeating a direct invocation whose response is lost.
  const lambda = new Lambda({ region, maxAttempts: 1 });
  const stackName = `kms-functions-${name}`;
  const { Arn: callerArn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const resources = await listResources(cloudFormation, stackName, region);
  const config = await readConfig(lambda, toLambdaName({ name }, 'health'), region);
  if (config.auth === 'jwt' && token === undefined) {
    throw new StageError(
      'The stage expects tokens. Set KMS_FUNCTIONS_TOKEN to a token whose scopes allow every route.',
    );
  }
  const { accountId = '', partition = 'aws' } = parseArn(callerArn) ?? {};
  return {
    name,
    region,
    accountId,
    partition,
    isLocal: false,
    apiUrl: await findApiUrl(cloudFormation, stackName, resources),
    config,
    functions: new Set(listFunctions(resources, stackName)),
    resources,
    lambda,
    kms: (keyRegion) => new KMSClient({ ...client, region: keyRegion }),
    credentials: () => sts.config.credentials(),
    token,
    callerArn,
    aws: {
      cloudFormation,
      sts,
      logs: new CloudWatchLogsClient(client),
      cloudWatch: new CloudWatchClient(client),
      apiGateway: new ApiGatewayV2Client(client),
    },
  };
}

async function listResources(
  client: CloudFormationClient,
  StackName: string,
  region: string,
): Promise<StackResource[]> {
  const resources: StackResource[] = [];
  try {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName })) {
      for (const { LogicalResourceId = '', PhysicalResourceId = '', ResourceType = '' } of StackResourceSummaries) {
        resources.push({ logicalId: LogicalResourceId, physicalId: PhysicalResourceId, type: ResourceType });
      }
    }
  } catch (error) {
    if (!/does not exist/.test((error as Error).message)) throw error;
    throw new StageError(`There is no stack ${StackName} in ${region}. Deploy the stage first, or correct --region.`);
  }
  return resources;
}

function listFunctions(resources: readonly StackResource[], stackName: string): string[] {
  return resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map(({ physicalId }) => physicalId.slice(stackName.length + 1));
}

/** Returns the custom domain if the stack has one, because the stage then turns off the default endpoint. */
async function findApiUrl(
  client: CloudFormationClient,
  StackName: string,
  resources: readonly StackResource[],
): Promise<string> {
  const domain = resources.find(({ type }) => type === 'AWS::ApiGatewayV2::DomainName');
  if (domain !== undefined) return `https://${domain.physicalId}`;
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const url = stack?.Outputs?.find(({ OutputKey }) => OutputKey === `${httpApi}Url`)?.OutputValue;
  if (url === undefined) throw new StageError(`The stack ${StackName} has no output ${httpApi}Url.`);
  return url.replace(/\/$/, '');
}

async function readConfig(lambda: Lambda, FunctionName: string, region: string) {
  const { Environment } = await lambda.getFunctionConfiguration({ FunctionName });
  return readFunctionConfig({ ...Environment?.Variables, [variableNames.region]: region });
}
