import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLoopbackUrl } from '../shared/http/loopback.ts';
import { endpointOverride } from '../shared/kms/endpoint.ts';
import { makeArtefacts } from './artifacts.ts';
import { targetGatewayAlias } from './gateway/alias.ts';
import { httpApiStage } from './gateway/stage.ts';
import { manifestOf } from './manifest.ts';
import type { Hooks, Osls } from './osls.ts';

const buildFolder = '.build';

/** Commands that go to AWS, or make what only AWS takes. */
const deployedOnly = new Set(['deploy', 'package', 'remove', 'rollback', 'info', 'logs', 'metrics']);

/** Bundles and zips the functions, one small zip each, and keeps stage `local` on this machine. */
export default class PackagePlugin {
  readonly hooks: Hooks;
  readonly #osls: Osls;

  constructor(osls: Osls) {
    this.#osls = osls;
    const [command = '', subcommand] = osls.processedInput.commands;
    const isRemote = deployedOnly.has(command) || (command === 'invoke' && subcommand !== 'local');
    if (isRemote && osls.getProvider('aws').getStage() === 'local') {
      throw new osls.classes.Error(
        `Stage local runs on this machine only: '${command}' needs a stage of your own, as in --stage dev.`,
        'LOCAL_STAGE',
      );
    }
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => this.#packageAll(),
      'before:deploy:function:packageFunction': () => this.#packageAll(),
      'before:package:compileFunctions': () => this.#targetAliases(),
      'after:package:compileEvents': () => this.#orderStage(),
      'after:package:finalize': () => this.#writeManifest(),
    };
  }

  async #packageAll(): Promise<void> {
    this.#refuseEndpoint();
    const { serviceDir, service } = this.#osls;
    const functions = Object.entries(service.functions);
    const paths = new Map(functions.map(([name, { handler }]) => [name, handler.slice(0, handler.lastIndexOf('.'))]));
    const zips = await makeArtefacts(paths, join(serviceDir, buildFolder));
    for (const [name, entry] of functions) {
      entry.package = { ...entry.package, artifact: join(buildFolder, zips.get(name) ?? '') };
    }
  }

  #targetAliases(): void {
    const { functions, provider } = this.#osls.service;
    Object.assign(provider.compiledCloudFormationTemplate?.Resources ?? {}, targetGatewayAlias(functions));
  }

  /** A stage that says something of a route must come after it, which CloudFormation cannot see from a route's key. */
  #orderStage(): void {
    const resources = this.#osls.service.provider.compiledCloudFormationTemplate?.Resources ?? {};
    const stage = resources[httpApiStage];
    if (stage === undefined) return;
    stage.DependsOn = Object.keys(resources).filter((id) => resources[id]?.Type === 'AWS::ApiGatewayV2::Route');
  }

  async #writeManifest(): Promise<void> {
    const { serviceDir, service } = this.#osls;
    const template = service.provider.compiledCloudFormationTemplate;
    if (template === undefined) return;
    const manifest = manifestOf(template, service.provider.stage);
    await writeFile(join(serviceDir, buildFolder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  }

  /** A deployed function would fail to load with such an endpoint, or find nothing behind it: told now instead. */
  #refuseEndpoint(): void {
    const { stage, environment = {} } = this.#osls.service.provider;
    try {
      const endpoint = endpointOverride({ ...environment, KMS_FUNCTIONS_STAGE: stage } as NodeJS.ProcessEnv);
      if (endpoint !== undefined && isLoopbackUrl(endpoint))
        throw new Error('a deployed function has no endpoint on this machine');
    } catch (error) {
      throw new this.#osls.classes.Error(`provider.environment: ${(error as Error).message}`, 'ENDPOINT_OVERRIDE');
    }
  }
}
