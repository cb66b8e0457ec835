import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as launcher } from 'playwright-core';

export interface LaunchedBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Arguments for Lambda that disable security rules, which tests of pages need. */
const removedArguments = ['--disable-web-security', '--allow-running-insecure-content'];

/** Launches Chromium from npm. Returns the reason if it does not run on this machine. */
export async function launchBrowser(): Promise<LaunchedBrowser | { readonly reason: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-functions-browser-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const browser = await launcher.launch({
      args: chromium.args.filter((arg) => !removedArguments.includes(arg)),
      executablePath: await unpackChromium(folder),
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

/** Unpacks into a separate folder, because a concurrent run could find a partly written file in the shared one. */
async function unpackChromium(folder: string): Promise<string> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    return await chromium.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
