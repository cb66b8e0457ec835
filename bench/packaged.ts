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
  /** The bundle, out of its zip, with nothing beside it. */
  readonly file: string;
}

/** The functions of AWS's operations as `serverless package` makes them, each from its zip; all, or those of these names. */
export async function packageAll(folder: string, names?: readonly string[]): Promise<PackagedFunction[]> {
  const isWanted = ({ name }: Operation) => names === undefined || names.includes(name);
  const operations = selectOperations('all').filter(isWanted);
  const paths = new Map(operations.map((operation) => [functionName(operation), handlerPath(operation)]));
  const zips = await buildArtifacts(paths, join(folder, 'made'));
  return [...zips].map(([name, zip]) => {
    const bytes = readFileSync(join(folder, 'made', zip));
    const [entry] = Object.entries(unzipSync(bytes));
    if (entry === undefined) throw new Error(`${zip} is empty`);
    const file = join(folder, entry[0]);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, entry[1]);
    return { name, zipBytes: bytes.length, bundleBytes: entry[1].length, file };
  });
}
