import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { useFixedPorts } from '../support/fixed-ports.ts';
import { installPackedPackage } from '../support/packed-package.ts';
import type { Running } from '../support/process.ts';
import { root, useProjectCopy } from '../support/project-copy.ts';
import { testDocBlocks } from '../support/run-doc-blocks.ts';
import { startService } from '../support/start.ts';

const pages = [
  'README.md',
  'docs/guides/calling.md',
  'docs/guides/access.md',
  'docs/guides/seal-and-open.md',
  'docs/guides/lookup-tokens.md',
  'docs/guides/batches.md',
  'docs/guides/deleting-keys.md',
  'docs/guides/safe-retries.md',
];

useFixedPorts();
const copy = useProjectCopy();
let service: Running | undefined;

/** A copy of the project in which `npm start` runs, with idempotency keys. It contains `kms-functions/client` from the packed package. */
const project = () => ({
  folder: copy.directory,
  write: (file: string, text: string) => {
    mkdirSync(dirname(join(copy.directory, file)), { recursive: true });
    writeFileSync(join(copy.directory, file), text);
  },
});

beforeAll(async () => {
  await addPackedClient();
  cpSync(join(root, 'scripts'), join(copy.directory, 'scripts'), { recursive: true });
  ({ process: service } = await startService(copy.directory, ['--param', 'idempotency=on']));
}, 120_000);
afterAll(async () => {
  if (service !== undefined) expect((await service.end()).code).toBe(0);
});

async function addPackedClient(): Promise<void> {
  const packed = await installPackedPackage();
  const built = join(packed.folder, 'node_modules', 'kms-functions', 'dist');
  cpSync(built, join(copy.directory, 'dist'), { recursive: true });
  packed.remove();
}

for (const page of pages) testDocBlocks(page, project);
