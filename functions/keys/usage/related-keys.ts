import { DescribeKeyCommand, GetKeyLastUsageCommand, type KeyMetadata } from '@aws-sdk/client-kms';
import type { Call } from '../../../shared/call/call.ts';
import { parseArn } from '../../../shared/declaration/arn.ts';
import { createStep } from '../../../shared/handler/create-step.ts';
import { getKeyLastUsage } from '../get-key-last-usage/operation.ts';
import { ask } from './ask.ts';

const step = createStep(getKeyLastUsage, GetKeyLastUsageCommand);

/** A key in one Region. Related multi-Region keys have the same key material, so each decrypts what the others encrypt. */
export interface KeyInRegion {
  readonly arn: string;
  readonly region: string;
  /** Whether the service may use keys in this Region. */
  readonly isReachable: boolean;
}

/**
 * Throws unless the caller may use a key. Returns the identifier to send to KMS. The rules are the same for all operations
 * that read a key, so that one check is enough for all requests about it.
 */
export async function authorizeKey(call: Call, KeyId: string): Promise<string> {
  const authorized = await step.authorize(call, { KeyId });
  return String(authorized.call.input.KeyId);
}

export async function readMetadata(call: Call, KeyId: string): Promise<KeyMetadata> {
  const { KeyMetadata } = await ask(call, KeyId, new DescribeKeyCommand({ KeyId }));
  return KeyMetadata as KeyMetadata;
}

/** Returns the key and its related multi-Region keys, the key itself first. */
export function listRelatedKeys({ Arn = '', MultiRegionConfiguration }: KeyMetadata, { config }: Call): KeyInRegion[] {
  const { PrimaryKey, ReplicaKeys = [] } = MultiRegionConfiguration ?? {};
  const related = [PrimaryKey, ...ReplicaKeys].map((key) => key?.Arn);
  const arns = [...new Set([Arn, ...related.filter((arn) => arn !== undefined)])];
  return arns.map((arn) => {
    const region = parseArn(arn)?.region ?? '';
    return { arn, region, isReachable: config.regions.includes(region) };
  });
}
