/** The parts of osls that the plugins of this project touch (https://github.com/oss-serverless/serverless). */
export interface Osls {
  readonly serviceDir: string;
  readonly processedInput: { readonly commands: readonly string[]; readonly options: Record<string, unknown> };
  readonly service: {
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
  getProvider(name: 'aws'): OslsProvider;
}

/** As osls compiled it. */
export interface Template {
  readonly Resources: Record<string, TemplateResource>;
}

interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: each type of resource has properties of its own.
  readonly Properties: any;
  DependsOn?: string[];
}

export interface OslsProvider {
  /** Those of the command line. */
  readonly options: Record<string, unknown>;
  getStage(): string;
  getRegion(): string;
}

export interface OslsFunction {
  handler: string;
  readonly events?: readonly object[];
  /** An alias that osls does not make, by which what invokes the function does so. */
  targetAlias?: { readonly name: string; readonly logicalId: string };
  package?: { artifact?: string };
}

/** A plugin's hooks, by osls's names for its lifecycle. */
export type Hooks = Record<string, () => unknown>;
