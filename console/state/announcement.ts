import { signal } from '@preact/signals';

/** The last result, which the page shows for some seconds and screen readers read aloud. */
export const announcement = signal('');

const shownMs = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  announcement.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    announcement.value = '';
  }, shownMs);
}
