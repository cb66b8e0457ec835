const loopbackHosts = new Set(['127.0.0.1', 'localhost', '::1']);

/** Returns `true` if a host name refers to this machine. An IPv6 address may be in brackets, as in a URL. */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHosts.has(hostname.replace(/^\[(.*)\]$/, '$1'));
}

/** Returns `true` if a URL points to this machine. */
export function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}
