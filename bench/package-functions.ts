import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { selectOperations } from '../infra/deployment/select-operations.ts';
import { handlerPath } from '../infra/function-entry.ts';
import { buildArtifacts } from '../infra/packaging/artifacts.ts';
import { functionName, type Operation } from '../shared/declaration/operation.ts';

export interface PackagedFunction {
  readonly name: string;
  readonly zipBytes: number;
  readonly bundleBytes: number;
  /** The path of the bundle, extracted from the zip. */
  readonly file: string;
}

/** Packages AWS operations as `serverless package` does, and extracts the bundles. `names` selects operations. */
export async function packageFunctions(folder: string, names?: readonly string[]): Promise<PackagedFunction[]> {
  const isSelected = ({ name }: Operation) => names === undefined || names.includes(name);
  const operations = selectOperations('all').filter(isSelected);
  const paths = new Map(operations.map((operation) => [functionName(operation), handlerPath(operation)]));
  const zipFolder = join(folder, 'zips');
  const zips = await buildArtifacts(paths, zipFolder);
  return [...zips].map(([name, zip]) => {
    const bytes = readFileSync(join(zipFolder, zip));
    const [entry] = Object.entries(unzipSync(bytes));
    if (entry === undefined) throw new Error(`${zip} must contain a file.`);
    const file = join(folder, entry[0]);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, entry[1]);
    return { name, zipBytes: bytes.length, bundleBytes: entry[1].length, file };
  });
}
