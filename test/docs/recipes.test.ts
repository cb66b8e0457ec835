import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, test } from 'vitest';
import { listen } from '../../emulator/http/listen.ts';
import { readFunctionConfig } from '../../shared/config/function-config.ts';
import { type ApiGateway, startApiGateway } from '../support/api-gateway.ts';
import { readDocBlocks } from '../support/doc-blocks.ts';
import { useEmulator } from '../support/emulator.ts';
import { loadHandler, setLocalEnvironment } from '../support/handlers.ts';
import { allOperations as operations } from '../support/operations.ts';
import { installPackedPackage, type Project } from '../support/packed-package.ts';
import { run } from '../support/process.ts';
import { testDocBlocks } from '../support/run-doc-blocks.ts';
import { isSoak } from '../support/soak.ts';

/**
 * The recipes, with the most lines that the program of each may have. A program in files consists of these files.
 * Otherwise, each language on the page is a program of its own.
 */
const recipes: Readonly<Record<string, number>> = {
  'docs/guides/recipes/rows.md': 38,
  'docs/guides/recipes/files.md': 12,
  'docs/guides/recipes/rotation-drill.md': 20,
  'docs/guides/recipes/import-key-material.md': 18,
  'docs/guides/recipes/cross-account-grants.md': 19,
  'docs/guides/recipes/multi-region.md': 20,
  'docs/guides/recipes/json-web-tokens.md': 24,
  'docs/guides/recipes/webhooks.md': 16,
  'docs/guides/recipes/test-a-service.md': 36,
  'docs/guides/recipes/continuous-integration.md': 20,
  'docs/guides/recipes/cdk.md': 48,
};

const used = useEmulator();
const table = dynalite({ createTableMs: 0 });
const gateways: ApiGateway[] = [];
let project: Project;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  // The stages that `npm start` starts on the ports 3000 and 3010.
  for (const [AWS_REGION, ALLOWED_REGIONS] of [
    ['us-east-1', 'eu-west-1'],
    ['eu-west-1', 'us-east-1'],
  ]) {
    const config = readFunctionConfig({ ...process.env, AWS_REGION, ALLOWED_REGIONS });
    gateways.push(await startApiGateway({ operations, loadHandler: (operation) => loadHandler(operation, config) }));
  }
  project = await installPackedPackage();
  project.link('@aws-sdk', 'jose', 'vitest');
  project.write('.doc-variables', await createTable());
}, 120_000);
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  await new Promise((resolve) => table.close(resolve));
  project?.remove();
});

/** Creates the table of the recipe for rows. Returns the variables for the recipes. */
async function createTable(): Promise<string> {
  const { port } = await listen(table, 0, '127.0.0.1');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const dynamo = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
  const name = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;
  const key = (AttributeName: string) => [{ AttributeName, KeyType: 'HASH' as const }];
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'customers',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: key('id'),
      AttributeDefinitions: [name('id'), name('emailToken')],
      GlobalSecondaryIndexes: [
        { IndexName: 'emailToken', KeySchema: key('emailToken'), Projection: { ProjectionType: 'ALL' } },
      ],
    }),
  );
  dynamo.destroy();
  return [
    `export AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:${port} AWS_REGION=us-east-1`,
    'export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test',
    `export KMS_FUNCTIONS_URL=${gateways[0]?.endpoint}`,
    '',
  ].join('\n');
}

/** Replaces the URLs on the page by those of this test. `npm test` uses less data. */
function adapt(code: string): string {
  const local = code
    .replaceAll('http://localhost:3000', gateways[0]?.endpoint ?? '')
    .replaceAll('http://localhost:3010', gateways[1]?.endpoint ?? '')
    .replaceAll('http://127.0.0.1:4599', used.emulator.endpoint);
  return isSoak ? local : local.replaceAll('length: 1_000', 'length: 20').replaceAll('50000000', '2000000');
}

/** `npm test` omits a recipe of many commands, whose steps test/cli/kms-functions/commands.test.ts takes in one process. */
const hasPython = spawnSync('python3', ['-c', 'import boto3, pytest']).status === 0;
const omitted = [
  'cdk',
  ...(process.env.SHORT === '1' ? ['import-key-material'] : []),
  ...(hasPython ? [] : ['continuous-integration']),
];
for (const page of Object.keys(recipes)) {
  if (omitted.every((name) => !page.includes(name))) testDocBlocks(page, () => ({ ...project, adapt }));
}

test.runIf(hasPython)('workers of pytest-xdist do not see the changes of each other', async ({ expect }) => {
  for (const { file, code } of readDocBlocks('docs/guides/recipes/continuous-integration.md'))
    if (file !== undefined) project.write(`workers/${file}`, code);
  const disable =
    "import boto3\ndef test_disable():\n    boto3.client('kms').disable_key(KeyId='66666666-6666-4666-8666-666666666666')\n";
  project.write('workers/test_disable.py', disable);
  const pytest = (worker: string, file: string) => `PYTEST_XDIST_WORKER=${worker} python3 -m pytest -q ${file}`;
  const script = [
    pytest('gw0', 'test_disable.py'),
    pytest('gw1', 'test_documents.py'),
    `! ${pytest('gw0', 'test_documents.py')}`,
  ].join(' && ');
  project.write('workers/run.sh', script);
  const emulator = join(project.folder, 'node_modules/.bin/kms-emulator');
  const { code, output } = await run([emulator, 'exec', '--seed', 'seed.yaml', '--', 'sh', 'run.sh'], {
    cwd: join(project.folder, 'workers'),
  });
  expect(output).toContain('DisabledException');
  expect(code, output).toBe(0);
});

test('the recipe for webhooks rejects a body whose beginning was moved into the time', async ({ expect }) => {
  const [{ code = '' } = {}] = readDocBlocks('docs/guides/recipes/webhooks.md');
  const attack = `
const number = await signWebhook('12.5');
const moved = { ...number, 'webhook-time': number['webhook-time'] + '.12' };
console.log(await isGenuine('12.5', number), await isGenuine('5', moved));`;
  project.write('webhooks/attack.ts', `${adapt(code)}${attack}`);
  const { output } = await run(['node', 'attack.ts'], { cwd: join(project.folder, 'webhooks') });
  expect(output.trim().split('\n').slice(-2)).toEqual(['true false', 'true false']);
});

test.for(Object.entries(recipes))('the program in %s has at most %i lines', ([page, limit], { expect }) => {
  const blocks = readDocBlocks(page).filter(
    ({ language, notRun }) => language !== 'text' && (notRun === undefined || language === 'ts'),
  );
  const files = blocks.filter(({ file }) => file !== undefined);
  const languages = new Set(blocks.map(({ language }) => language));
  const programs =
    files.length > 0 ? [files] : [...languages].map((each) => blocks.filter(({ language }) => language === each));
  for (const program of programs) {
    const lines = program.flatMap(({ code }) => code.split('\n')).filter((line) => !/^\s*(\/\/.*|#.*)?$/.test(line));
    expect(lines.length).toBeLessThanOrEqual(limit);
  }
});
