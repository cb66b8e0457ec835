import { isLoopbackHost, isLoopbackUrl } from '../../shared/http/loopback.ts';

/** Returns whether a Host header refers to this machine, on any port. */
export function isLocalHost(header: string): boolean {
  return isLoopbackHost(header.replace(/:\d+$/, ''));
}

/**
 * Returns whether a request comes from a web page that this machine does not serve. Browsers send the Origin header
 * with every request that can change something, even after DNS rebinding. SDKs and tools do not send this header.
 * https://fetch.spec.whatwg.org/#append-a-request-origin-header
 */
export function isForeignPage(origin: string | undefined): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || !isLoopbackUrl(origin);
}
