import { escapeControls, formatJson } from '../escape-controls.ts';
import { UsageError } from '../exit-codes.ts';
import { checkOutputFile, writeFile } from '../files/write-file.ts';
import type { Invocation } from '../table/command.ts';
import type { FlagValues } from '../table/flags.ts';
import { write, writeLine } from '../terminal.ts';

/** Writes bytes to the file in `--out`, or to standard output. */
export async function writeBytes(bytes: Uint8Array, { flags, terminal }: Invocation): Promise<void> {
  const { out, force = false } = flags;
  if (out === undefined || out === '-') return write(terminal.stdout, bytes);
  await writeFile(out, force, bytes);
}

/** Encodes a ciphertext or signature as base64 text with `--base64`. */
export function encodeBinary(bytes: Uint8Array, { base64 }: FlagValues): Uint8Array {
  return base64 ? Buffer.from(`${Buffer.from(bytes).toString('base64')}\n`) : bytes;
}

/** Rejects an output that cannot be written, before the service is called: an existing file, or bytes on a terminal. */
export async function checkOutput({ flags, terminal }: Invocation): Promise<void> {
  const { out, base64, json, force = false } = flags;
  if (out !== undefined && out !== '-') return checkOutputFile(out, force);
  if (!terminal.stdout.isTTY || base64 || json) return;
  throw new UsageError('The result is binary, which a terminal cannot show. Add --base64 or --out <file>.');
}

/** Decodes base64 text with any line breaks. */
export function decodeBase64Text(bytes: Uint8Array, name: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1').replaceAll(/\s/g, '');
  const decoded = Buffer.from(text, 'base64');
  if (text !== '' && decoded.toString('base64') === text) return decoded;
  throw new UsageError(`${name} is not base64 text. If it contains bytes, omit --base64.`);
}

/** Writes text as it is, and other values as JSON. On a terminal, escapes what could change the terminal. */
export async function writeText(value: unknown, { terminal }: Pick<Invocation, 'terminal'>): Promise<void> {
  if (typeof value !== 'string') return writeJson(value, { terminal });
  await writeLine(terminal.stdout, terminal.stdout.isTTY ? value.split('\n').map(escapeControls).join('\n') : value);
}

export async function writeJson(value: unknown, { terminal }: Pick<Invocation, 'terminal'>): Promise<void> {
  await writeLine(terminal.stdout, formatJson(value, 2));
}
