import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEndpoint } from '../../shared/config/endpoint.ts';
import { type Environment, variableNames } from '../../shared/config/variable-names.ts';
import { isLoopbackUrl } from '../../shared/http/loopback.ts';
import { functionId, httpApiStage } from '../deployment/logical-ids.ts';
import { addGatewayAliases } from '../gateway/gateway-alias.ts';
import { rejectForeignCertificate } from './account-check.ts';
import { buildArtifacts } from './artifacts.ts';
import { codeFolder, listStoredFunctions, setCodeKeys, storeCode } from './code-storage.ts';
import { useIntegrationRole } from './integration-role.ts';
import { describeLogsCommand } from './logs-command.ts';
import { buildManifest } from './manifest.ts';
import type { ArtifactUploader, Hooks, Osls, Template } from './osls.ts';
import { rejectLargeTemplate } from './template-limits.ts';

const buildFolder = '.build';

/** The commands that call AWS or build artifacts for AWS. */
const remoteCommands = new Set(['deploy', 'package', 'remove', 'rollback', 'info', 'logs', 'metrics']);

/** Bundles, zips and uploads each function separately. Rejects commands that would fail or use stage `local` on AWS. */
export default class PackagePlugin {
  readonly hooks: Hooks;
  readonly #osls: Osls;

  constructor(osls: Osls) {
    this.#osls = osls;
    this.#rejectCommand();
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => this.#packageFunctions(),
      'before:deploy:function:packageFunction': () => this.#packageFunctions(),
      'before:package:compileFunctions': () => this.#addGatewayAliases(),
      'after:package:compileEvents': () => this.#completeApi(),
      'after:aws:package:finalize:mergeCustomProviderResources': () => this.#completeTemplate(),
      'after:package:finalize': () => this.#writeManifest(),
      'before:aws:deploy:deploy:createStack': () => this.#checkAccount(),
      'before:aws:deploy:deploy:uploadArtifacts': () => this.#storeCode(),
    };
  }

  get #template(): Template {
    const { compiledCloudFormationTemplate: template } = this.#osls.service.provider;
    if (template === undefined) throw new Error('osls has not compiled a template.');
    return template;
  }

  #rejectCommand(): void {
    const { commands, options } = this.#osls.processedInput;
    const [command = '', subcommand] = commands;
    const isRemote = remoteCommands.has(command) || (command === 'invoke' && subcommand !== 'local');
    const provider = this.#osls.getProvider('aws');
    if (isRemote && provider.getStage() === 'local') {
      throw new this.#osls.classes.Error(
        `Stage local runs only on this machine. Use another stage for '${command}', such as --stage dev.`,
        'LOCAL_STAGE',
      );
    }
    if (command !== 'logs') return;
    const message = describeLogsCommand(provider.getStage(), provider.getRegion(), options.function);
    throw new this.#osls.classes.Error(message, 'SHARED_LOG_GROUP');
  }

  async #packageFunctions(): Promise<void> {
    this.#rejectEndpoint();
    const { serviceDir, service } = this.#osls;
    const functions = Object.entries(service.functions);
    const paths = new Map(functions.map(([name, { handler }]) => [name, handler.slice(0, handler.lastIndexOf('.'))]));
    const zips = await buildArtifacts(paths, join(serviceDir, buildFolder));
    for (const [name, entry] of functions) {
      entry.package = { ...entry.package, artifact: join(buildFolder, zips.get(name) ?? '') };
    }
  }

  #addGatewayAliases(): void {
    Object.assign(this.#template.Resources, addGatewayAliases(this.#osls.service.functions));
  }

  /**
   * Makes the stage depend on the routes, because CloudFormation cannot infer this dependency from the stage's route
   * settings. Replaces the permissions of API Gateway with a role.
   */
  #completeApi(): void {
    const { Resources } = this.#template;
    useIntegrationRole(Resources, this.#osls.service.provider.stage);
    const stage = Resources[httpApiStage];
    if (stage === undefined) return;
    stage.DependsOn = Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::ApiGatewayV2::Route');
  }

  async #completeTemplate(): Promise<void> {
    const { serviceDir, service } = this.#osls;
    const prefix = this.#osls.getProvider('aws').getDeploymentPrefix();
    const folder = codeFolder(prefix, service.service, service.provider.stage);
    await setCodeKeys(this.#template, listStoredFunctions(service.functions, functionId), folder, serviceDir);
    // With a custom domain, the API does not respond at the URL that osls prints.
    if (this.#template.Resources.Domain !== undefined) delete this.#template.Outputs?.HttpApiUrl;
    this.#reportErrors(() => rejectLargeTemplate(this.#template), 'TEMPLATE_TOO_LARGE');
  }

  async #checkAccount(): Promise<void> {
    if (this.#template.Resources.Domain === undefined) return;
    const account = await this.#osls.getProvider('aws').getAccountId();
    this.#reportErrors(() => rejectForeignCertificate(this.#template, account), 'FOREIGN_CERTIFICATE');
  }

  #storeCode(): void {
    const { pluginManager, service, serviceDir } = this.#osls;
    const uploader = pluginManager.plugins.find((plugin) => plugin.constructor.name === 'AwsDeploy');
    if (uploader === undefined) throw new Error('This version of osls has no plugin AwsDeploy.');
    const functions = listStoredFunctions(service.functions, functionId);
    storeCode(uploader as ArtifactUploader, this.#template, functions, serviceDir);
  }

  async #writeManifest(): Promise<void> {
    const { serviceDir, service } = this.#osls;
    const manifest = buildManifest(this.#template, service.provider.stage);
    await writeFile(join(serviceDir, buildFolder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  }

  /** Throws if the environment contains a KMS endpoint that deployed functions would reject or could not reach. */
  #rejectEndpoint(): void {
    const { stage, environment = {} } = this.#osls.service.provider;
    this.#reportErrors(
      () => {
        const endpoint = readEndpoint({ ...environment, [variableNames.stage]: stage } as Environment);
        if (endpoint !== undefined && isLoopbackUrl(endpoint)) {
          throw new Error('AWS_ENDPOINT_URL_KMS must not contain a loopback host in a deployed stage.');
        }
      },
      'ENDPOINT_OVERRIDE',
      'provider.environment: ',
    );
  }

  /** Runs a check. Converts errors to osls errors, which osls prints without a stack. */
  #reportErrors(check: () => void, code: string, prefix = ''): void {
    try {
      check();
    } catch (error) {
      throw new this.#osls.classes.Error(`${prefix}${(error as Error).message}`, code);
    }
  }
}
