import type { AliasedFunction } from '../gateway/gateway-alias.ts';

/** The parts of osls (https://github.com/oss-serverless/serverless) that this project's plugins use. */
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

/** The CloudFormation template that osls compiles. */
export interface Template {
  readonly Resources: Record<string, TemplateResource>;
}

interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: each resource type has different properties.
  readonly Properties: any;
  DependsOn?: string[];
}

export interface OslsProvider {
  /** The command-line options. */
  readonly options: Record<string, unknown>;
  getStage(): string;
  getRegion(): string;
}

export interface OslsFunction extends AliasedFunction {
  handler: string;
  package?: { artifact?: string };
}

/** A plugin's hooks, by osls lifecycle event. */
export type Hooks = Record<string, () => unknown>;
