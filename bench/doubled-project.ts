import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The environment variable that limits the number of functions in the copied project. */
export const functionCountVariable = 'BENCH_FUNCTIONS';

/** The command-line options that select all operations. */
export const allOperationsParameters = ['--param', 'operations=all', '--param', 'regions=eu-west-1'];

/** The copied project's function list. It contains the operations' functions and then a copy of each, up to the limit. */
const limitedService = `
import { deployment as original } from './service.ts';
export async function deployment(variables) {
  const parts = await original(variables);
  const isOperation = ([name, { handler, events }]) => handler.startsWith('functions/') && events.length > 0;
  const entries = Object.entries(parts.functions);
  const operations = entries.filter(isOperation);
  const copies = operations.map(([name, entry]) => [name + 'Copy', { ...entry, handler: entry.handler.replace('functions/', 'copies/'),
    events: entry.events.map(({ httpApi }) => ({ httpApi: { ...httpApi, path: '/copy' + httpApi.path } })) }]);
  const selected = [...operations, ...copies].slice(0, Number(process.env.${functionCountVariable}));
  const others = entries.filter((entry) => !isOperation(entry));
  return { ...parts, functions: Object.fromEntries([...selected, ...others]) };
}
`;

/** Copies the project with every function twice. The variable `functionCountVariable` limits the number of functions. */
export function createDoubledProject(directory: string): void {
  for (const part of ['functions', 'shared', 'envelope', 'emulator', 'infra', 'events', 'docs']) {
    cpSync(join(root, part), join(directory, part), { recursive: true });
  }
  for (const file of ['package.json', 'serverless.yml']) cpSync(join(root, file), join(directory, file));
  cpSync(join(root, 'functions'), join(directory, 'copies'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  writeFileSync(join(directory, 'infra/limited-service.ts'), limitedService);
  writeFileSync(join(directory, 'infra/service.js'), "export { deployment } from './limited-service.ts';\n");
}
