import type { IncomingHttpHeaders } from 'node:http';
import { isLoopbackHost, isLoopbackUrl } from '../../shared/http/loopback.ts';

/** Returns whether a Host header refers to this machine, on any port. */
export function isLocalHost(header: string): boolean {
  return isLoopbackHost(header.replace(/:\d+$/, ''));
}

/**
 * Returns whether a request comes from a web page that this machine does not serve. Browsers send the Origin header
 * with every request that can change something, even after DNS rebinding
 * (https://fetch.spec.whatwg.org/#append-a-request-origin-header). Without this header, they send Sec-Fetch-Site, for
 * example for images and scripts (https://www.w3.org/TR/fetch-metadata/). SDKs and tools send neither header. A link on
 * another page may open a page of this machine.
 */
export function isForeignPage(headers: IncomingHttpHeaders): boolean {
  const { origin, 'sec-fetch-site': site, 'sec-fetch-dest': destination } = headers;
  if (origin === undefined) return site === 'cross-site' && destination !== 'document';
  return !isLoopbackUrl(origin);
}
