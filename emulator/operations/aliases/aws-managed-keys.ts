import { findPartition, formatKmsArn } from '../../core/arn.ts';
import { dayMs } from '../../core/key-record.ts';
import { keySpecs } from '../../crypto/key-specs.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import type { Alias } from '../../store/alias-table.ts';
import { generateKeyId, insertKey } from '../keys/insert-key.ts';

interface Service {
  /** The endpoint prefix in `kms:ViaService`. */
  readonly endpoint: string;
  /** What the key protects, as in the description that AWS gives the key. */
  readonly data: string;
}

/**
 * The services that own AWS managed keys, by alias name. AWS has no list of them. These are the services that document
 * the alias of their key, such as https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html.
 */
const services: Readonly<Record<string, Service>> = {
  'alias/aws/acm': { endpoint: 'acm', data: 'ACM private keys' },
  'alias/aws/backup': { endpoint: 'backup', data: 'Backup data' },
  'alias/aws/dynamodb': { endpoint: 'dynamodb', data: 'DynamoDB data' },
  'alias/aws/ebs': { endpoint: 'ec2', data: 'EBS volumes' },
  'alias/aws/elasticfilesystem': { endpoint: 'elasticfilesystem', data: 'EFS filesystems' },
  'alias/aws/es': { endpoint: 'es', data: 'Elasticsearch data' },
  'alias/aws/fsx': { endpoint: 'fsx', data: 'FSx resources' },
  'alias/aws/glue': { endpoint: 'glue', data: 'Glue data' },
  'alias/aws/kinesis': { endpoint: 'kinesis', data: 'Kinesis data' },
  'alias/aws/kinesisvideo': { endpoint: 'kinesisvideo', data: 'Kinesis Video Streams data' },
  'alias/aws/lambda': { endpoint: 'lambda', data: 'Lambda functions' },
  'alias/aws/rds': { endpoint: 'rds', data: 'RDS database volumes' },
  'alias/aws/redshift': { endpoint: 'redshift', data: 'Redshift clusters' },
  'alias/aws/s3': { endpoint: 's3', data: 'S3 objects' },
  'alias/aws/secretsmanager': { endpoint: 'secretsmanager', data: 'Secrets Manager data' },
  'alias/aws/sns': { endpoint: 'sns', data: 'SNS data' },
  'alias/aws/sqs': { endpoint: 'sqs', data: 'SQS messages' },
  'alias/aws/ssm': { endpoint: 'ssm', data: 'SSM parameters' },
  'alias/aws/xray': { endpoint: 'xray', data: 'X-Ray data' },
};

const names = Object.keys(services).toSorted();

/**
 * Adds the predefined aliases after `afterName` to a page of aliases. A predefined alias has no key until a service, or
 * DescribeKey, uses it (https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html).
 */
export function addPredefinedAliases(page: readonly Alias[], afterName: string, count: number): ListedAlias[] {
  const used = new Set(page.map(({ name }) => name));
  const predefined = names.filter((name) => name > afterName && !used.has(name)).map((name) => ({ name }));
  // Both lists are sorted, so the first `count` names of both are the first of all aliases.
  return [...page, ...predefined].toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, count);
}

/** An alias in a list. A predefined alias without a key has only a name. */
export type ListedAlias = Pick<Alias, 'name'> & Partial<Alias>;

/**
 * Creates the AWS managed key for a predefined alias, unless the key exists. Does nothing for other identifiers. AWS
 * creates the key when a service, or DescribeKey, first uses the alias
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html).
 */
export async function createAwsManagedKey(context: OperationContext, identifier: string): Promise<void> {
  const { store, account, region, clock } = context;
  const name = names.find((each) => identifier === each || identifier === formatKmsArn(region, account, each));
  const service = name === undefined ? undefined : services[name];
  if (name === undefined || service === undefined || store.aliases.find(account, region, name) !== undefined) return;
  const material = await keySpecs.SYMMETRIC_DEFAULT.generateMaterial();
  const nowMs = clock.now();
  store.write(() => {
    // Another request may have created the key meanwhile.
    if (store.aliases.find(account, region, name) !== undefined) return;
    const { keyId } = insertKey(store, {
      account,
      region,
      keyId: generateKeyId(false),
      record: {
        keySpec: 'SYMMETRIC_DEFAULT',
        keyUsage: 'ENCRYPT_DECRYPT',
        origin: 'AWS_KMS',
        multiRegion: false,
        manager: 'AWS',
        createdMs: nowMs,
        description: `Default key that protects my ${service.data} when no other key is defined`,
        state: 'Enabled',
        onDemandRotations: 0,
        rotation: { periodDays: 365, nextMs: nowMs + 365 * dayMs },
      },
      material,
      policy: buildServicePolicy(name, service, context),
      tags: [],
    });
    store.aliases.put(account, region, name, keyId, nowMs);
  });
  context.resolvedKeys.clear();
}

/**
 * Builds the key policy of an AWS managed key. Callers can use the key only through its service, and can read its
 * metadata. No policy allows them to change the key
 * (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk).
 */
function buildServicePolicy(alias: string, { endpoint }: Service, { account, region }: OperationContext): string {
  const name = alias.slice('alias/aws/'.length);
  const policy = {
    Version: '2012-10-17',
    Id: `auto-${name}-1`,
    Statement: [
      {
        Sid: `Allow access through ${name} for all principals in the account that are authorized to use ${name}`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: {
          StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `${endpoint}.${region}.amazonaws.com` },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:${findPartition(region)}:iam::${account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  };
  return JSON.stringify(policy, undefined, 2);
}
