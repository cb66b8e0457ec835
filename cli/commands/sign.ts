import { openInput } from '../files/read-input.ts';
import { checkOutput, encodeBinary } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { requireKey } from './require-key.ts';
import { readSignedMessage, selectSigningAlgorithm } from './signed-message.ts';
import { writeResponse } from './write-response.ts';

export async function sign(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  await checkOutput(invocation);
  const client = await invocation.connect();
  const algorithm = await selectSigningAlgorithm(client, flags);
  const input = await openInput(args[0], terminal);
  const message = await readSignedMessage({ input, algorithm, signal: terminal.signal });
  const response = await client.sign({ KeyId: requireKey(flags), ...message });
  const bytes = encodeBinary(response.Signature, flags);
  await writeResponse({ operation: 'Sign', response, member: 'Signature', bytes }, invocation);
}
