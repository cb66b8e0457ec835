import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { functionName, referenceUrl } from '../../shared/declaration/operation.ts';
import { type ApiGateway, startApiGateway } from '../support/api-gateway.ts';
import { runNode } from '../support/child.ts';
import { createInvoker, loadAllHandlers } from '../support/client-transports.ts';
import { readDocBlocks, readPromisedLines } from '../support/doc-blocks.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LambdaServer, startLambdaServer } from '../support/lambda-server.ts';
import { startLanguageServer } from '../support/language-server.ts';
import { operations } from '../support/operations.ts';
import { installPackedPackage, type Project } from '../support/packed-package.ts';
import { typeErrors } from '../support/run-doc-blocks.ts';

const blocks = ['client', 'sealing-in-the-client'].flatMap((page) =>
  readDocBlocks(`docs/guides/${page}.md`).map(({ line, code }) => ({ file: `${page}-at-line-${line}.ts`, code })),
);

const recipes = readdirSync('docs/guides/recipes').map((file) => `docs/guides/recipes/${file}`);

const used = useEmulator();
let gateway: ApiGateway;
let lambda: LambdaServer;
let project: Project;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  const handlers = await loadAllHandlers();
  gateway = await startApiGateway({ operations, loadHandler: async (operation) => handlers[functionName(operation)]! });
  const invoker = createInvoker(handlers);
  lambda = await startLambdaServer({
    invoke: ({ FunctionName, Payload }, options) =>
      invoker.invoke({ FunctionName: FunctionName.replace('kms-functions-dev-', 'test-'), Payload }, options),
  });
  project = await installPackedPackage();
  project.link('@aws-sdk', 'vitest');
  for (const { file, code } of blocks) {
    const localCode = code.replaceAll(/https?:\/\/(localhost:3000|abc123\.[\w.-]+)/g, gateway.endpoint);
    project.write(file, localCode);
  }
}, 120_000);
afterAll(async () => {
  await gateway?.close();
  await lambda?.close();
  project?.remove();
});

// The tests run concurrently, because each test only waits for a process.
describe('the packed package in an empty project', { concurrent: true }, () => {
  test('the packed package type-checks the examples in all guides', { timeout: 60_000 }, async ({ expect }) => {
    const guides = ['calling', 'client', 'emulator', 'sealing-in-the-client', 'testing'].map(
      (name) => `docs/guides/${name}.md`,
    );
    expect(await typeErrors([...guides, ...recipes], project)).toBe('');
  });

  test('the packed package shows the summary, routes, errors and reference link of each method in an editor', {
    timeout: 60_000,
  }, async ({ expect }) => {
    const server = await startLanguageServer(project.folder);
    try {
      const hover = server.open(
        'hover.ts',
        `import { createClient, http } from 'kms-functions/client';
         const client = createClient({ transport: http({ endpoint: 'http://localhost' }) });
         ${operations.map((operation) => `client.${functionName(operation)}({} as never);`).join('\n')}`,
      );
      for (const operation of operations) {
        const shown = await hover(`${functionName(operation)}({}`);
        const [{ path }] = operation.routes;
        for (const part of [operation.summary, path, ...operation.errors, referenceUrl(operation)])
          expect(shown, operation.name).toContain(part);
      }
    } finally {
      server.close();
    }
  });

  test('the packed package contains the emulator as a module and as a command', async ({ expect }) => {
    const script = `
      import { startEmulator } from 'kms-functions/emulator';
      const emulator = await startEmulator({ seed: 'default' });
      const { status } = await fetch(emulator.endpoint + '/_kms/health');
      await emulator.close();
      console.log(status);`;
    project.write('emulator.mjs', script);
    expect(await runNode(['emulator.mjs'], {}, project.folder)).toMatchObject({ stdout: '200\n', code: 0 });
    const command = ['node_modules/kms-functions/dist/emulator/command/bin.cjs', '--help'];
    expect(await runNode(command, {}, project.folder)).toMatchObject({
      stdout: expect.stringContaining('kms-emulator'),
      code: 0,
    });
  });

  test('the packed command kms-functions seals and opens a file', async ({ expect }) => {
    const command = 'node_modules/.bin/kms-functions';
    const environment = { KMS_FUNCTIONS_URL: gateway.endpoint };
    project.write('plain.txt', 'hello');
    const sealed = await runNode([command, 'seal', 'plain.txt', '--key', 'alias/example'], environment, project.folder);
    expect(sealed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('as plain.txt.sealed under') });
    const opened = await runNode([command, 'open', 'plain.txt.sealed', '--out', '-'], environment, project.folder);
    expect(opened).toEqual({ code: 0, stderr: '', stdout: 'hello' });
  });

  test.for([
    ['kms-emulator', 'dist/emulator/command/bin.cjs', 1],
    ['kms-functions', 'cli/bin.cjs', 2],
  ] as const)(
    'the packed command %s on an old version of Node.js prints the version that it needs',
    async ([name, path, code], { expect }) => {
      const file = `node_modules/kms-functions/${path}`;
      // esbuild reports syntax that ES5 does not have.
      await transform(readFileSync(join(project.folder, file), 'utf8'), { target: 'es5' });
      project.write('old-node.cjs', "Object.defineProperty(process, 'versions', { value: { node: '12.22.0' } });");
      expect(await runNode(['--require', './old-node.cjs', file], {}, project.folder)).toMatchObject({
        code,
        stdout: '',
        stderr: `${name} requires Node.js 22.13 or later, but this is Node.js 12.22.0. Install a current version from https://nodejs.org.\n`,
      });
    },
  );

  test.for(blocks)(
    'the packed package runs the examples in the guides for the client and the sealer: $file',
    async ({ file, code }, { expect }) => {
      const {
        stdout,
        stderr,
        code: exitCode,
      } = await runNode(
        [file],
        {
          AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
        },
        project.folder,
      );
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
      expect(stdout.split('\n').filter((line) => line !== '')).toEqual(readPromisedLines(code));
    },
  );
});
