import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect } from 'vitest';
import { once } from './once.ts';
import { type Finished, run } from './process.ts';
import { copyProject } from './project-copy.ts';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: the properties depend on the type. The assertions check them.
  readonly Properties: any;
  readonly DependsOn?: string | string[];
}

/** Packages the project in `cwd` for stage `dev` with the command that a developer uses. */
export function packageIn(cwd: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return run(['serverless', 'package', '--stage', 'dev', ...args], { cwd, env, timeoutMs: 120_000 });
}

export function toArguments(parameters: Readonly<Record<string, string>>): string[] {
  return Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
}

/** The packaged deployment. */
export interface Packaged {
  directory: string;
  resources: Map<string, Resource>;
  outputs: Readonly<Record<string, unknown>>;
}

/** Packages a deployment before the tests in a file. Files with the same parameters share one package per run. */
export function usePackaged(parameters: Readonly<Record<string, string>>): Packaged {
  const packaged = {} as Packaged;
  beforeAll(async () => {
    const directory = await packageOnce(parameters);
    Object.assign(packaged, { directory, ...readTemplate(directory) });
  }, 120_000);
  return packaged;
}

async function packageOnce(parameters: Readonly<Record<string, string>>): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 16);
  const { directory, code, output } = await once(name, async (directory) => {
    copyProject(directory);
    const { code, output } = await packageIn(directory, toArguments(parameters), { HOME: directory });
    return { directory, code, output };
  });
  expect(code, output).toBe(0);
  return directory;
}

export function templatePath(directory: string): string {
  return join(directory, '.serverless', 'cloudformation-template-update-stack.json');
}

export function readTemplate(directory: string): Pick<Packaged, 'resources' | 'outputs'> {
  const { Resources, Outputs } = JSON.parse(readFileSync(templatePath(directory), 'utf8'));
  return { resources: new Map(Object.entries(Resources)), outputs: Outputs };
}

export function filterByType(resources: ReadonlyMap<string, Resource>, type: string): Resource[] {
  return [...resources.values()].filter(({ Type }) => Type === type);
}

/** The account and Region that replace pseudo parameters in a stack's template. */
export interface Location {
  readonly account: string;
  readonly region: string;
}

/** Resolves `Ref` and `Fn::Sub` with pseudo parameters in a template value, as CloudFormation does. */
export function resolveReferences<T>(value: T, { account, region }: Location): T {
  const known: Record<string, string> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    HttpApi: 'abcdefghij',
  };
  const fill = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(fill);
    if (typeof inner !== 'object' || inner === null) return inner;
    const { Ref, 'Fn::Sub': text } = inner as { Ref?: string; 'Fn::Sub'?: string };
    if (Ref !== undefined) return known[Ref] ?? `(${Ref})`;
    if (text !== undefined) return text.replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => known[name] ?? `(${name})`);
    return Object.fromEntries(Object.entries(inner).map(([name, item]) => [name, fill(item)]));
  };
  return fill(value) as T;
}
