import { UsageError } from '../exit-codes.ts';
import { openInput, readInput } from '../files/read-input.ts';
import { checkOutput, encodeBinary } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { requireKey } from './require-key.ts';
import { writeResponse } from './write-response.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
const maxPlaintextBytes = 4_096;

export async function encrypt(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  await checkOutput(invocation);
  const input = await openInput(args[0], terminal);
  const plaintext = await readInput(input, terminal.signal, maxPlaintextBytes, () => createTooLongError(input.name));
  if (plaintext.length === 0) throw new UsageError(`${input.name} is empty. KMS encrypts at least 1 byte.`);
  const client = await invocation.connect();
  const response = await client.encrypt({
    KeyId: requireKey(flags),
    Plaintext: new Uint8Array(plaintext),
    ...(flags.context && { EncryptionContext: flags.context }),
    ...(flags.encryptionAlgorithm && { EncryptionAlgorithm: flags.encryptionAlgorithm as 'SYMMETRIC_DEFAULT' }),
  });
  const bytes = encodeBinary(response.CiphertextBlob, flags);
  await writeResponse({ operation: 'Encrypt', response, member: 'CiphertextBlob', bytes }, invocation);
}

function createTooLongError(name: string): UsageError {
  return new UsageError(`${name} has more than 4,096 bytes, which is the limit of KMS. Use \`kms-functions seal\`.`);
}
