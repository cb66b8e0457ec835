import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isForeignPage } from './local-origin.ts';
import { OptionError } from './option-error.ts';

const minTokenCharacters = 16;

/** Throws `OptionError` if a control token is so short that other machines could guess it. */
export function checkControlToken(token: string | undefined): void {
  if (token === undefined || token.length >= minTokenCharacters) return;
  throw new OptionError(
    `the control token must have at least ${minTokenCharacters} characters; \`openssl rand -hex 16\` creates one`,
  );
}

/**
 * Returns whether a request has the header `Authorization: Bearer TOKEN`, and does not come from a web page with another
 * origin. The Host header may name any host: it protects from DNS rebinding, and pages do not know the token.
 */
export function hasControlToken({ headers }: IncomingMessage, token: string): boolean {
  const [, sent] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  return sent !== undefined && timingSafeEqual(digest(sent), digest(token)) && !isForeignPage(headers);
}

/** Makes tokens equally long, as `timingSafeEqual` requires. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
