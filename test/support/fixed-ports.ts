import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

/** Where `npm start` listens: API, Lambda, emulator. */
export const fixedPorts = [3000, 3002, 4599] as const;

const host = '127.0.0.1';
/** Held by whoever uses the fixed ports: test files that run at the same time, of this checkout or another, take turns. */
const turnPort = 45_990;
const turnMs = 240_000;

/** Listens, or answers `undefined` where the port is taken. */
export function hold(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => resolve(server));
  });
}

export function release(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** The fixed ports on which something listens. */
export async function takenPorts(): Promise<number[]> {
  const taken: number[] = [];
  for (const port of fixedPorts) {
    const server = await hold(port);
    if (server === undefined) taken.push(port);
    else await release(server);
  }
  return taken;
}

/** Gives the tests of a file the fixed ports, once no other file has them. Fails where another program does. */
export function useFixedPorts(): void {
  let turn: Server | undefined;
  beforeAll(async () => {
    while (turn === undefined) {
      turn = await hold(turnPort);
      if (turn === undefined) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const taken = await takenPorts();
    if (taken.length > 0) throw new Error(`these tests need ports that another program has: ${taken}`);
  }, turnMs);
  afterAll(async () => {
    if (turn !== undefined) await release(turn);
  });
}
