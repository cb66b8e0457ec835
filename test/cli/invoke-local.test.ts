import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { folderName, functionName, type Operation } from '../../shared/declaration/operation.ts';
import { isSoak, operations } from '../support/operations.ts';
import { type Finished, run } from '../support/process.ts';
import { copyProject, removeDirectory, useProjectCopy } from '../support/project-copy.ts';

/** A command takes 2 s on an idle machine. */
const limitMs = 15_000;
const triggers = ['http', 'direct'] as const;
const project = useProjectCopy();
const figures: { name: string; ms: number }[] = [];

function invoke(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return run(['serverless', 'invoke', 'local', '-f', name, ...args], { cwd: project.directory, env });
}

/** Reads the result, which must be the only text on standard output. */
function readResult(finished: Finished): Record<string, unknown> {
  try {
    return JSON.parse(finished.stdout);
  } catch {
    throw new Error(`standard output is not one JSON value:\n${finished.stdout}\n${finished.stderr}`);
  }
}

async function expectSuccess(operation: Operation, trigger: (typeof triggers)[number]): Promise<void> {
  const finished = await invoke(functionName(operation), ['-p', `events/${trigger}/${folderName(operation)}.json`]);
  expect(finished.code, finished.output).toBe(0);
  const result = readResult(finished);
  if (trigger === 'http') {
    const [route] = operation.routes;
    expect(result.statusCode).toBe(route.status);
    expect(operation.output().safeParse(JSON.parse(String(result.body)))).toMatchObject({ success: true });
  } else {
    expect(operation.output().safeParse(result)).toMatchObject({ success: true });
  }
  expect(finished.ms).toBeLessThan(limitMs);
  figures.push({ name: `${operation.name} (${trigger})`, ms: Math.round(finished.ms) });
}

afterAll(() => {
  if (!isSoak) return;
  const slowest = figures.toSorted((a, b) => b.ms - a.ms);
  const median = slowest[Math.floor(slowest.length / 2)]?.ms;
  console.log(`invoke local, ${slowest.length} times: median ${median} ms, slowest ${slowest[0]?.ms} ms`);
});

// In a short run, test/docs/guides.test.ts runs sample events for both triggers.
describe.runIf(isSoak)('serverless invoke local', { concurrent: true }, () => {
  // Each call changes the same key, so the success of the second call shows that the seed was restored.
  test.for(operations.map((operation) => ({ operation, name: operation.name })))(
    'serverless invoke local succeeds repeatedly with the sample events: $name',
    { timeout: 8 * limitMs },
    async ({ operation }) => {
      for (const trigger of [...triggers, ...triggers]) await expectSuccess(operation, trigger);
    },
  );
});

describe.concurrent('a failed serverless invoke local', () => {
  function write(name: string, content: string): string {
    const file = join(project.directory, name);
    writeFileSync(file, content);
    return file;
  }

  test('serverless invoke local exits with code 1 after an HTTP response with status 400 or higher', async () => {
    const event = {
      version: '2.0',
      requestContext: { http: {} },
      pathParameters: { KeyId: 'alias.none' },
      headers: {},
    };
    const finished = await invoke('describeKey', ['-p', write('http.json', JSON.stringify(event))]);
    expect(finished.code).toBe(1);
    expect(readResult(finished)).toMatchObject({ statusCode: 404 });
  });

  // osls itself sets this exit code.
  test.skipIf(!isSoak)('serverless invoke local exits with code 1 after an error in a direct invocation', async () => {
    const finished = await invoke('describeKey', ['-d', '{"KeyId": "alias/none"}']);
    expect(finished.code).toBe(1);
    expect(readResult(finished)).toMatchObject({ errorType: 'NotFoundException' });
  });

  test.skipIf(!isSoak)('serverless invoke local exits with code 1 if the event file is not JSON', async () => {
    const finished = await invoke('encrypt', ['-p', write('bad.json', '{"KeyId":')]);
    expect(finished.code).toBe(1);
    expect(finished.output).toContain('bad.json');
  });

  test.skipIf(!isSoak)('serverless invoke local exits with code 1 if the function does not exist', async () => {
    const finished = await invoke('encript', ['-d', '{}']);
    expect(finished.code).toBe(1);
    expect(finished.output).toContain('encript');
  });

  const broken = [
    ['throws while loading', 'throw new Error("broken while loading");', 'Error: broken while loading'],
    ['is not valid TypeScript', 'export const handler = ;', 'functions/crypto/encrypt/handler.ts:1:23: ERROR'],
  ] as const;
  test.for(isSoak ? broken : broken.slice(0, 1))(
    'serverless invoke local exits with code 1 if the handler %s',
    async ([, source, message]) => {
      const directory = copyProject();
      try {
        writeFileSync(join(directory, 'functions/crypto/encrypt/handler.ts'), source);
        const finished = await run(['serverless', 'invoke', 'local', '-f', 'encrypt', '-d', '{}'], { cwd: directory });
        expect(finished.code, finished.output).toBe(1);
        expect(finished.output).toContain(message);
      } finally {
        removeDirectory(directory);
      }
    },
  );
});

describe.concurrent('serverless invoke local without an AWS account', () => {
  const key = ['-d', '{"KeyId": "alias/example", "Plaintext": "aGVsbG8="}'];

  test.skipIf(!isSoak)('serverless invoke local succeeds without a home directory and AWS variables', async () => {
    const finished = await invoke('encrypt', key, { HOME: join(project.directory, 'none') });
    expect(finished.code, finished.output).toBe(0);
  });

  // local-only.test.ts tests three other environments.
  test.skipIf(!isSoak)(
    'serverless invoke local ignores an invalid profile, invalid files, other credentials and other endpoints',
    async () => {
      const home = join(project.directory, 'broken-home');
      mkdirSync(join(home, '.aws'), { recursive: true });
      for (const name of ['config', 'credentials']) writeFileSync(join(home, '.aws', name), '[profile\n\0=]= broken');
      const finished = await invoke('encrypt', [...key, '--aws-profile', 'none'], {
        HOME: home,
        AWS_PROFILE: 'none',
        AWS_DEFAULT_PROFILE: 'none',
        AWS_CONFIG_FILE: join(home, '.aws', 'config'),
        AWS_SHARED_CREDENTIALS_FILE: join(home, '.aws', 'nowhere'),
        AWS_SDK_LOAD_CONFIG: '1',
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: 'x',
        AWS_SESSION_TOKEN: 'x',
        AWS_ENDPOINT_URL: 'http://192.0.2.1:1',
        AWS_ENDPOINT_URL_KMS: 'http://192.0.2.1:1',
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      });
      expect(finished.code, finished.output).toBe(0);
      expect(readResult(finished)).toMatchObject({ KeyId: expect.stringContaining('us-east-1') });
    },
  );
});
