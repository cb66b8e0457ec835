import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DockerfileParser, type Instruction } from 'dockerfile-ast';

/** The configuration of an image, from the last stage of a Dockerfile. */
export interface ImageConfiguration {
  readonly user: string;
  readonly directory: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly ports: readonly string[];
}

/** Returns the instructions of each stage in a Dockerfile. */
export function readStages(file: string): Instruction[][] {
  const stages: Instruction[][] = [];
  for (const instruction of DockerfileParser.parse(readFileSync(file, 'utf8')).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages;
}

export function readConfiguration(stage: readonly Instruction[]): ImageConfiguration {
  const read = (keyword: string) =>
    stage.findLast((each) => each.getKeyword() === keyword)?.getArgumentsContent() ?? '';
  const readList = (keyword: string): string[] => JSON.parse(/\[.*\]/s.exec(read(keyword))?.[0] ?? '[]');
  return {
    user: read('USER'),
    directory: read('WORKDIR'),
    entrypoint: readList('ENTRYPOINT'),
    command: readList('CMD'),
    healthcheck: readList('HEALTHCHECK'),
    ports: read('EXPOSE').split(/\s+/),
  };
}

/** Returns the files and folders at the top level that `.dockerignore` leaves in the build context. */
export function readContext(): string[] {
  const patterns = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return patterns.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
}

/**
 * Performs the steps of the Dockerfile in folders: COPY and RUN of the build stage, and COPY of the last stage. Instead of
 * pulling the base images, it runs the build with the Node.js of this machine, and copies the shared libraries that the
 * executable needs. Returns the root folder of the image. Needs the root user.
 */
export function buildImage([build = [], runtime = []]: readonly Instruction[][]): string {
  const root = mkdtempSync(join(tmpdir(), 'kms-functions-image-'));
  const work = join(root, 'build');
  mkdirSync(work);
  for (const name of readContext()) cpSync(name, join(work, name), { recursive: true });
  rmSync(join(work, 'emulator/console/dist'), { recursive: true, force: true });
  for (const instruction of build.filter((each) => each.getKeyword() === 'RUN')) {
    const command = (instruction.getArgumentsContent() ?? '').replaceAll('/image', `${root}/image`);
    execFileSync('sh', ['-ec', command], { cwd: work, stdio: 'pipe' });
  }
  const image = join(root, 'runtime');
  for (const instruction of runtime.filter((each) => each.getKeyword() === 'COPY')) {
    // The arguments of an instruction do not include its flags, such as --chown.
    const [, ...words] = instruction.getTextContent().split(/\s+/);
    copyInto(image, root, words);
  }
  return image;
}

/** Performs a COPY from the build stage. */
function copyInto(image: string, root: string, words: readonly string[]): void {
  const paths = words.filter((word) => !word.startsWith('--'));
  const owner = words.find((word) => word.startsWith('--chown='))?.slice('--chown='.length);
  const target = paths.at(-1) ?? '';
  for (const source of paths.slice(0, -1)) {
    const to = join(image, target.endsWith('/') ? join(target, basename(source)) : target);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(root, source), to, { recursive: true });
    if (owner !== undefined) execFileSync('chown', ['-R', owner, to]);
  }
}

/** Copies the shared libraries of an executable into an image, as its base image would contain them. */
export function addSharedLibraries(image: string, executable: string): void {
  const listed = execFileSync('ldd', [join(image, executable)], { encoding: 'utf8' });
  for (const [file] of listed.matchAll(/\/\S+\.so\S*/g)) {
    mkdirSync(join(image, dirname(file)), { recursive: true });
    copyFileSync(file, join(image, file));
  }
}
