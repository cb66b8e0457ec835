import type { AliasedFunction } from '../gateway/gateway-alias.ts';

/** The parts of osls (https://github.com/oss-serverless/serverless) that this project's plugins use. */
export interface Osls {
  readonly serviceDir: string;
  readonly processedInput: { readonly commands: readonly string[]; readonly options: Record<string, unknown> };
  readonly service: {
    readonly service: string;
    readonly provider: {
      environment?: Record<string, unknown>;
      httpApi?: object;
      stage: string;
      compiledCloudFormationTemplate?: Template;
    };
    readonly custom: Record<string, Record<string, unknown> | undefined>;
    readonly functions: Record<string, OslsFunction>;
    getFunction(name: string): OslsFunction;
  };
  readonly classes: { readonly Error: new (message: string, code?: string) => Error };
  readonly pluginManager: { readonly plugins: readonly object[] };
  getProvider(name: 'aws'): OslsProvider;
}

/** The CloudFormation template that osls compiles. */
export interface Template {
  readonly Resources: Record<string, TemplateResource>;
  Outputs?: Record<string, object>;
}

interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: each resource type has different properties.
  readonly Properties: any;
  DependsOn?: string[];
  Metadata?: object;
}

export interface OslsProvider {
  /** The command-line options. */
  readonly options: Record<string, unknown>;
  getStage(): string;
  getRegion(): string;
  getDeploymentPrefix(): string;
  getAccountId(): Promise<string>;
}

/** The plugin of osls that uploads artifacts and deploys the stack (`AwsDeploy`). */
export interface ArtifactUploader {
  /** Uploads a file to `s3KeyDirname/basename` in the deployment bucket, with the bucket's encryption options. */
  uploadZipFile(file: { filename: string; s3KeyDirname: string; basename: string }): Promise<unknown>;
  /** Uploads the artifacts of all functions. */
  uploadFunctionsAndLayers: () => Promise<void>;
}

export interface OslsFunction extends AliasedFunction {
  handler: string;
  /** The function's name in Lambda. */
  readonly name: string;
  readonly environment?: Readonly<Record<string, string>>;
  events?: readonly object[];
  package?: { artifact?: string };
}

/** A plugin's hooks, by osls lifecycle event. */
export type Hooks = Record<string, () => unknown>;

/** The third argument of a plugin's constructor. */
export interface PluginUtilities {
  readonly log: Readonly<Record<'error' | 'warning' | 'notice', (...text: unknown[]) => void>>;
  readonly progress: object;
}
