import type { AddressInfo } from 'node:net';
import { isLoopbackHost } from '../shared/http/loopback.ts';
import { Authorizer } from './authorization/authorizer.ts';
import { createClock } from './core/clock.ts';
import { toStorageError } from './core/storage-error.ts';
import { type ControlApi, createControlApi } from './http/control-api.ts';
import { controlOperations } from './http/control-operations.ts';
import { ControlServer } from './http/control-server.ts';
import { Dispatcher } from './http/dispatcher.ts';
import { removeEndpointFile, writeEndpointFile } from './http/endpoint-file.ts';
import { createHttpServer } from './http/http-server.ts';
import type { LatencyMs } from './http/latency.ts';
import { Quotas } from './http/request-quotas.ts';
import { applySeed } from './seed/apply-seed.ts';
import { createPrincipals } from './seed/create-principals.ts';
import { loadDefaultSeed } from './seed/read-seed.ts';
import type { Seed } from './seed/seed-schema.ts';
import { validateSeed } from './seed/validate-seed.ts';
import { openStore } from './store/store.ts';
import { toStoreError } from './store/store-error.ts';

export { parseSeed, readSeed } from './seed/read-seed.ts';
export { SeedError } from './seed/seed-error.ts';
export type { Seed } from './seed/seed-schema.ts';

export interface EmulatorOptions {
  /** TCP port; 0 (the default) takes any free one. */
  readonly port?: number;
  /** Address to listen on; 127.0.0.1 by default. The default seed, whose material is public, is refused on any other. */
  readonly host?: string;
  /** Data directory, made where absent. Without one, everything is in memory and gone at the end. */
  readonly directory?: string;
  /** Whether other processes are told, by `endpoint.json` in the data directory, where this one listens; true by default. */
  readonly announce?: boolean;
  /** Throttles as AWS does, at AWS's default request quotas times this factor; not at all by default. */
  readonly quotas?: number;
  /** How long each answer is held back, in milliseconds: a number, or a range. */
  readonly latencyMs?: LatencyMs;
  /** Whether signatures are verified, with the secrets of the seed's principals: nobody else may call then. */
  readonly verifySignatures?: boolean;
  /** Keys that are there from the start: from `readSeed` or `parseSeed`. `default`: those behind the sample events. `none` by default. */
  readonly seed?: Seed | 'default' | 'none';
}

export interface Emulator extends ControlApi {
  /** `http://127.0.0.1:PORT`: what `AWS_ENDPOINT_URL_KMS` or an SDK's `endpoint` takes. */
  readonly endpoint: string;
  readonly port: number;
  /** Lets the process end although the emulator listens. */
  unref(): void;
  /** Ends open connections, then closes the store. */
  close(): Promise<void>;
}

/** The address to listen on is taken, or is not one of this machine's. */
export class ListenError extends Error {
  override name = 'ListenError';
}

/** Starts a KMS endpoint in this process. Throws StoreError, SeedError or ListenError. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = '127.0.0.1', port = 0, directory } = options;
  if (options.seed === 'default' && !isLoopbackHost(host)) {
    throw new ListenError(`the default seed is public: on ${host} give a seed of your own, or none`);
  }
  const seed = await validateSeed(seedOf(options.seed));
  const authorizer = new Authorizer(createPrincipals(seed), options.verifySignatures);
  const clock = createClock();
  const store = openStore(directory);
  const control = createControlApi(store, clock, seed);
  const quotas = options.quotas === undefined ? undefined : new Quotas(options.quotas);
  const controlServer = new ControlServer(controlOperations(control));
  const server = createHttpServer(
    new Dispatcher(store, clock, authorizer, quotas),
    controlServer,
    options.latencyMs ?? 0,
  );
  try {
    await applySeed(store, seed, clock.now());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    store.close();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new ListenError(`port ${port} of ${host} is taken`);
    if (code === 'EADDRNOTAVAIL' || code === 'EACCES')
      throw new ListenError(`cannot listen on ${host}:${port}: ${message}`);
    throw toStorageError(error) === undefined ? error : toStoreError(error, directory ?? 'memory');
  }
  const address = server.address() as AddressInfo;
  const endpoint = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  const isAnnounced = directory !== undefined && options.announce !== false;
  try {
    if (isAnnounced) writeEndpointFile(directory, { pid: process.pid, url: endpoint });
  } catch (error) {
    server.close();
    store.close();
    throw toStoreError(error, directory ?? 'memory');
  }
  return {
    endpoint,
    port: address.port,
    ...control,
    unref: () => server.unref(),
    close: async () => {
      if (!server.listening) return;
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      if (isAnnounced) removeEndpointFile(directory);
      store.close();
    },
  };
}

function seedOf(seed: EmulatorOptions['seed']): Seed {
  if (seed === 'default') return loadDefaultSeed();
  if (seed === undefined || seed === 'none') return { Version: 1, Keys: [] };
  return seed;
}
