import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeLogsCommand } from '../../infra/packaging/logs-command.ts';
import { parameterTable } from '../../infra/parameters/table.ts';
import { FakeAws } from '../support/fake-aws.ts';
import { run } from '../support/process.ts';
import { useProjectCopy } from '../support/project-copy.ts';
import { isSoak } from '../support/soak.ts';
import { toArguments } from '../support/template.ts';

const parameters = { operations: 'Encrypt,Decrypt' };
const functions = ['encrypt', 'decrypt', 'health', 'forwardAudit'];
const stageFolder = 'serverless/kms-functions/dev/';
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

describe('serverless deploy', { timeout: 120_000 }, () => {
  const project = useProjectCopy();
  const aws = new FakeAws();
  let env: NodeJS.ProcessEnv;
  const serverless = (...args: string[]) =>
    run(['serverless', ...args, '--stage', 'dev'], { cwd: project.directory, env, timeoutMs: 100_000 });
  const deploy = (given: Readonly<Record<string, string>> = {}) =>
    serverless('deploy', ...toArguments({ ...parameters, ...given }));
  const zip = (name: string) => readFileSync(join(project.directory, '.build', 'zips', `${name}.zip`));
  const listCode = () => [...aws.objects.keys()].filter((key) => key.startsWith(`${stageFolder}code/`)).toSorted();
  const last = () => aws.updates.at(-1) ?? { Resources: {}, Outputs: {} };

  beforeAll(async () => {
    env = { ...(await aws.start()), HOME: project.directory };
    // osls keeps five deployments. These deployments are older than the deployments in this test.
    for (const time of [1, 2, 3, 4, 5, 6]) {
      const date = new Date(time).toISOString();
      aws.objects.set(`${stageFolder}${time}-${date}/compiled-cloudformation-template.json`, Buffer.from('{}'));
    }
    aws.objects.set(`${stageFolder}code/${'0'.repeat(64)}.zip`, Buffer.from('code of an older release'));
    const { code, output } = await deploy();
    expect(code, output).toBe(0);
  }, 120_000);
  afterAll(() => aws.close());

  test('serverless deploy uploads the zip of each function under its hash, and the source map next to the zip', () => {
    const keys = functions.flatMap((name) => [`${sha256(zip(name))}.zip`, `${sha256(zip(name))}.map.zip`]);
    expect(listCode()).toEqual([`${'0'.repeat(64)}.zip`, ...keys].map((key) => `${stageFolder}code/${key}`).toSorted());
    const map = aws.objects.get(`${stageFolder}code/${sha256(zip('encrypt'))}.map.zip`) ?? Buffer.alloc(0);
    expect(Object.keys(unzipSync(map))).toEqual(['encrypt.map']);
    expect(last().Resources.EncryptLambdaFunction.Properties.Code.S3Key).toBe(
      `${stageFolder}code/${sha256(zip('encrypt'))}.zip`,
    );
  });

  test('serverless deploy keeps the code of older deployments, whose templates osls deletes', () => {
    const templates = [...aws.objects.keys()].filter((key) => key.endsWith('compiled-cloudformation-template.json'));
    expect(templates).toHaveLength(5);
    expect(aws.objects.has(`${stageFolder}code/${'0'.repeat(64)}.zip`)).toBe(true);
  });

  // In each run, the next test shows that a second deployment changes nothing but the changed function.
  test.runIf(isSoak)(
    'serverless deploy with unchanged code deploys an identical template and adds no code',
    async () => {
      const [before, code] = [last(), listCode()];
      const { code: exit, output } = await deploy();
      expect(exit, output).toBe(0);
      expect(listCode()).toEqual(code);
      expect(last()).toEqual(before);
    },
  );

  test('serverless deploy after a change to one function changes only that function, and adds only its code', async () => {
    const [before, code] = [last(), listCode()];
    appendFileSync(join(project.directory, 'functions/crypto/encrypt/handler.ts'), '\nconsole.info("changed");\n');
    const { code: exit, output } = await deploy();
    expect(exit, output).toBe(0);
    const after = last();
    const changed = Object.keys(after.Resources).filter(
      (id) => JSON.stringify(after.Resources[id]) !== JSON.stringify(before.Resources[id]),
    );
    expect(changed).toEqual(['EncryptLambdaFunction']);
    const hash = sha256(zip('encrypt'));
    expect(
      listCode()
        .filter((key) => !code.includes(key))
        .toSorted(),
    ).toEqual([`${stageFolder}code/${hash}.map.zip`, `${stageFolder}code/${hash}.zip`].toSorted());
    // When osls looks for changes, it ignores the S3 keys of code, so another part must differ.
    expect(after.Resources.EncryptLambdaFunction.Metadata).toEqual({ codeSha256: hash });
  });

  test.runIf(isSoak)(
    'serverless deploy rejects a zip that changed after packaging, before it uploads the zip',
    async () => {
      expect((await serverless('package', ...toArguments(parameters))).code).toBe(0);
      const code = listCode();
      writeFileSync(join(project.directory, '.build/zips/decrypt.zip'), 'other code');
      const { code: exit, output } = await serverless('deploy', '--package', '.serverless', ...toArguments(parameters));
      expect(exit).toBe(1);
      expect(output).toContain('decrypt.zip changed after packaging. Package the service again.');
      expect(listCode()).toEqual(code);
    },
  );

  test.runIf(isSoak)(
    'serverless deploy rejects a certificate in another account before it uploads anything',
    async () => {
      const objects = [...aws.objects.keys()];
      const domain = { domainName: 'keys.example.com', certificateArn: parameterTable.certificateArn.example };
      const { code, output } = await deploy(domain);
      expect(code).toBe(1);
      expect(output).toContain('`certificateArn` must be in account 111111111111, which this command deploys to');
      expect([...aws.objects.keys()]).toEqual(objects);
      expect(output).not.toMatch(/^ +at /m);
    },
  );

  test('serverless remove deletes the stack and the uploaded code', async () => {
    const { code, output } = await serverless('remove');
    expect(code, output).toBe(0);
    expect([...aws.objects.keys()]).toEqual([]);
  });
});

describe('serverless logs', () => {
  const command = `aws logs tail /kms-functions/prod --region eu-west-1 --follow --filter-pattern '{ $.operation = "Encrypt" }'`;

  test('the message for serverless logs contains the command that reads the shared log group', () => {
    expect(describeLogsCommand('prod', 'eu-west-1', 'encrypt')).toContain(command);
  });

  test.runIf(isSoak)('serverless logs fails with the command that reads the shared log group', async () => {
    const { code, output } = await run([
      'serverless',
      'logs',
      '-f',
      'encrypt',
      '--stage',
      'prod',
      '--region',
      'eu-west-1',
    ]);
    expect(code).toBe(1);
    expect(output).toContain(command);
    expect(output).not.toMatch(/^ +at /m);
  });
});
