import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

/** The ports that `npm start` uses for the API, Lambda and the emulator. */
export const fixedPorts = [3000, 3002, 4599] as const;

const host = '127.0.0.1';
/** The lock for the fixed ports. Only the test file that listens on this port may use them, in any checkout. */
const turnPort = 45_990;
const turnMs = 240_000;

/** Listens on a port. Returns `undefined` if the port is in use. */
export function holdPort(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => resolve(server));
  });
}

export function releasePort(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Lists the fixed ports that are in use. */
export async function listUsedPorts(): Promise<number[]> {
  const used: number[] = [];
  for (const port of fixedPorts) {
    const server = await holdPort(port);
    if (server === undefined) used.push(port);
    else await releasePort(server);
  }
  return used;
}

/** Reserves the fixed ports for the tests in a file. Waits for other test files. Fails if another program uses a port. */
export function useFixedPorts(): void {
  let turn: Server | undefined;
  beforeAll(async () => {
    while (turn === undefined) {
      turn = await holdPort(turnPort);
      if (turn === undefined) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const used = await listUsedPorts();
    if (used.length > 0) throw new Error(`Another program uses ports that these tests require: ${used}.`);
  }, turnMs);
  afterAll(async () => {
    if (turn !== undefined) await releasePort(turn);
  });
}
