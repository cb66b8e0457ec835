import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ArtifactUploader, OslsFunction, Template } from './osls.ts';

/** The artifacts of one function. Both paths are relative to the service's folder. */
export interface StoredFunction {
  readonly zip: string;
  /** A zip that contains the source map of the function's bundle. */
  readonly sourceMap: string;
}

const parallelUploads = 4;

/**
 * Returns the folder in the deployment bucket that contains the code of a stage. `serverless remove` empties the
 * folder.
 */
export function codeFolder(deploymentPrefix: string, service: string, stage: string): string {
  return `${deploymentPrefix}/${service}/${stage}/code`;
}

/**
 * Gives each function's code a key that contains the SHA-256 hash of its zip, `FOLDER/SHA256.zip`, instead of the time
 * of the deployment. CloudFormation then updates only functions whose code or configuration changed. osls never deletes
 * these objects, because it deletes only folders whose names are timestamps. osls ignores keys when it looks for
 * changes, so the metadata also contains the hash.
 */
export async function setCodeKeys(
  { Resources }: Template,
  functions: ReadonlyMap<string, StoredFunction>,
  folder: string,
  serviceDir: string,
): Promise<void> {
  for (const [id, { zip }] of functions) {
    const resource = Resources[id];
    if (resource === undefined) throw new Error(`The template contains no function ${id}.`);
    const sha256 = await hashFile(join(serviceDir, zip));
    resource.Properties.Code.S3Key = `${folder}/${sha256}.zip`;
    resource.Metadata = { codeSha256: sha256 };
  }
}

/** Makes osls upload each function's zip to the key in the template, and its source map to `SHA256.map.zip` next to it. */
export function storeCode(
  uploader: ArtifactUploader,
  { Resources }: Template,
  functions: ReadonlyMap<string, StoredFunction>,
  serviceDir: string,
): void {
  uploader.uploadFunctionsAndLayers = async () => {
    const uploads = new Map<string, string>();
    for (const [id, { zip, sourceMap }] of functions) {
      const key: string = Resources[id]?.Properties.Code.S3Key;
      if (basename(key, '.zip') !== (await hashFile(join(serviceDir, zip)))) {
        throw new Error(`${zip} changed after packaging. Package the service again.`);
      }
      uploads.set(key, zip).set(key.replace(/\.zip$/, '.map.zip'), sourceMap);
    }
    const queue = [...uploads];
    const uploadNext = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [key, file] = next;
        const place = { s3KeyDirname: dirname(key), basename: basename(key) };
        await uploader.uploadZipFile({ filename: join(serviceDir, file), ...place });
      }
    };
    await Promise.all(Array.from({ length: parallelUploads }, uploadNext));
  };
}

/** Returns the functions' artifacts by logical id. osls restores `artifact` when it deploys an existing package. */
export function listStoredFunctions(
  functions: Readonly<Record<string, OslsFunction>>,
  toId: (name: string) => string,
): Map<string, StoredFunction> {
  return new Map(
    Object.entries(functions).map(([name, { package: { artifact = '' } = {} }]) => [
      toId(name),
      { zip: artifact, sourceMap: join(dirname(dirname(artifact)), 'source-maps', `${name}.zip`) },
    ]),
  );
}

async function hashFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
