import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { transform } from 'esbuild';
import { publint } from 'publint';
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
  readDocBlocks(`docs/guides/${page}.md`)
    .filter(({ notRun }) => notRun === undefined)
    .map(({ line, code }) => ({ file: `${page}-at-line-${line}.ts`, code })),
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
  project.link('@aws-sdk', 'jose', 'vitest');
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

  test('publint finds nothing to change in the packed package', async ({ expect }) => {
    const { buffer } = new Uint8Array(readFileSync(project.tarball));
    const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages).toEqual([]);
  });

  test('the types of every entry resolve, except where TypeScript does not read `exports` or ES modules', {
    timeout: 120_000,
  }, async ({ expect }) => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(project.tarball))));
    if (!result.types) throw new Error('The package has no types.');
    expect(Object.keys(result.entrypoints)).toEqual(expect.arrayContaining(['./client', './sealer', './testing']));
    // The package is an ES module, which CommonJS modules load with `require` from Node.js 22.12. TypeScript reports this
    // for its older setting `node16`. The setting `node10` does not read `exports`.
    const problems = result.problems.filter(
      (problem) =>
        !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)) &&
        problem.kind !== 'CJSResolvesToESM',
    );
    expect(problems).toEqual([]);
  });

  test('programs compile without casts for WebCrypto, with this TypeScript and with one before generic typed arrays', {
    timeout: 120_000,
  }, async ({ expect }) => {
    const program = `
      import { type Client, type OutputFor, signJwt } from 'kms-functions/client';
      import { sealer } from 'kms-functions/sealer';
      import { sealer as webSealer } from 'kms-functions/sealer/web';
      import { openBuffer } from 'kms-functions/envelope';
      export async function use(client: Client, key: CryptoKey) {
        const { Plaintext, CiphertextBlob } = await client.generateDataKey({ KeyId: 'k', KeySpec: 'AES_256' });
        const imported = await crypto.subtle.importKey('raw', Plaintext, 'AES-GCM', false, ['encrypt']);
        const { message } = await sealer({ client, keyId: 'k' }).seal(Plaintext);
        const { plaintext } = await webSealer({ client }).open(message);
        const opened = await openBuffer(message, { dataKeys: {} as never });
        const { PublicKey }: OutputFor<'getPublicKey'> = await client.getPublicKey({ KeyId: 'k' });
        const size: number = Plaintext.length;
        await signJwt(client, { keyId: 'k', claims: { size } });
        await crypto.subtle.encrypt('AES-GCM', key, opened.plaintext);
        return [imported, new Blob([plaintext, PublicKey, CiphertextBlob])];
      }`;
    project.write('web-crypto.ts', program);
    const flags = '--noEmit --strict --target es2022 --module nodenext --lib es2022,dom,esnext.disposable'.split(' ');
    const compile = async (compiler: string, ...more: string[]) =>
      (await runNode([resolve(compiler), ...flags, ...more, 'web-crypto.ts'], {}, project.folder)).stdout;
    // Without Node's types, which the sealer for Node.js needs, only its own file is not checked.
    const typeRoots = ['--types', 'node', '--typeRoots', resolve('node_modules/@types'), '--skipLibCheck'];
    expect(await compile('node_modules/typescript/bin/tsc', ...typeRoots)).toBe('');
    const older = 'node_modules/@arethetypeswrong/core/node_modules/typescript';
    expect(JSON.parse(readFileSync(`${older}/package.json`, 'utf8')).version).toMatch(/^5\.[0-6]\./);
    expect(await compile(`${older}/bin/tsc`, ...typeRoots)).toBe('');
    // Declarations that need generic typed arrays would also be errors in programs that check them.
    const declarations = globSync('node_modules/kms-functions/dist/{client,envelope,functions,shared}/**/*.d.ts', {
      cwd: project.folder,
    });
    expect(declarations.length).toBeGreaterThan(50);
    const generic = declarations.filter((file) =>
      /Uint8Array<|Buffer</.test(readFileSync(join(project.folder, file), 'utf8').replaceAll(/\/\*.*?\*\//gs, '')),
    );
    expect(generic).toEqual([]);
  });

  test('every relative link in the packed pages points into the package', ({ expect }) => {
    const root = join(project.folder, 'node_modules/kms-functions');
    const pages = globSync('{*.md,docs/**/*.md}', { cwd: root });
    expect(pages.length).toBeGreaterThan(100);
    const dead = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/(?:\]\(|(?:src|href|srcset)=")(?!https?:|#)([^)\s#"]+)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  test('the packed package runs the functions and the emulator in a test, and does not keep the process running', async ({
    expect,
  }) => {
    const script = `
      import { createClient } from 'kms-functions/client';
      import { emulator } from 'kms-functions/testing';
      const client = createClient({ transport: emulator({ seed: 'default' }) });
      const { KeyMetadata } = await client.describeKey({ KeyId: 'alias/example' });
      const error = await client.encrypt({ KeyId: 'alias/missing', Plaintext: new Uint8Array(0) }).catch((thrown) => thrown);
      console.log(KeyMetadata.KeyState, error.status, JSON.stringify(error.errors));`;
    project.write('testing.mjs', script);
    expect(await runNode(['testing.mjs'], {}, project.folder)).toEqual({
      stderr: '',
      stdout: 'Enabled 400 [{"pointer":"/Plaintext","detail":"must have at least 1 byte"}]\n',
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
