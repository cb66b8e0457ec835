import { computed, signal } from '@preact/signals';
import { selectRegion } from './session.ts';

/** The part of the address after `#`, such as `/keys/1234abcd/policy`. */
const path = signal(readPath());

/** The segments of the current path. */
export const route = computed(() => path.value.split('/').filter(Boolean).map(decodeURIComponent));

/** Formats a link to a page. */
export function linkTo(...segments: readonly string[]): string {
  return `#/${segments.map(encodeURIComponent).join('/')}`;
}

/** Opens a page and adds it to the browser's history. */
export function navigate(...segments: readonly string[]): void {
  location.hash = linkTo(...segments);
}

function readPath(): string {
  const [hashPath = '', query = ''] = location.hash.slice(1).split('?');
  const region = new URLSearchParams(query).get('region');
  if (region !== null) selectRegion(region);
  return hashPath;
}

addEventListener('hashchange', () => {
  path.value = readPath();
});
