import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEndpoint } from '../../shared/config/endpoint.ts';
import { type Environment, variableNames } from '../../shared/config/variable-names.ts';
import { isLoopbackUrl } from '../../shared/http/loopback.ts';
import { httpApiStage } from '../deployment/logical-ids.ts';
import { addGatewayAliases } from '../gateway/gateway-alias.ts';
import { buildArtifacts } from './artifacts.ts';
import { buildManifest } from './manifest.ts';
import type { Hooks, Osls } from './osls.ts';

const buildFolder = '.build';

/** The commands that call AWS or build artifacts for AWS. */
const remoteCommands = new Set(['deploy', 'package', 'remove', 'rollback', 'info', 'logs', 'metrics']);

/** Bundles and zips each function separately. Rejects commands that would use stage `local` on AWS. */
export default class PackagePlugin {
  readonly hooks: Hooks;
  readonly #osls: Osls;

  constructor(osls: Osls) {
    this.#osls = osls;
    const [command = '', subcommand] = osls.processedInput.commands;
    const isRemote = remoteCommands.has(command) || (command === 'invoke' && subcommand !== 'local');
    if (isRemote && osls.getProvider('aws').getStage() === 'local') {
      throw new osls.classes.Error(
        `Stage local runs only on this machine. Use another stage for '${command}', such as --stage dev.`,
        'LOCAL_STAGE',
      );
    }
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => this.#packageFunctions(),
      'before:deploy:function:packageFunction': () => this.#packageFunctions(),
      'before:package:compileFunctions': () => this.#addGatewayAliases(),
      'after:package:compileEvents': () => this.#createStageAfterRoutes(),
      'after:package:finalize': () => this.#writeManifest(),
    };
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
    const { functions, provider } = this.#osls.service;
    Object.assign(provider.compiledCloudFormationTemplate?.Resources ?? {}, addGatewayAliases(functions));
  }

  /** Makes the stage depend on the routes. CloudFormation cannot infer this dependency from the stage's route settings. */
  #createStageAfterRoutes(): void {
    const resources = this.#osls.service.provider.compiledCloudFormationTemplate?.Resources ?? {};
    const stage = resources[httpApiStage];
    if (stage === undefined) return;
    stage.DependsOn = Object.keys(resources).filter((id) => resources[id]?.Type === 'AWS::ApiGatewayV2::Route');
  }

  async #writeManifest(): Promise<void> {
    const { serviceDir, service } = this.#osls;
    const template = service.provider.compiledCloudFormationTemplate;
    if (template === undefined) return;
    const manifest = buildManifest(template, service.provider.stage);
    await writeFile(join(serviceDir, buildFolder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  }

  /** Throws if the environment contains a KMS endpoint that deployed functions would reject or could not reach. */
  #rejectEndpoint(): void {
    const { stage, environment = {} } = this.#osls.service.provider;
    try {
      const endpoint = readEndpoint({ ...environment, [variableNames.stage]: stage } as Environment);
      if (endpoint !== undefined && isLoopbackUrl(endpoint)) {
        throw new Error('AWS_ENDPOINT_URL_KMS must not contain a loopback host in a deployed stage.');
      }
    } catch (error) {
      throw new this.#osls.classes.Error(`provider.environment: ${(error as Error).message}`, 'ENDPOINT_OVERRIDE');
    }
  }
}
