/** Creates an operation's files, and prints the remaining steps. For the options, run `npm run new-operation -- --help`. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { addToGroups, addToList, groupsFile, listFile } from './new-operation/edit-lists.ts';
import { remainingSteps } from './new-operation/remaining-steps.ts';
import { RequestError, readRequest } from './new-operation/request.ts';
import { operationFiles } from './new-operation/templates.ts';

const usage = `Usage: npm run new-operation -- --group GROUP --name NAME [--own] [--new-group]

  --group GROUP  group of the operation, such as keys or crypto
  --name NAME    operation name in AWS's spelling; without --own, the installed SDK must have the operation
  --own          create an operation that AWS KMS does not have
  --new-group    create the group, too
`;

const root = fileURLToPath(new URL('..', import.meta.url));

function parse() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ options: { group: text, name: text, own: flag, 'new-group': flag, help: flag } }).values;
  } catch (error) {
    throw new RequestError((error as Error).message);
  }
}

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
  const { help, 'new-group': isNewGroup, own: isOwn, group, name } = parse();
  if (help) {
    process.stdout.write(usage);
    process.exit();
  }
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
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 1;
}
