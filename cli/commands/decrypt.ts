import { FileError, UsageError } from '../exit-codes.ts';
import { openInput, readInput } from '../files/read-input.ts';
import { checkOutputFile } from '../files/write-file.ts';
import { decodeBase64Text } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { isSealedMessage } from './is-sealed-message.ts';
import { writeResponse } from './write-response.ts';

/** Ciphertexts have at most 6,144 bytes, which are 8,192 characters of base64 text, and line breaks. */
const maxInputBytes = 16_384;

export async function decrypt(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  if (flags.out !== undefined && flags.out !== '-') await checkOutputFile(flags.out, flags.force ?? false);
  const input = await openInput(args[0], terminal);
  const bytes = await readInput(input, terminal.signal, maxInputBytes, () => createTooLongError(input.name));
  const ciphertext = flags.base64 ? decodeBase64Text(bytes, input.name) : bytes;
  if (await isSealedMessage(ciphertext)) {
    throw new UsageError(`${input.name} is a sealed message. Use \`kms-functions open\`.`);
  }
  const client = await invocation.connect();
  const response = await client.decrypt({
    CiphertextBlob: new Uint8Array(ciphertext),
    ...(flags.key && { KeyId: flags.key }),
    ...(flags.context && { EncryptionContext: flags.context }),
    ...(flags.encryptionAlgorithm && { EncryptionAlgorithm: flags.encryptionAlgorithm as 'SYMMETRIC_DEFAULT' }),
  });
  await writeResponse({ operation: 'Decrypt', response, member: 'Plaintext', bytes: response.Plaintext }, invocation);
}

function createTooLongError(name: string): FileError {
  return new FileError(
    `${name} is too large for a ciphertext of KMS. If \`kms-functions seal\` wrote it, use \`kms-functions open\`.`,
  );
}
