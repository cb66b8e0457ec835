import type { Client } from '../../client/client.ts';
import { KmsFunctionsClientError } from '../../client/errors.ts';
import { ExplainedError } from '../explained-error.ts';

/**
 * Returns the key ARN behind an alias, and any other key identifier unchanged. KMS accepts no aliases in operations that
 * change a key, such as https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html.
 */
export async function resolveKeyId(client: Client, key: string): Promise<string> {
  if (!/^(arn:[^/]*:)?alias\//.test(key)) return key;
  try {
    const { KeyMetadata } = await client.describeKey({ KeyId: key });
    return KeyMetadata.Arn ?? KeyMetadata.KeyId;
  } catch (error) {
    if (!(error instanceof KmsFunctionsClientError) || error.status !== 403) throw error;
    const hint = 'To resolve the alias, the command calls DescribeKey. With a key id, it does not.';
    throw new ExplainedError(error, { hint });
  }
}
