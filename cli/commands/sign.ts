import { openInput } from '../files/read-input.ts';
import { checkOutput, writeBinary, writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { toJsonResponse } from './json-response.ts';
import { requireKey } from './require-key.ts';
import { readSignedMessage, selectSigningAlgorithm } from './signed-message.ts';

export async function sign(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  await checkOutput(invocation);
  const client = await invocation.connect();
  const algorithm = await selectSigningAlgorithm(client, flags);
  const input = await openInput(args[0], terminal);
  const message = await readSignedMessage({ input, algorithm, signal: terminal.signal });
  const response = await client.sign({ KeyId: requireKey(flags), ...message });
  if (flags.json) return writeJson(await toJsonResponse('Sign', response), invocation);
  await writeBinary(response.Signature, invocation);
}
