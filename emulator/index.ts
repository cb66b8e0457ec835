import type { Server } from 'node:http';
import { suggestName } from '../shared/errors/closest-name.ts';
import { isLoopbackHost } from '../shared/http/loopback.ts';
import { Authorizer } from './authorization/authorizer.ts';
import type { serveConsole as ServeConsole } from './console/serve-console.ts';
import { createClock } from './core/clock.ts';
import { toStorageError } from './core/storage-error.ts';
import { type ControlApi, createControlApi } from './http/control-api.ts';
import { ControlServer } from './http/control-server.ts';
import { checkControlToken } from './http/control-token.ts';
import { CorsOrigins } from './http/cors.ts';
import { Dispatcher } from './http/dispatcher.ts';
import { removeEndpointFile, writeEndpointFile } from './http/endpoint-file.ts';
import { createHttpServer } from './http/http-server.ts';
import { createRequestHandler, type RequestHandler } from './http/in-process/request-handler.ts';
import type { LatencyMs } from './http/latency.ts';
import { formatOrigin, ListenError, listen } from './http/listen.ts';
import { RequestQuotas } from './http/request-quotas.ts';
import type { LogFormat } from './http/requests/print-requests.ts';
import { RequestLog } from './http/requests/request-log.ts';
import { startPrinting } from './http/requests/start-printing.ts';
import type { Tls } from './http/tls/start-tls.ts';
import type { TlsOptions } from './http/tls/tls-options.ts';
import { applySeed } from './seed/apply-seed.ts';
import { createOrganizationPolicies } from './seed/create-organization-policies.ts';
import { createPrincipals } from './seed/create-principals.ts';
import { loadSeed } from './seed/load-seed.ts';
import type { LocalKmsOptions } from './seed/local-kms/translate-local-kms.ts';
import { type ParsedSeed, type SeedInput, seedSource } from './seed/seed-schema.ts';
import { validateSeed } from './seed/validate-seed.ts';
import { openStore } from './store/store.ts';
import { toStoreError } from './store/store-error.ts';

export type { ExplainedPermission, ExplainedStatement, Explanation } from './authorization/explain.ts';
export type { ExplainRequest } from './http/explain-request.ts';
export type { RequestHandler, SdkRequest, SdkResponse } from './http/in-process/request-handler.ts';
export { ListenError } from './http/listen.ts';
export { OptionError } from './http/option-error.ts';
export type { LogFormat } from './http/requests/print-requests.ts';
export type { KnownPrincipal, RequestRecord } from './http/requests/request-record.ts';
export type { CreatedCertificate, OwnCertificate, TlsOptions } from './http/tls/tls-options.ts';
export type { LocalKmsOptions } from './seed/local-kms/translate-local-kms.ts';
export { SeedError } from './seed/seed-error.ts';
export type { SeedInput } from './seed/seed-schema.ts';
export { StoreError } from './store/store-error.ts';

