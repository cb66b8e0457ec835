/** Seals and opens messages of 1 MB in turns with raw AES-256-GCM, and sends the rows to the parent process. */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { createDataKeyCache, openBuffer, sealBuffer } from '../envelope/index.ts';
import { createRawDataKeys } from '../test/support/raw-data-keys.ts';
import type { Row } from './benchmark.ts';
import { compareTasks, type Task } from './compare-tasks.ts';

export interface LargeTask {
  readonly pairs: number;
}

const limits = { maxAgeSeconds: 3_600, maxMessages: 1_000_000, maxBytes: 1e12 };
const dataKeys = createDataKeyCache(limits).wrap(createRawDataKeys(randomBytes(32)), {
  partition: 'bench',
  keyIds: ['raw'],
});

process.once('message', async (task: LargeTask) => {
  process.send?.(await compareSizes(task));
  process.disconnect?.();
});

async function compareSizes({ pairs }: LargeTask): Promise<Row[]> {
  const plaintext = randomBytes(1_000_000);
  const raw = createRawGcm(plaintext);
  const variants = [
    ['0x0478, 64 KiB frames', {}],
    ['0x0478, 4 KiB frames', { frameLength: 4096 }],
    ['0x0578 (signed), 64 KiB frames', { suite: 0x0578 }],
  ] as const;
  const rows: Row[] = [];
  for (const [what, options] of variants) {
    const message = await sealBuffer(plaintext, { dataKeys, ...options });
    rows.push(
      await compareTasks(
        `seal 1 MB, ${what}; raw`,
        () => sealBuffer(plaintext, { dataKeys, ...options }),
        raw.seal,
        pairs,
        10,
      ),
    );
    rows.push(
      await compareTasks(`open 1 MB, ${what}; raw`, () => openBuffer(message, { dataKeys }), raw.open, pairs, 10),
    );
  }
  return rows;
}

/** AES-256-GCM without a message format. Opening checks the tag. */
function createRawGcm(plaintext: Uint8Array): { readonly seal: Task; readonly open: Task } {
  const [key, iv] = [createSecretKey(randomBytes(32)), randomBytes(12)];
  const seal = () => {
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    return { ciphertext, tag: cipher.getAuthTag() };
  };
  const { ciphertext, tag } = seal();
  const open = () => {
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(tag);
    const opened = decipher.update(ciphertext);
    decipher.final();
    return opened;
  };
  return { seal, open };
}
