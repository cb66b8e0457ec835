import { join } from 'node:path';
import type { Principal } from '../../emulator/authorization/principal.ts';
import { defaultAccount } from '../../emulator/core/credential.ts';
import { controlPrefix } from '../../emulator/http/control-server.ts';
import { findRunningEmulator } from '../../emulator/http/endpoint-file.ts';
import { type Emulator, ListenError, startEmulator } from '../../emulator/index.ts';
import { SeedError } from '../../emulator/seed/seed-error.ts';
import { StoreError } from '../../emulator/store/store-error.ts';
import { idempotencyVariables } from '../../shared/config/idempotency-settings.ts';
import type { Authorizer } from '../gateway/authorizer.ts';
import type { Hooks, Osls, OslsFunction, PluginUtilities } from '../packaging/osls.ts';
import { type CallLog, createCallPrinter, readCallLog } from './call-lines.ts';
import { createRoleClients, formatRoleAccessKey } from './function-roles.ts';
import type { LocalTable } from './idempotency-table.ts';
import { buildForInvocation, removeInvocationBuild } from './invoke-build.ts';
import { formatFunctionArn } from './list-functions.ts';
import { isolateFromAws } from './local-environment.ts';
import { registerFunctions } from './local-functions.ts';
import { formatUrl, type LocalGateway, prepareLocalGateway } from './local-gateway.ts';
import { buildLocalSeed, readPrincipals, seedVariable } from './local-seed.ts';
import type { LocalSettings } from './local-settings.ts';
import { isPortInUse } from './port.ts';
import { findMissingPrincipals } from './running-emulator.ts';
import { buildTryCommand } from './try-command.ts';

const emulatorPort = 4599;
/** What `npm start` prints instead of a command if callers need a role. */
const roleAdvice = `sign a request as a role in ${seedVariable} (docs/guides/rehearsing.md)`;

/** The host and ports of the API and Lambda. */
interface Addresses {
  readonly host: string;
  readonly httpPort: number;
  readonly lambdaPort: number;
}

/** Starts the emulator for `invoke local` and `offline` in stage `local`, and makes the functions call the emulator. */
export default class EmulatorPlugin {
  readonly hooks: Hooks = {};
  readonly #osls: Osls;
  readonly #directory: string;
  #emulator: Emulator | undefined;
  #table: LocalTable | undefined;
  #gateway: LocalGateway | undefined;
  #addresses: Addresses | undefined;
  #principals: ReadonlyMap<string, Principal> = new Map();

  constructor(osls: Osls, options: Record<string, unknown>, utilities: PluginUtilities) {
    this.#osls = osls;
    this.#directory = join(osls.serviceDir, '.kms');
    const aws = osls.getProvider('aws');
    if (aws.getStage() !== 'local') return;
    isolateFromAws(process.env, aws.getRegion());
    this.hooks = {
      // The constructor is too early to delete this option, because osls sets all options again after it loads the plugins.
      initialize: () => delete aws.options['aws-profile'],
      'before:invoke:local:invoke': () => this.#beforeInvokeLocal(options),
      'after:invoke:local:invoke': () => this.#close(),
      'before:offline:start:init': () => this.#beforeOffline(options, utilities),
      'before:offline:start': () => this.#beforeOffline(options, utilities).then(() => this.#listen()),
      'before:offline:start:ready': () => this.#listen(),
      'before:offline:start:end': () => this.#close(),
      finalize: () => this.#close(),
    };
  }

