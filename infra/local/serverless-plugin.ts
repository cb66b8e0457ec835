import { join } from 'node:path';
import { controlPrefix } from '../../emulator/http/control-server.ts';
import { findRunningEmulator } from '../../emulator/http/endpoint-file.ts';
import { type Emulator, ListenError, startEmulator } from '../../emulator/index.ts';
import { StoreError } from '../../emulator/store/store-error.ts';
import type { Hooks, Osls } from '../packaging/osls.ts';
import { buildForInvocation, removeInvocationBuild } from './invoke-build.ts';
import { cutOffFromAws } from './local-environment.ts';
import { isTaken } from './port.ts';

const emulatorPort = 4599;

/** Pages that this machine serves may call the API; told nothing, serverless-offline lets in those of any site. */
const corsOfThisMachine = {
  allowedOrigins: ['http://localhost:*', 'http://127.0.0.1:*'],
  allowedMethods: ['GET', 'POST', 'PUT', 'DELETE'],
  allowedHeaders: ['content-type', 'authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256'],
  exposedResponseHeaders: ['retry-after', 'apigw-requestid'],
};

/** In stage `local`: starts the emulator for `invoke local` and `offline`, and points the functions at it. */
export default class EmulatorPlugin {
  readonly hooks: Hooks = {};
  readonly #osls: Osls;
  readonly #directory: string;
  #emulator: Emulator | undefined;

  constructor(osls: Osls, options: Record<string, unknown>) {
    this.#osls = osls;
    this.#directory = join(osls.serviceDir, '.kms');
    const aws = osls.getProvider('aws');
    if (aws.getStage() !== 'local') return;
    cutOffFromAws(process.env, aws.getRegion());
    this.hooks = {
      // Not above: osls fills the options anew once all plugins are there.
      initialize: () => delete aws.options['aws-profile'],
      'before:invoke:local:invoke': () => this.#beforeInvokeLocal(options),
      'after:invoke:local:invoke': () => this.#close(),
      'before:offline:start:init': () => this.#beforeOffline(options),
      'before:offline:start': () => this.#beforeOffline(options),
      'offline:start:ready': () => this.#greet(options),
      'before:offline:start:end': () => this.#close(),
      finalize: () => this.#close(),
    };
  }

  async #beforeInvokeLocal(options: Record<string, unknown>): Promise<void> {
    const endpoint = await this.#start({ port: 0, announce: false });
    await this.#restoreSeed(endpoint);
    // osls reads provider.environment before this hook: only the process's own environment comes in time.
    process.env.AWS_ENDPOINT_URL_KMS = endpoint;
    // A handler that fails to load must not keep the process waiting on a listening emulator.
    this.#emulator?.unref();
    const entry = this.#osls.service.getFunction(String(options.function));
    entry.handler = await buildForInvocation(entry.handler, this.#osls.serviceDir);
  }

  async #beforeOffline(options: Record<string, unknown>): Promise<void> {
    if (this.#emulator !== undefined) return;
    const { host, httpPort, lambdaPort } = this.#addressesOf(options);
    for (const port of [httpPort, lambdaPort]) {
      if (await isTaken(port, host))
        throw new this.#osls.classes.Error(`port ${port} on ${host} is already in use`, 'PORT_TAKEN');
    }
    const endpoint = await this.#start({ port: emulatorPort, announce: true });
    const { provider } = this.#osls.service;
    provider.environment = { ...provider.environment, AWS_ENDPOINT_URL_KMS: endpoint };
    provider.httpApi = { ...provider.httpApi, cors: corsOfThisMachine };
  }

  /** The endpoint of the emulator that runs on the data directory, or of one that is started here. */
  async #start({ port, announce }: { port: number; announce: boolean }): Promise<string> {
    const running = await findRunningEmulator(this.#directory);
    if (running !== undefined) return running.url;
    try {
      this.#emulator = await startEmulator({ port, announce, directory: this.#directory, seed: 'default' });
    } catch (error) {
      if (!(error instanceof StoreError || error instanceof ListenError)) throw error;
      throw new this.#osls.classes.Error(`The KMS emulator cannot start: ${error.message}`, 'KMS_EMULATOR');
    }
    return this.#emulator.endpoint;
  }

  async #restoreSeed(endpoint: string): Promise<void> {
    if (this.#emulator !== undefined) await this.#emulator.restoreSeed();
    else await fetch(`${endpoint}${controlPrefix}restore-seed`, { method: 'POST' });
  }

  /** Where serverless-offline will listen: what the command line says, else serverless.yml. */
  #addressesOf(options: Record<string, unknown>): { host: string; httpPort: number; lambdaPort: number } {
    const configured = { ...this.#osls.service.custom['serverless-offline'], ...options };
    const { host, httpPort, lambdaPort } = configured;
    return { host: String(host), httpPort: Number(httpPort), lambdaPort: Number(lambdaPort) };
  }

  #greet(options: Record<string, unknown>): void {
    const { httpPort } = this.#addressesOf(options);
    const api = `http://localhost:${httpPort}`;
    process.stdout.write(
      [
        '',
        `API:          ${api}`,
        `Docs:         ${api}/docs`,
        `KMS emulator: ${String(this.#osls.service.provider.environment?.AWS_ENDPOINT_URL_KMS)}`,
        'Try:          ' +
          `curl -s ${api}/keys/alias.example/encrypt -H 'content-type: application/json' -d '{"Plaintext":"aGVsbG8="}'`,
        '',
        '',
      ].join('\n'),
    );
  }

  async #close(): Promise<void> {
    removeInvocationBuild(this.#osls.serviceDir);
    await this.#emulator?.close();
    this.#emulator = undefined;
  }
}
