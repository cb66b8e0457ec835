import chromium from '@sparticuz/chromium';
import { type Browser, chromium as launcher } from 'playwright-core';
import { once } from './once.ts';

export interface LaunchedBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** The package's default arguments for Lambda that disable security rules. The tests of web pages need these rules. */
const removedArguments = ['--disable-web-security', '--allow-running-insecure-content'];

/** Launches Chromium from npm. Returns the reason if it does not run on this machine. */
export async function launchBrowser(): Promise<LaunchedBrowser | { readonly reason: string }> {
  try {
    const browser = await launcher.launch({
      args: chromium.args.filter((arg) => !removedArguments.includes(arg)),
      executablePath: await once('chromium', unpackChromium),
    });
    return { browser, close: () => browser.close() };
  } catch (error) {
    const [reason] = String(error).split('\n');
    return { reason: `Chromium does not run on this machine: ${reason}` };
  }
}

/** Unpacks Chromium into this run's folder. In the system folder, a concurrent run could find a partly written file. */
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
