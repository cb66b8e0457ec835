import { workerTimeoutSeconds, workerVariables } from '../../functions/bulk/worker-config.ts';
import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionLogGroupName } from '../deployment/log-groups.ts';
import { functionId, functionLogGroup } from '../deployment/logical-ids.ts';
import { buildTagList } from '../deployment/tags.ts';
import { buildLambdaRole } from '../roles/lambda-role.ts';
import { buildLogStatement } from '../roles/log-statement.ts';
import type { Statement } from '../roles/statement.ts';
import { buildDefinition } from './definition.ts';
import { chooseWorkload, minBatchMs } from './workload.ts';

/** The name of the worker's function. */
export const bulkWorker = 'reEncryptList';
export const bulkWorkerDescription = 'Re-encrypts a batch of a list, for the state machine.';
const bucketId = 'BulkBucket';
const workerRoleId = 'ReEncryptListRole';
const stateMachineRoleId = 'BulkStateMachineRole';
const reEncryptBatch = 'reEncryptBatch';
/** The number of days after which lists and results are deleted. */
const retentionDays = 90;

export type BulkWorkerEntry = ReturnType<typeof buildBulkWorkerEntry>;

/** Builds the worker's function entry for serverless.yml. It has no route. */
export function buildBulkWorkerEntry({ name }: Deployment) {
  return {
    handler: 'functions/bulk/worker/handler.handler',
    description: bulkWorkerDescription,
    role: workerRoleId,
    timeout: workerTimeoutSeconds,
    disableLogs: true,
    dependsOn: [functionLogGroup],
    environment: {
      [workerVariables.bucket]: { Ref: bucketId },
      [workerVariables.reEncryptFunction]: `${name}-${reEncryptBatch}`,
      [workerVariables.minBatchMs]: String(minBatchMs),
    },
    events: [],
  } as const;
}

/** Builds the bucket, the state machine and the roles. */
export function buildBulkResources(deployment: Deployment): Record<string, object> {
  if (!deployment.parameters.bulk) return {};
  return {
    [bucketId]: buildBucket(deployment),
    BulkBucketPolicy: buildBucketPolicy(),
    BulkStateMachine: buildStateMachine(deployment),
    [stateMachineRoleId]: buildStateMachineRole(deployment),
    [workerRoleId]: buildLambdaRole('ReEncryptList', 'lists', listWorkerStatements(deployment), deployment),
  };
}

export function buildBulkOutputs({ parameters }: Deployment): Record<string, object> {
  if (!parameters.bulk) return {};
  return {
    BulkBucketName: { Description: 'Bucket for lists of ciphertexts and their results', Value: { Ref: bucketId } },
    BulkStateMachineArn: { Description: 'State machine that re-encrypts lists', Value: { Ref: 'BulkStateMachine' } },
  };
}

function buildBucket(deployment: Deployment): object {
  return {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'expire',
            Status: 'Enabled',
            ExpirationInDays: retentionDays,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
        ],
      },
      Tags: buildTagList(deployment),
    },
  };
}

const bucketArn = { 'Fn::GetAtt': [bucketId, 'Arn'] };
const objectsArn = (prefix: string) => ({ 'Fn::Sub': `\${${bucketId}.Arn}/${prefix}/*` });

/** Requires TLS for every request. */
function buildBucketPolicy(): object {
  return {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: bucketId },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [bucketArn, { 'Fn::Sub': `\${${bucketId}.Arn}/*` }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  };
}

function stateMachineName({ name }: Deployment): string {
  return `${name}-re-encrypt`;
}

function buildStateMachine(deployment: Deployment): object {
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: stateMachineName(deployment),
      StateMachineType: 'STANDARD',
      RoleArn: { 'Fn::GetAtt': [stateMachineRoleId, 'Arn'] },
      Definition: buildDefinition(chooseWorkload(deployment)),
      DefinitionSubstitutions: {
        Bucket: { Ref: bucketId },
        Worker: { 'Fn::GetAtt': [functionId(bulkWorker), 'Arn'] },
      },
      Tags: buildTagList(deployment),
    },
  };
}

/**
 * The permissions of a state machine with a Distributed Map
 * (https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html): those to run it, to redrive it, to
 * read an object, and to write results with multipart uploads. Earlier versions of that page also list
 * `states:StopExecution`, which ends the batches of an execution that is stopped.
 */
function listStateMachineStatements(deployment: Deployment): Statement[] {
  const name = stateMachineName(deployment);
  return [
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn(deployment, bulkWorker) },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: [objectsArn('lists'), objectsArn('runs')] },
    {
      Effect: 'Allow',
      Action: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'],
      Resource: objectsArn('runs'),
    },
    { Effect: 'Allow', Action: 'states:StartExecution', Resource: arn('states', `stateMachine:${name}`) },
    {
      Effect: 'Allow',
      Action: ['states:DescribeExecution', 'states:StopExecution'],
      // The executions of a Map Run have its label in their ARN. AWS's policy names executions without a label.
      Resource: [arn('states', `execution:${name}:*`), arn('states', `execution:${name}/*:*`)],
    },
    { Effect: 'Allow', Action: 'states:RedriveExecution', Resource: arn('states', `execution:${name}/*:*`) },
  ];
}

/** The worker may invoke ReEncryptBatch, and read and write the objects of runs. It has no permission for KMS. */
function listWorkerStatements(deployment: Deployment): Statement[] {
  return [
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn(deployment, reEncryptBatch) },
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: objectsArn('runs') },
    buildLogStatement(functionLogGroupName(deployment.stage), `${deployment.name}-${bulkWorker}`),
  ];
}

function functionArn({ name }: Deployment, functionName: string): object {
  return arn('lambda', `function:${name}-${functionName}`);
}

function buildStateMachineRole(deployment: Deployment): object {
  const Statement = listStateMachineStatements(deployment);
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: `${deployment.name}: state machine for lists`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: 'lists', PolicyDocument: { Version: '2012-10-17', Statement } }],
      Tags: buildTagList(deployment),
    },
  };
}
