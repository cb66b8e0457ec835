/**
 * Takes screenshots of every page in two widths and two color schemes, and writes them to .build/screenshots/. Copies
 * those that the documentation shows to docs/images/.
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { chromium as launcher, type Page } from 'playwright-core';
import { startConsoleStage } from './console-stage.ts';
import { startPagesStage } from './pages-stage.ts';
import type { Shot, Stage } from './shot.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const output = join(root, '.build/screenshots');
const documented = join(root, 'docs/images');

/** The servers whose pages appear in screenshots. */
const stages: readonly (() => Promise<Stage>)[] = [startConsoleStage, startPagesStage];

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const colorSchemes = ['light', 'dark'] as const;

/** Without `--single-process`, the browser survives when a page closes. */
const args = chromium.args.filter((arg) => arg !== '--single-process');

mkdirSync(output, { recursive: true });
const browser = await launcher.launch({ args, executablePath: await chromium.executablePath() });
try {
  for (const start of stages) await takeAll(await start());
} finally {
  await browser.close();
}

async function takeAll({ shots, close }: Stage): Promise<void> {
  try {
    for (const viewport of sizes) {
      for (const colorScheme of colorSchemes) {
        const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
        const page = await context.newPage();
        for (const shot of shots) await take(page, shot, `${shot.name}-${viewport.width}-${colorScheme}.png`);
        await context.close();
      }
    }
  } finally {
    await close();
  }
}

async function take(page: Page, shot: Shot, file: string): Promise<void> {
  await shot.open(page);
  const path = join(output, file);
  await page.screenshot({ path, animations: 'disabled' });
  console.log(path);
  // The documentation keeps the screenshots that it shows.
  if (existsSync(join(documented, file))) copyFileSync(path, join(documented, file));
}
