import type { Client } from '../../client/client.ts';
import { KmsFunctionsClientError } from '../../client/errors.ts';
import { CommandError, UsageError } from '../exit-codes.ts';

const prefix = 'alias/';

/** Checks the name of an alias (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html). */
export function checkAliasName(alias: string): void {
  const name = alias.startsWith(prefix) ? alias.slice(prefix.length) : alias;
  const isValid = /^[a-zA-Z0-9/_-]+$/.test(name) && prefix.length + name.length <= 256;
  if (!isValid) {
    throw new UsageError(
      'The name of an alias is alias/ and letters, digits, slashes, underscores and dashes, with at most 256 characters.',
    );
  }
  if (name.startsWith('aws/')) throw new UsageError('Names that start with alias/aws/ belong to AWS.');
  if (name === alias)
    throw new UsageError(`The name of an alias starts with alias/. Did you mean \`${prefix}${name}\`?`);
}

/** An idempotency key is valid for 24 hours, so an older key cannot be the result of an earlier run. */
const idempotencyMs = 24 * 60 * 60 * 1_000;

/**
 * Rejects an alias that exists, if the caller may see it. With an idempotency key, an earlier run of the same command may
 * have created the alias and its key: then returns the id of this key.
 */
export async function checkNewAlias(client: Client, alias: string, isRepeatable: boolean): Promise<string | undefined> {
  const existing = await client.describeKey({ KeyId: alias }).catch(ignoreAbsent);
  if (existing === undefined) return undefined;
  const { KeyId, CreationDate } = existing.KeyMetadata;
  if (isRepeatable && CreationDate !== undefined && Date.now() - CreationDate.getTime() < idempotencyMs) return KeyId;
  const message = `${alias} exists, for the key ${KeyId}. No key was created.`;
  throw new CommandError('usage', 'AlreadyExistsException', message);
}

/** The alias does not exist, or the caller may not describe it. */
function ignoreAbsent(error: unknown): undefined {
  if (error instanceof KmsFunctionsClientError && (error.status === 403 || error.status === 404)) return undefined;
  throw error;
}
