import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** How many functions of operations the copy has, at most. */
export const countVariable = 'BENCH_FUNCTIONS';

/** What a service with all operations is packaged with. */
export const everyOperation = ['--param', 'operations=all', '--param', 'regions=eu-west-1'];

/** Stands between osls and the project's own list: the first so many functions, then those of a second copy. */
const cut = `
import { deployment as whole } from './service.ts';
export async function deployment(variables) {
  const parts = await whole(variables);
  const isOperation = ([name, { handler, events }]) => handler.startsWith('functions/') && events.length > 0;
  const all = Object.entries(parts.functions);
  const own = all.filter(isOperation);
  const copies = own.map(([name, entry]) => [name + 'Copy', { ...entry, handler: entry.handler.replace('functions/', 'copies/'),
    events: entry.events.map(({ httpApi }) => ({ httpApi: { ...httpApi, path: '/copy' + httpApi.path } })) }]);
  const chosen = [...own, ...copies].slice(0, Number(process.env.${countVariable}));
  const others = all.filter((entry) => !isOperation(entry));
  return { ...parts, functions: Object.fromEntries([...chosen, ...others]) };
}
`;

/** A copy of the project with the functions of all operations twice, of which a variable takes the first. */
export function copyWithTwice(directory: string): void {
  for (const part of ['functions', 'shared', 'emulator', 'infra', 'events', 'docs']) {
    cpSync(join(root, part), join(directory, part), { recursive: true });
  }
  for (const file of ['package.json', 'serverless.yml']) cpSync(join(root, file), join(directory, file));
  cpSync(join(root, 'functions'), join(directory, 'copies'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  writeFileSync(join(directory, 'infra/cut.ts'), cut);
  writeFileSync(join(directory, 'infra/service.js'), "export { deployment } from './cut.ts';\n");
}
