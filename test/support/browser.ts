import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as launcher } from 'playwright-core';

export interface UsedBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Switched off for Lambda's sake. A test of a page wants a browser that keeps to the rules. */
const unwanted = ['--disable-web-security', '--allow-running-insecure-content'];

/** Chromium from npm, or the reason why it does not run on this machine. */
export async function launchBrowser(): Promise<UsedBrowser | { readonly reason: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-functions-browser-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const browser = await launcher.launch({
      args: chromium.args.filter((arg) => !unwanted.includes(arg)),
      executablePath: await unpackInto(folder),
    });
    return {
      browser,
      close: async () => {
        await browser.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    const [reason] = String(error).split('\n');
    return { reason: `Chromium does not run on this machine: ${reason}` };
  }
}

/** A folder of its own: in the shared one, another run may find the file half written. */
async function unpackInto(folder: string): Promise<string> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    return await chromium.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