  async #beforeInvokeLocal(options: Record<string, unknown>): Promise<void> {
    const endpoint = await this.#startEmulator({ port: 0, announce: false });
    await this.#restoreSeed(endpoint);
    // osls has already read provider.environment, so only this process's environment still takes effect.
    process.env.AWS_ENDPOINT_URL_KMS = endpoint;
    // The emulator must not keep the process running if a handler fails to load.
    this.#emulator?.unref();
    const entry = this.#osls.service.getFunction(String(options.function));
    Object.assign(process.env, await this.#openTable(endpoint, [entry]));
    this.#table?.unref();
    const key = String(options.function);
    const settings = this.#readSettings();
    if (settings.roles[key] !== undefined) process.env.AWS_ACCESS_KEY_ID = formatRoleAccessKey(key);
    const [event] = (entry.events ?? []) as { httpApi?: { authorizer?: Authorizer } }[];
    const { region, auth, issuer, audience } = settings;
    const invoked = {
      settings: {
        region,
        auth,
        ...(issuer === undefined ? {} : { issuer }),
        ...(audience === undefined ? {} : { audience }),
      },
      authorizer: event?.httpApi?.authorizer,
      emulator: endpoint,
    };
    const arn = formatFunctionArn(
      { region: this.#osls.getProvider('aws').getRegion(), account: defaultAccount },
      entry.name,
    );
    entry.handler = await buildForInvocation(entry.handler, this.#osls.serviceDir, invoked, arn);
  }

  #readSettings(): LocalSettings {
    return this.#osls.service.custom.deployment?.local as LocalSettings;
  }

  async #beforeOffline(options: Record<string, unknown>, utilities: PluginUtilities): Promise<void> {
    if (this.#emulator !== undefined) return;
    this.#addresses = this.#readAddresses(options);
    const { host, httpPort, lambdaPort } = this.#addresses;
    for (const port of [httpPort, lambdaPort]) {
      if (await isPortInUse(port, host))
        throw new this.#osls.classes.Error(
          `Port ${port} on ${host} is already in use. For a second stage, add --httpPort 3010 --lambdaPort 3012.`,
          'PORT_IN_USE',
        );
    }
    const callLog = this.#readCallLog();
    const endpoint = await this.#startEmulator({ port: emulatorPort, announce: true });
    const { provider } = this.#osls.service;
    provider.environment = {
      ...provider.environment,
      AWS_ENDPOINT_URL_KMS: endpoint,
      ...(await this.#openTable(endpoint, Object.values(this.#osls.service.functions))),
      // Short lines replace the records of the functions, except for failures, whose records contain the stack.
      ...(callLog === 'text' && { POWERTOOLS_LOG_LEVEL: 'ERROR' }),
    };
    const settings = this.#readSettings();
    const regions = [this.#osls.getProvider('aws').getRegion(), ...settings.regions];
    registerFunctions(this.#osls, await createRoleClients(Object.keys(settings.roles), endpoint, regions, process.env));
    this.#gateway = prepareLocalGateway(
      this.#osls,
      options,
      utilities,
      createCallPrinter(callLog),
      settings,
      this.#principals,
    );
  }

  #readCallLog(): CallLog {
    try {
      return readCallLog(process.env);
    } catch (error) {
      throw new this.#osls.classes.Error((error as Error).message, 'CALL_LOG');
    }
  }

  /** Returns the endpoint of the emulator that uses the data directory. Starts an emulator if none uses the directory. */
  async #startEmulator({ port, announce }: { port: number; announce: boolean }): Promise<string> {
    const { [seedVariable]: seedFile } = process.env;
    try {
      const seed = await buildLocalSeed(seedFile || undefined, this.#readSettings());
      this.#principals = readPrincipals(seed);
      const running = await findRunningEmulator(this.#directory);
      if (running !== undefined) {
        await this.#requirePrincipals(running.url);
        return running.url;
      }
      this.#emulator = await startEmulator({ port, announce, directory: this.#directory, seed });
    } catch (error) {
      if (!(error instanceof StoreError || error instanceof ListenError || error instanceof SeedError)) throw error;
      throw new this.#osls.classes.Error(`The KMS emulator cannot start: ${error.message}`, 'KMS_EMULATOR');
    }
    return this.#emulator.endpoint;
  }

  /** Throws if the emulator that already runs does not know the callers in the seed and the functions' roles. */
  async #requirePrincipals(url: string): Promise<void> {
    const missing = await findMissingPrincipals(url, [...this.#principals.keys()]);
    if (missing.length === 0) return;
    throw new this.#osls.classes.Error(
      `The KMS emulator at ${url} already runs without the principals of this command, such as ${missing[0]}. Stop it, or start it with the same parameters and ${seedVariable}.`,
      'KMS_EMULATOR',
    );
  }

  /** Opens the table for idempotency keys if a function needs it. Returns the variables for the function. */
  async #openTable(emulator: string, functions: readonly OslsFunction[]): Promise<Record<string, string>> {
    const names = functions.flatMap(({ environment }) => environment?.[idempotencyVariables.table] ?? []);
    const [tableName] = names;
    if (tableName === undefined) return {};
    try {
      const { openIdempotencyTable } = await import('./idempotency-table.ts');
      this.#table = await openIdempotencyTable(join(this.#directory, 'idempotency'), tableName);
    } catch (error) {
      throw new this.#osls.classes.Error(
        `The table for idempotency keys cannot start: ${(error as Error).message}`,
        'IDEMPOTENCY_TABLE',
      );
    }
    return {
      [idempotencyVariables.tableEndpoint]: this.#table.endpoint,
      [idempotencyVariables.taggingEndpoint]: emulator,
    };
  }

  async #restoreSeed(endpoint: string): Promise<void> {
    if (this.#emulator !== undefined) await this.#emulator.restoreSeed();
    else await fetch(`${endpoint}${controlPrefix}restore-seed`, { method: 'POST' });
  }

  /** Returns the host and ports of the API and Lambda. The command line takes precedence over serverless.yml. */
  #readAddresses(options: Record<string, unknown>): Addresses {
    const configured = { ...this.#osls.service.custom['serverless-offline'], ...options };
    const { host, httpPort, lambdaPort } = configured;
    return { host: String(host), httpPort: Number(httpPort), lambdaPort: Number(lambdaPort) };
  }

  async #listen(): Promise<void> {
    if (this.#addresses === undefined) return;
    const emulator = String(this.#osls.service.provider.environment?.AWS_ENDPOINT_URL_KMS);
    await this.#gateway?.listen({ ...this.#addresses, emulator });
    this.#printUrls(this.#addresses, emulator);
  }

  #printUrls({ host, httpPort, lambdaPort }: Addresses, emulator: string): void {
    const api = formatUrl(host, httpPort);
    process.stdout.write(
      [
        '',
        `API:          ${api}`,
        `Lambda:       ${formatUrl(host, lambdaPort)}`,
        `KMS emulator: ${emulator}`,
        `Console:      ${emulator}/`,
        `Docs:         ${api}/docs`,
        ...this.#describeNotApplied(),
        `Try:          ${buildTryCommand(api, this.#readSettings()) ?? roleAdvice}`,
        '',
        '',
      ].join('\n'),
    );
  }

  #describeNotApplied(): string[] {
    const { notApplied } = this.#readSettings();
    if (notApplied.length === 0) return [];
    return [`Not applied:  ${notApplied.join(', ')} (docs/reference/configuration.md explains why)`];
  }

  async #close(): Promise<void> {
    await this.#gateway?.close();
    this.#gateway = undefined;
    removeInvocationBuild(this.#osls.serviceDir);
    await this.#table?.close();
    this.#table = undefined;
    await this.#emulator?.close();
    this.#emulator = undefined;
  }
}
