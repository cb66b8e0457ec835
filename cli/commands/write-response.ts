import type { OperationName } from '../../functions/all-operations.ts';
import { writeBytes, writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { toJsonResponse } from './json-response.ts';

/** A response whose bytes are the result of the command. */
export interface BytesResponse<Response extends object> {
  readonly operation: OperationName;
  readonly response: Response;
  /** The member that contains the bytes. */
  readonly member: keyof Response & string;
  /** The bytes to write: those of the member, or their base64 text. */
  readonly bytes: Uint8Array;
}

/**
 * Writes the bytes to the output. With `--json`, prints the response. If the bytes are in a file, the JSON contains its
 * name instead of the bytes, because a log must not receive a plaintext that belongs in a file.
 */
export async function writeResponse<Response extends object>(
  { operation, response, member, bytes }: BytesResponse<Response>,
  invocation: Invocation,
): Promise<void> {
  const { out, json } = invocation.flags;
  const isFile = out !== undefined && out !== '-';
  if (isFile || !json) await writeBytes(bytes, invocation);
  if (!json) return;
  if (!isFile) return writeJson(await toJsonResponse(operation, response), invocation);
  const { [member]: _, ...facts } = response;
  await writeJson({ File: out, ...((await toJsonResponse(operation, facts)) as object) }, invocation);
}
