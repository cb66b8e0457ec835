import { createServer } from 'node:net';

/**
 * Checks whether another process listens on a port. Port 0 is never in use, because the system then selects a free
 * port.
 */
export async function isPortInUse(port: number, host: string): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    probe.listen(port, host, () => probe.close(() => resolve(false)));
  });
}