export interface EmulatorOptions {
  /** The TCP port. The default, 0, selects a free port. */
  readonly port?: number;
  /**
   * The address to listen on. Default: 127.0.0.1. With an address other than loopback, the emulator rejects the default
   * seed, because its key material is public.
   */
  readonly host?: string;
  /** `false` opens no port. Clients then need `requestHandler`. Default: true. */
  readonly listen?: boolean;
  /**
   * The directory that stores the keys. The emulator creates it if it does not exist. Several processes can share a
   * directory. Without a directory, everything is stored in memory and is lost when the emulator closes.
   */
  readonly directory?: string;
  /** Writes `endpoint.json` to the data directory, so that other processes can find this emulator. Default: true. */
  readonly announce?: boolean;
  /** Throttles requests at the default AWS request quotas, multiplied by this factor. Default: no throttling. */
  readonly quotas?: number;
  /** Delays each response by this number of milliseconds, or by a random number in this range. Default: 0. */
  readonly latencyMs?: LatencyMs;
  /**
   * Verifies request signatures with the secret access keys in the seed, and rejects all other callers. Default: false.
   */
  readonly verifySignatures?: boolean;
  /**
   * Provides the predefined aliases `alias/aws/…`. DescribeKey creates an alias's AWS managed key. Default: the seed's
   * `AwsManagedKeys`, or false.
   */
  readonly awsManagedKeys?: boolean;
  /**
   * Accepts control API requests from other machines if they have the header `Authorization: Bearer TOKEN`. The token
   * must have at least 16 characters. Default: the control API accepts only requests from this machine.
   */
  readonly controlToken?: string;
  /**
   * Prints a line for each request to standard output, as text or as the JSON of the request record. Default: `off`.
   */
  readonly log?: LogFormat;
  /**
   * Also accepts TLS on the same port. With `true` or `names`, the emulator creates a certificate for localhost,
   * 127.0.0.1, ::1 and the names. Default: false.
   */
  readonly tls?: boolean | TlsOptions;
  /**
   * The web origins, such as `http://localhost:5173`, whose pages may call KMS and read the responses. The control API
   * is not affected. Default: none.
   */
  readonly cors?: readonly string[];
  /**
   * The initial keys: an object, the path of a seed file, or YAML text. `default` selects the keys in the sample
   * events. Default: `none`.
   *
   * @example
   * ```ts
   * startEmulator({ seed: 'seed.yaml' });
   * startEmulator({ seed: { Keys: [{ KeyId: '11111111-1111-4111-8111-111111111111', Aliases: ['alias/app'] }] } });
   * ```
   */
  readonly seed?: SeedInput | ParsedSeed | 'default' | 'none' | (string & {}) | URL;
  /** The account and the Region of the keys in a local-kms seed. Default: 000000000000 and eu-west-2. */
  readonly localKms?: LocalKmsOptions;
}

/** A running emulator. */
export interface Emulator extends ControlApi {
  /**
   * The URL `http://127.0.0.1:PORT`. Use it as `AWS_ENDPOINT_URL_KMS` or as the `endpoint` of an SDK client. Without a
   * port, a URL that only `requestHandler` answers.
   */
  readonly endpoint: string;
  /** The URL `https://127.0.0.1:PORT`. Absent without the option `tls`. */
  readonly tlsEndpoint?: string;
  /**
   * The PEM file that TLS clients must trust, for example with `NODE_EXTRA_CA_CERTS`. Absent without the option `tls`,
   * and with your own certificate.
   */
  readonly caFile?: string;
  /** The TCP port, or 0 without a port. */
  readonly port: number;
  /**
   * Answers the requests of an SDK client without a connection.
   *
   * @example
   * ```ts
   * const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
   * const kms = new KMSClient({ requestHandler: emulator.requestHandler, region: 'us-east-1', credentials });
   * ```
   */
  readonly requestHandler: RequestHandler;
  /** Lets the process exit while the emulator is still listening. */
  unref(): void;
  /** Closes all connections and the store. */
  close(): Promise<void>;
}

/** The top-level domain `invalid` never resolves (https://www.rfc-editor.org/rfc/rfc2606#section-2). */
const endpointWithoutPort = 'http://kms-emulator.invalid';

