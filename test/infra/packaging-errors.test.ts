import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parameterTable } from '../../infra/parameters/table.ts';
import { isSoak } from '../support/operations.ts';
import { run } from '../support/process.ts';
import { useDirectory, useProjectCopy } from '../support/project-copy.ts';
import { packageIn } from '../support/template.ts';

describe('serverless package', () => {
  const project = useProjectCopy();

  async function expectFailure(args: readonly string[], messages: readonly string[]): Promise<void> {
    const { code, output } = await packageIn(project.directory, args);
    expect(code).toBe(1);
    for (const message of messages) expect(output.split(message), message).toHaveLength(2);
    expect(output, 'no stack trace').not.toMatch(/^ +at /m);
  }

  test('serverless package rejects invalid parameters, and reports each problem once', async () => {
    const given = ['logRetention=30', 'logRetentionDays=2', 'endpoint=https://localhost:4599', 'fips=yes'];
    await expectFailure(
      given.flatMap((parameter) => ['--param', parameter]),
      [
        '`logRetention` is not a known parameter. docs/reference/configuration.md lists all parameters.',
        `\`logRetentionDays\` ${parameterTable.logRetentionDays.rule}.`,
        `\`endpoint\` ${parameterTable.endpoint.rule}.`,
        '`fips` must be `on` or `off`.',
        '`fips` cannot be combined with `endpoint`.',
      ],
    );
  });

  // In each run, template-limits.test.ts tests the limit, and the next test that the command prints such an error.
  test.runIf(isSoak)(
    'serverless package rejects a template with more than 490 resources, and reports their number',
    async () => {
      const topics = Array.from({ length: 480 }, (_, index) => `      Topic${index}: { Type: AWS::SNS::Topic }`).join(
        '\n',
      );
      const text = readFileSync('serverless.yml', 'utf8');
      // biome-ignore lint/suspicious/noTemplateCurlyInString: serverless.yml contains this variable.
      const own = 'resources: ${self:custom.deployment.resources}';
      expect(text).toContain(own);
      const changed = text.replace(
        own,
        `resources:\n  - \${self:custom.deployment.resources}\n  - Resources:\n${topics}`,
      );
      writeFileSync(join(project.directory, 'serverless.yml'), changed);
      try {
        const { code, output } = await packageIn(project.directory, ['--param', 'operations=Encrypt']);
        expect(code).toBe(1);
        const [, count] = /The template contains (\d+) resources, but may contain at most 490/.exec(output) ?? [];
        expect(Number(count), output).toBeGreaterThan(490);
        expect(output).not.toMatch(/^ +at /m);
      } finally {
        writeFileSync(join(project.directory, 'serverless.yml'), text);
      }
    },
  );

  const endpoints = [
    ['https://localhost:4599', 'must not contain a loopback host'],
    ['http://kms.example.com', 'must be https'],
  ] as const;
  test.for(isSoak ? endpoints : endpoints.slice(0, 1))(
    'serverless package rejects an endpoint that another plugin adds to the environment: %s',
    async ([url, message]) => {
      const text = readFileSync('serverless.yml', 'utf8');
      const line = /environment: \$\{self.*\}/;
      expect(text).toMatch(line);
      const changed = text.replace(line, `environment: { AWS_ENDPOINT_URL_KMS: '${url}' }`);
      writeFileSync(join(project.directory, 'serverless.yml'), changed);
      await expectFailure(['--param', 'operations=Encrypt'], [message]);
    },
  );
});

describe.concurrent('stage local', () => {
  const used = useDirectory();
  let aws: Server;
  let connections = 0;

  beforeAll(async () => {
    aws = createServer((_, response) => response.end());
    aws.on('connection', () => connections++);
    await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    aws.close();
    expect(connections).toBe(0);
  });

  const commands = [
    ['deploy'],
    ['invoke', '-f', 'encrypt', '-d', '{}'],
    ['package'],
    ['deploy', '--stage', 'local', '--force'],
    ['deploy', 'function', '-f', 'encrypt'],
    ['remove'],
    ['info'],
    ['logs', '-f', 'encrypt'],
    ['rollback', '-t', '1'],
  ];
  const rows = commands.map((args) => ({ command: args.join(' '), args }));
  test.for(isSoak ? rows : rows.slice(0, 2))(
    'stage local is rejected before AWS is called: serverless $command',
    async ({ args }) => {
      const url = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
      const env = {
        HOME: used.directory,
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'x',
        AWS_ENDPOINT_URL: url,
        HTTPS_PROXY: url,
        HTTP_PROXY: url,
      };
      const { code, output } = await run(['serverless', ...args], { env });
      expect(code).toBe(1);
      expect(output).toContain(`Stage local runs only on this machine. Use another stage for '${args[0]}'`);
      expect(output).not.toMatch(/^ +at /m);
    },
  );
});
