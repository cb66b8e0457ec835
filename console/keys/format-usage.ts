import { splitWords } from '../text/split-words.ts';

/** Formats a key usage: `SIGN_VERIFY` becomes `Sign and verify`. */
export function formatUsage(usage: string | undefined): string {
  if (usage === undefined) return '';
  const [first = '', ...others] = usage.toLowerCase().split('_');
  if (usage === 'KEY_AGREEMENT') return 'Key agreement';
  if (usage === 'GENERATE_VERIFY_MAC') return 'MAC';
  return splitWords(`${first.charAt(0).toUpperCase()}${first.slice(1)} and ${others.join(' ')}`);
}
