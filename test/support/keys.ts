import { CreateKeyCommand, type CreateKeyCommandInput, type KeyMetadata, type KMSClient } from '@aws-sdk/client-kms';

/** Creates a key and returns its metadata. */
export async function createKey(
  client: KMSClient,
  input: CreateKeyCommandInput = {},
): Promise<KeyMetadata & { KeyId: string; Arn: string }> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand(input));
  return KeyMetadata as KeyMetadata & { KeyId: string; Arn: string };
}
