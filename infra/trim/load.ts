import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type OnLoadResult } from 'esbuild';

/** Returns the contents that replace the module at `path` in a bundle. */
export type Load = (path: string) => Promise<OnLoadResult>;

/** Loads a file from stand-ins/ instead. Module exports that the file lacks throw an error when called. */
export function standIn(file: string): Load {
  return async (path) => {
    const replacement = join(import.meta.dirname, 'stand-ins', file);
    const present = await listExports(replacement);
    const missing = (await listExports(path)).filter((name) => !present.includes(name));
    return { contents: `${await readFile(replacement, 'utf8')}\n${throwingExports(path, missing)}`, loader: 'ts' };
  };
}

/** Omits a module. Its exports throw an error when called. */
export const leaveOut: Load = async (path) => ({ contents: throwingExports(path, await listExports(path)) });

/** Replaces the KMS error classes with classes from one factory function, because they differ only in their names. */
export const mergeErrorClasses: Load = async (path) => {
  const classes = (await listExports(path)).map((name) => `export const ${name} = createClass('${name}');`);
  const contents = `
    import { KMSServiceException } from './KMSServiceException';
    const createClass = (name) => class extends KMSServiceException {
      constructor(options) { super({ name, ...options }); }
    };
    ${classes.join('\n')}`;
  return { contents, resolveDir: dirname(path) };
};

/** Reduces a package.json to its version. */
export const keepVersion: Load = async (path) => {
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
  return { contents: JSON.stringify({ version }), loader: 'json' };
};

function throwingExports(path: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const [, module] = path.split('/node_modules/');
  const message = JSON.stringify(`${module} is not in this bundle`);
  const exports = names.map((name) => `throwLeftOut as ${name}`);
  return `function throwLeftOut() { throw new Error(${message}); }\nexport { ${exports.join(', ')} };`;
}

async function listExports(path: string): Promise<readonly string[]> {
  const { metafile } = await build({ entryPoints: [path], format: 'esm', write: false, metafile: true });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}
