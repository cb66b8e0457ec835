import { CreateKeyCommand, type CreateKeyCommandInput, type KeyMetadata, type KMSClient } from '@aws-sdk/client-kms';

/** A new key of the test's own. */
export async function newKey(
  client: KMSClient,
  input: CreateKeyCommandInput = {},
): Promise<KeyMetadata & { KeyId: string; Arn: string }> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand(input));
  return KeyMetadata as KeyMetadata & { KeyId: string; Arn: string };
}
