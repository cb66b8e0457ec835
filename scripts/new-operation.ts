/** Creates an operation's files, and prints the remaining steps. For the options, run `npm run new-operation -- --help`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addToGroups, addToList, groupsFile, listFile } from './new-operation/edit-lists.ts';
import { remainingSteps } from './new-operation/remaining-steps.ts';
import { RequestError, readRequest } from './new-operation/request.ts';
import { operationFiles } from './new-operation/templates.ts';

interface Flags {
  readonly group?: string;
  readonly name?: string;
  readonly own: boolean;
  readonly newGroup: boolean;
}

const program = new Command('npm run new-operation --')
  .description('Creates the files of an operation, adds it to the list, and prints the remaining steps.')
  .version(packageJson.version)
  .option('--group <group>', 'group of the operation, such as keys or crypto')
  .option('--name <name>', "operation name in AWS's spelling; without --own, the installed SDK must have the operation")
  .option('--own', 'create an operation that AWS KMS does not have', false)
  .option('--new-group', 'create the group, too', false)
  .showHelpAfterError()
  .parse();

const root = fileURLToPath(new URL('..', import.meta.url));

/** Changes a file in the repository. */
async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(root, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

/** Writes a new file. Throws an error if the file exists. */
async function create(file: string, text: string): Promise<void> {
  const path = join(root, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: 'wx' });
}

try {
  const { newGroup: isNewGroup, own: isOwn, group, name } = program.opts<Flags>();
  const request = readRequest({ group, name, isOwn, isNewGroup });
  const files = operationFiles(request);
  for (const [file, text] of files) await create(file, text);
  await edit(listFile, (text) => addToList(text, request));
  if (isNewGroup) await edit(groupsFile, (text) => addToGroups(text, request.group));
  const written = [...files.keys(), listFile, ...(isNewGroup ? [groupsFile] : [])];
  process.stdout.write(`Created or changed files:\n${written.map((file) => `  ${file}\n`).join('')}\n`);
  const steps = remainingSteps(request).map((step, index) => `  ${index + 1}. ${step}\n`);
  process.stdout.write(`Remaining steps:\n${steps.join('')}`);
} catch (error) {
  if (!(error instanceof RequestError)) throw error;
  program.error(`error: ${error.message}`);
}
