import { controlPrefix } from '../http/control-server.ts';

const timeoutMs = 2_000;

/** Returns whether an emulator on this machine answers on the port. */
export async function isHealthy(port: number): Promise<boolean> {
  try {
    const url = `http://127.0.0.1:${port}${controlPrefix}health`;
    return (await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })).ok;
  } catch {
    return false;
  }
}
