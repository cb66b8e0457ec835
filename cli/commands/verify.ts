import { UsageError } from '../exit-codes.ts';
import { openInput, readInput } from '../files/read-input.ts';
import { decodeBase64Text, writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { toJsonResponse } from './json-response.ts';
import { requireKey } from './require-key.ts';
import { readSignedMessage, selectSigningAlgorithm } from './signed-message.ts';

/** More than the longest signature, as base64 text. */
const maxSignatureBytes = 16_384;

export async function verify(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const Signature = await readSignature(invocation);
  const client = await invocation.connect();
  const algorithm = await selectSigningAlgorithm(client, flags);
  const input = await openInput(args[0], terminal);
  const message = await readSignedMessage({ input, algorithm, signal: terminal.signal });
  // An invalid signature is an error of KMS.
  const response = await client.verify({ KeyId: requireKey(flags), ...message, Signature });
  if (flags.json) return writeJson(await toJsonResponse('Verify', response), invocation);
  await writeLine(terminal.stdout, 'The signature is valid.');
}

async function readSignature({ args, flags, terminal }: Invocation): Promise<Uint8Array<ArrayBuffer>> {
  if (flags.signature === '-' && (args[0] ?? '-') === '-') {
    throw new UsageError('The message and the signature cannot both come from standard input.');
  }
  const input = await openInput(flags.signature, terminal);
  const bytes = await readInput(input, terminal.signal, maxSignatureBytes);
  return new Uint8Array(flags.base64 ? decodeBase64Text(bytes, input.name) : bytes);
}
