import { announce } from './announcement.ts';
import { reportChange } from './revision.ts';

/** Waits for a change in the emulator, loads the page's content again, and announces the result. */
export async function applyChange(change: Promise<unknown>, result: string): Promise<void> {
  await change;
  reportChange();
  announce(result);
}
