import { createServer } from 'node:net';

/** Checks whether another process listens on a port. With port 0, the system selects a free port, so that port is never in use. */
export async function isPortInUse(port: number, host: string): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    probe.listen(port, host, () => probe.close(() => resolve(false)));
  });
}
