import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Reports that the port is in use, or that the address is not available on this machine. */
export class ListenError extends Error {
  override name = 'ListenError';
}

/** Starts listening and returns the address. Throws ListenError if the address or port is not available. */
export async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new ListenError(
        `port ${port} on ${host} is already in use: stop the program that uses it, or choose another port (0 selects a free port)`,
      );
    }
    if (code === 'EADDRNOTAVAIL' || code === 'EACCES') {
      throw new ListenError(`cannot listen on ${host}:${port}: ${message}`);
    }
    throw error;
  }
  return server.address() as AddressInfo;
}

/** Formats an address as a URL origin, such as `http://127.0.0.1:4599`. */
export function formatOrigin({ family, address, port }: AddressInfo, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
