import { isLoopbackHost, isLoopbackUrl } from '../../shared/http/loopback.ts';

/** Returns `true` if a Host header names this machine, with any port. */
export function isLocalHost(header: string): boolean {
  return isLoopbackHost(header.replace(/:\d+$/, ''));
}

/**
 * Whether a request comes from a web page that is not of this machine. Browsers name the origin of every request that could
 * change something, also where a page has had its own name resolved to this machine (DNS rebinding); SDKs and tools send none.
 * https://fetch.spec.whatwg.org/#append-a-request-origin-header
 */
export function isForeignPage(origin: string | undefined): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || !isLoopbackUrl(origin);
}