/**
 * Starts an emulator in this process. Resolves when the emulator accepts requests. Throws StoreError if the data
 * directory cannot be used, SeedError if the seed is invalid, OptionError if an origin, a TLS name or a certificate cannot
 * be used, and ListenError if the address or port is not available.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  checkOptions(options);
  const { host = '127.0.0.1', port = 0, directory, quotas, latencyMs = 0, verifySignatures } = options;
  const loaded = await loadSeed(options.seed, options.localKms);
  if (loaded[seedSource].isPublic && !isLoopbackHost(host)) {
    throw new ListenError(
      `the default seed contains public key material: to listen on ${host}, use another seed (--seed FILE) or no seed (--no-seed)`,
    );
  }
  checkControlToken(options.controlToken);
  const seed = await validateSeed(loaded);
  const cors = new CorsOrigins(options.cors);
  const clock = createClock();
  const store = openStore(directory);
  const principals = createPrincipals(seed);
  const requests = new RequestLog();
  const authorizer = new Authorizer(principals, {
    verifiesSignatures: verifySignatures,
    organization: createOrganizationPolicies(seed),
    admitsUndeclared: seed.UndeclaredPrincipals === 'root',
  });
  const requestQuotas = quotas === undefined ? undefined : new RequestQuotas(quotas);
  const hasAwsManagedKeys = options.awsManagedKeys ?? seed.AwsManagedKeys;
  const dispatcher = new Dispatcher(store, clock, authorizer, { quotas: requestQuotas, hasAwsManagedKeys });
  const control = createControlApi({ store, clock, seed, principals, dispatcher, requests });
  let isClosed = false;
  const services = { dispatcher, authorizer, requests, latencyMs, cors, isClosed: () => isClosed };
  const server = createHttpServer(services, {
    control: new ControlServer(control, requests, options.controlToken),
    serveConsole: loadAndServeConsole,
  });
  const announcedIn = options.announce === false || options.listen === false ? undefined : directory;
  let tls: Tls | undefined;
  try {
    await applySeed(store, seed, clock.now());
    tls = options.listen === false ? undefined : await startTls(server, host, options);
    const address = options.listen === false ? undefined : await listen(server, port, host);
    const endpoint = address === undefined ? endpointWithoutPort : formatOrigin(address);
    const tlsAddress = tls &&
      address && {
        tlsEndpoint: formatOrigin(address, 'https'),
        ...(tls.caFile === undefined ? {} : { caFile: tls.caFile }),
      };
    if (announcedIn !== undefined) writeEndpointFile(announcedIn, { pid: process.pid, url: endpoint, ...tlsAddress });
    const stopPrinting = await startPrinting(requests, options.log);
    return {
      endpoint,
      ...tlsAddress,
      port: address?.port ?? 0,
      requestHandler: createRequestHandler(services),
      ...control,
      unref: () => {
        server.unref();
        // Clients keep their connections open for a minute.
        server.on('connection', (socket) => socket.unref());
      },
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        await new Promise((resolve) => {
          server.close(resolve);
          server.closeAllConnections();
          tls?.close();
        });
        stopPrinting();
        if (announcedIn !== undefined) removeEndpointFile(announcedIn);
        store.close();
      },
    };
  } catch (error) {
    server.close();
    tls?.close();
    store.close();
    throw toStorageError(error) === undefined ? error : toStoreError(error, directory ?? 'memory');
  }
}

/** Loads the console's module on the first request, because most emulators never serve the console. */
async function loadAndServeConsole(...[request, response]: Parameters<typeof ServeConsole>): Promise<void> {
  const { serveConsole } = await import('./console/serve-console.ts');
  return serveConsole(request, response);
}

/** The names of all options, so that a misspelled name does not go unnoticed in JavaScript. */
const optionNames = Object.keys({
  port: true,
  host: true,
  listen: true,
  directory: true,
  announce: true,
  quotas: true,
  latencyMs: true,
  verifySignatures: true,
  awsManagedKeys: true,
  tls: true,
  cors: true,
  controlToken: true,
  log: true,
  seed: true,
  localKms: true,
} satisfies Record<keyof EmulatorOptions, true>);

function checkOptions(options: EmulatorOptions): void {
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`startEmulator has no option ${unknown}.${suggestName(unknown, optionNames)}`);
  }
  const { latencyMs = 0, quotas = 1, log = 'off' } = options;
  if (!['json', 'text', 'off'].includes(log)) throw new TypeError('log must be json, text or off.');
  const [min, max] = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs;
  if (!(min >= 0 && max >= min)) {
    throw new RangeError('latencyMs must be a number of milliseconds, or a range that starts with the smaller number.');
  }
  if (!(quotas > 0)) throw new RangeError('quotas must be a number greater than 0.');
}

/** Loads the code for TLS only if it is used. */
async function startTls(server: Server, host: string, { tls, directory }: EmulatorOptions): Promise<Tls | undefined> {
  if (tls === undefined || tls === false) return undefined;
  const module = await import('./http/tls/start-tls.ts');
  return module.startTls(server, tls === true ? {} : tls, host, directory);
}
