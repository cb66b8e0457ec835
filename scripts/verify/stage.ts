import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { Lambda } from '@aws-sdk/client-lambda';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from '../../client/index.ts';
import type { FunctionConfig } from '../../shared/config/function-config.ts';
import { parseArn } from '../../shared/declaration/arn.ts';
import { isObject } from '../../shared/declaration/json-object.ts';

/** The stage to verify, with the clients that reach it. */
export interface Stage {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  readonly isLocal: boolean;
  /** The URL of the HTTP API, without a slash at the end. */
  readonly apiUrl: string;
  /** The configuration that the stage's functions run with. */
  readonly config: FunctionConfig;
  /** The names of the deployed functions, such as `encrypt`. */
  readonly functions: ReadonlySet<string>;
  readonly resources: readonly StackResource[];
  readonly lambda: Lambda;
  /**
   * Returns a KMS client for a Region. The client uses the caller's own permissions, not the functions' permissions.
   */
  readonly kms: (region: string) => KMSClient;
  readonly credentials: () => Promise<Credentials>;
  /** The bearer token for a stage with `auth=jwt`. */
  readonly token: string | undefined;
  /** The ARN of the caller's identity; `undefined` in stage `local`. */
  readonly callerArn: string | undefined;
  /** The clients that read the stack; `undefined` in stage `local`. */
  readonly aws: AwsClients | undefined;
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

export interface AwsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudWatch: CloudWatchClient;
  readonly apiGateway: ApiGatewayV2Client;
  readonly sts: STSClient;
}

/** Reports a stage that cannot be verified, and explains how to fix the problem. */
export class StageError extends Error {}

/** Returns the Lambda function name for a function of the stage. */
export function toLambdaName({ name }: Pick<Stage, 'name'>, functionName: string): string {
  return `kms-functions-${name}-${functionName}`;
}

/** Returns the stack's clients. Only checks that stage `local` skips call this. */
export function requireAws({ aws }: Pick<Stage, 'aws'>): AwsClients {
  if (aws === undefined) throw new StageError('Stage local has no stack.');
  return aws;
}

/** Returns the physical id of a resource in the stack. */
export function findResource({ resources }: Pick<Stage, 'resources'>, logicalId: string): string {
  const resource = resources.find((candidate) => candidate.logicalId === logicalId);
  if (resource === undefined) throw new StageError(`The stack has no resource ${logicalId}.`);
  return resource.physicalId;
}

/** Returns the tenant of the caller: the name of its role, or a claim of its token. */
export function findTenant({
  config,
  callerArn = '',
  token = '',
}: Pick<Stage, 'config' | 'callerArn' | 'token'>): string | undefined {
  const field = config.tenancy?.field;
  if (field === undefined) return undefined;
  if (!field.startsWith('claim:')) return parseArn(callerArn)?.resource.split('/')[1];
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}');
  const tenant = isObject(claims) ? claims[field.slice('claim:'.length)] : undefined;
  return tenant === undefined ? undefined : String(tenant);
}
