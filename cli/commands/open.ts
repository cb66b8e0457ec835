import { EnvelopeError, type OpenedFile, sealer } from '../../client/sealer/index.ts';
import { escapeControls } from '../escape-controls.ts';
import { CommandError, UsageError } from '../exit-codes.ts';
import { formatBytes } from '../output/progress-bar.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { checkTarget } from './check-target.ts';
import { convertFile } from './convert-file.ts';
import { explainOpenError } from './explain-open-error.ts';
import { sealedEnding } from './sealed-ending.ts';

export async function open(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const source = args[0] ?? '-';
  const target = selectTarget(source, flags.out);
  await checkTarget(target, invocation, false);
  const opening = sealer({
    client: await invocation.connect(),
    keyId: flags.key,
    decryptKeyId: flags.key === undefined ? 'message' : 'sealer',
    encryptionContext: flags.expectedContext,
    commitmentPolicy: flags.allowUncommitted ? 'REQUIRE_ENCRYPT_ALLOW_DECRYPT' : undefined,
  });
  const createStream = () => opening.openStream({ signal: terminal.signal });
  let hasWritten = false;
  const onOutput = () => {
    hasWritten = true;
  };
  const conversion = { source, target, convert: opening.openFile, createStream, onOutput };
  const opened = await convertFile(conversion, invocation).catch((error) => {
    if (target === '-') explainStandardOutput(error, hasWritten);
    throw explainOpenError(error);
  });
  if (opened !== undefined) await writeFacts(opened, target, invocation);
}

function selectTarget(source: string, out: string | undefined): string {
  if (out !== undefined) return out;
  if (source === '-') return '-';
  if (source.endsWith(sealedEnding) && source.length > sealedEnding.length)
    return source.slice(0, -sealedEnding.length);
  throw new UsageError(`The name of the file does not end in ${sealedEnding}. Add --out <file> or --out -.`);
}

/** Standard output has received the parts that were verified before the error. */
function explainStandardOutput(error: unknown, hasWritten: boolean): void {
  if (!(error instanceof EnvelopeError)) return;
  const isSigned = error.code === 'SignedMessageInStream';
  if (!isSigned && !hasWritten) return;
  const detail = isSigned
    ? 'The message has a signature at its end, so standard output would receive data before it is verified. Add --out <file>.'
    : `${error.message} Discard what the command has written to standard output.`;
  throw new CommandError('message', error.code, detail, error);
}

async function writeFacts(opened: OpenedFile, target: string, invocation: Invocation): Promise<void> {
  const { keyArn, encryptionContext, suite, plaintextBytes, messageBytes } = opened;
  if (invocation.flags.json) {
    const facts = { File: target, KeyId: keyArn, EncryptionContext: encryptionContext, AlgorithmSuite: suite };
    return writeJson({ ...facts, PlaintextBytes: plaintextBytes, MessageBytes: messageBytes }, invocation);
  }
  const line = `Opened ${formatBytes(plaintextBytes)} as ${target} with ${keyArn}.`;
  await writeLine(invocation.terminal.stdout, escapeControls(line));
}
