import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type OnLoadResult } from 'esbuild';

/** Returns the contents that replace the module at `path` in a bundle. */
export type Load = (path: string) => Promise<OnLoadResult>;

/**
 * Replaces a module with a file from stand-ins/. Bundling fails if another module imports an export that the file
 * lacks.
 */
export function standIn(file: string): Load {
  return async () => ({ contents: await readFile(join(import.meta.dirname, 'stand-ins', file), 'utf8'), loader: 'ts' });
}

/** Replaces a module with `source`. Relative imports are relative to the replaced module. */
export function replaceWith(source: string): Load {
  return () => Promise.resolve({ contents: source });
}

/** Omits a module. Its exports throw an error when called. */
export const leaveOut: Load = async (path) => {
  const [, module] = path.split('/node_modules/');
  const message = JSON.stringify(`${module} is not in this bundle`);
  const exports = (await listExports(path)).map((name) => `throwLeftOut as ${name}`);
  return { contents: `function throwLeftOut() { throw new Error(${message}); }\nexport { ${exports.join(', ')} };` };
};

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

interface Partition {
  readonly id: string;
  readonly regionRegex: string;
  readonly regions: Readonly<Record<string, object>>;
}

/**
 * Drops the names of Regions that match their partition's pattern. The SDK uses the pattern for Regions without a name.
 */
export const dropRegionNames: Load = async (path) => {
  const { partitionsInfo } = (await import(path)) as { partitionsInfo: { readonly partitions: readonly Partition[] } };
  const partitions = partitionsInfo.partitions.map((partition) => {
    const others = Object.keys(partition.regions).filter((region) => !new RegExp(partition.regionRegex).test(region));
    return { ...partition, regions: Object.fromEntries(others.map((region) => [region, {}])) };
  });
  return { contents: `export const partitionsInfo = ${JSON.stringify({ ...partitionsInfo, partitions })};` };
};

/** Reduces a package.json to its version. */
export const keepVersion: Load = async (path) => {
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
  return { contents: JSON.stringify({ version }), loader: 'json' };
};

async function listExports(path: string): Promise<readonly string[]> {
  const { metafile } = await build({ entryPoints: [path], format: 'esm', write: false, metafile: true });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}
