import { type SealedFile, sealer } from '../../client/sealer/index.ts';
import { escapeControls } from '../escape-controls.ts';
import { formatBytes } from '../output/progress-bar.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { checkTarget } from './check-target.ts';
import { convertFile } from './convert-file.ts';
import { requireKey } from './require-key.ts';
import { sealedEnding } from './sealed-ending.ts';

/** The suite with a key commitment and an ECDSA signature. */
const signedSuite = 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384';

export async function seal(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const source = args[0] ?? '-';
  const target = flags.out ?? (source === '-' ? '-' : `${source}${sealedEnding}`);
  await checkTarget(target, invocation);
  const sealing = sealer({
    client: await invocation.connect(),
    keyId: requireKey(flags),
    additionalKeyIds: flags.additionalKey,
    encryptionContext: flags.context,
    suite: flags.signed ? signedSuite : undefined,
  });
  const sealed = await convertFile(
    {
      source,
      target,
      convert: sealing.sealFile,
      createStream: (plaintextLength) => sealing.sealStream({ plaintextLength, signal: terminal.signal }),
    },
    invocation,
  );
  if (sealed !== undefined) await writeFacts(sealed, target, invocation);
}

async function writeFacts(sealed: SealedFile, target: string, invocation: Invocation): Promise<void> {
  const { keyArns, encryptionContext, suite, plaintextBytes, messageBytes } = sealed;
  if (invocation.flags.json) {
    const facts = { File: target, KeyIds: keyArns, EncryptionContext: encryptionContext, AlgorithmSuite: suite };
    return writeJson({ ...facts, PlaintextBytes: plaintextBytes, MessageBytes: messageBytes }, invocation);
  }
  const line = `Sealed ${formatBytes(plaintextBytes)} as ${target} under ${keyArns.join(', ')}.`;
  await writeLine(invocation.terminal.stdout, escapeControls(line));
}
