import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll } from 'vitest';
import { useFixedPorts } from '../support/fixed-ports.ts';
import { root, useProjectCopy } from '../support/project-copy.ts';
import { testDocBlocks } from '../support/run-doc-blocks.ts';

// The guide runs `npm start` with parameters.
useFixedPorts();
const copy = useProjectCopy();

beforeAll(() => cpSync(join(root, 'scripts'), join(copy.directory, 'scripts'), { recursive: true }));

testDocBlocks('docs/guides/rehearsing.md', () => ({
  folder: copy.directory,
  write: (file, text) => {
    mkdirSync(dirname(join(copy.directory, file)), { recursive: true });
    writeFileSync(join(copy.directory, file), text);
  },
}));
