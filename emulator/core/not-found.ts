import { formatKmsArn } from './arn.ts';
import { KmsError } from './kms-error.ts';

export function createKeyNotFound(arn: string): KmsError {
  return new KmsError('NotFoundException', `Key '${arn}' does not exist`);
}

/** Creates the error for a missing alias. `name` includes the `alias/` prefix. */
export function createAliasNotFound(region: string, account: string, name: string): KmsError {
  return new KmsError('NotFoundException', `Alias ${formatKmsArn(region, account, name)} is not found.`);
}

/**
 * Creates the error for a ciphertext that an unknown key encrypted. The message does not reveal whether the key exists.
 */
export function createCiphertextKeyNotFound(denial?: string): KmsError {
  return new KmsError(
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    denial,
  );
}
