import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/index.ts';
import { allOperations } from '../../functions/all-operations.ts';
import { buildLocalSeed } from '../../infra/local/local-seed.ts';
import { buildLocalToken } from '../../scripts/token/local-token.ts';
import { useEmulator } from '../support/emulator.ts';
import { useFixedPorts } from '../support/fixed-ports.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { buildLocalParts, type LocalStage, startLocalStage } from '../support/local-stage.ts';
import { run } from '../support/process.ts';
import { makeDirectory, removeDirectory } from '../support/project-copy.ts';
import { changeJson, type Rewrite, type RewritingProxy, startRewritingProxy } from '../support/rewriting-proxy.ts';
import { isSoak } from '../support/soak.ts';
import { readKeyArns, startVerification, verify } from '../support/verification.ts';

// The command expects the ports of `npm start`.
useFixedPorts();
const used = useEmulator({ seed: 'default', port: 4599 });
let stage: LocalStage;
const proxies = {} as Record<'api' | 'lambda' | 'kms', RewritingProxy>;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startLocalStage({ apiPort: 3000, lambdaPort: 3002 });
  proxies.api = await startRewritingProxy(stage.url);
  proxies.lambda = await startRewritingProxy(stage.urls.lambda);
  proxies.kms = await startRewritingProxy(used.emulator.endpoint);
});
afterAll(async () => {
  for (const proxy of Object.values(proxies)) await proxy.close();
  await stage.close();
});

function proxyArguments(): string[] {
  const urls = Object.entries(proxies).flatMap(([name, { url }]) => [`--${name}`, url]);
  return ['--stage', 'local', '--wait', '2', ...urls];
}

async function readStates(arns: readonly string[]): Promise<(string | undefined)[]> {
  return Promise.all(
    arns.map(async (KeyId) => (await used.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState),
  );
}

test('npm run verify passes every check that stage local supports, and removes what it created', async () => {
  const finished = await run(['npm', 'run', '--silent', 'verify', '--', '--stage', 'local']);
  expect(finished, finished.output).toMatchObject({ code: 0, stderr: '' });
  expect(finished.stdout.match(/^\d+ passed, .*$/m)?.[0]).toBe('21 passed, 0 failed, 13 skipped');
  const arns = readKeyArns(finished);
  expect(arns.length).toBeGreaterThanOrEqual(2);
  expect(await readStates(arns)).toEqual(arns.map(() => 'PendingDeletion'));
});

test('each skipped check has a reason', async () => {
  const { stdout, titles } = await verify(proxyArguments());
  expect(titles.skipped.length).toBeGreaterThan(5);
  for (const line of stdout.split('\n').filter((text) => text.includes(' skipped '))) {
    expect(line).toMatch(/skipped {2,}\w.{8,}/);
  }
});

interface Fault {
  readonly fault: string;
  readonly at: keyof typeof proxies;
  readonly rewrite: Rewrite;
  /** The start of the title of the only check that must fail. */
  readonly fails: string;
  /** Is `true` if ordinary runs also inject the fault. Each run of the command takes seconds. */
  readonly isCommon?: true;
}

const problem = (status: number, code: string) => async () => ({
  status,
  body: JSON.stringify({ code, status, title: code, detail: 'Injected.' }),
  headers: { 'content-type': 'application/problem+json' },
});
const other = '5a4d1e00-0000-4000-8000-000000000106';
const isKeyRead = (method: string, path: string) => method === 'GET' && /^\/keys\/[0-9a-f-]{36}$/.test(path);
const failed = { 'x-amz-function-error': 'Unhandled' };

const faults: readonly Fault[] = [
  {
    fault: 'GET /health returns 500',
    at: 'api',
    rewrite: ({ path }) => (path === '/health' ? problem(500, 'InternalError')() : undefined),
    fails: 'Health: GET /health',
    isCommon: true,
  },
  {
    fault: 'the Health function fails',
    at: 'lambda',
    rewrite: ({ path }) =>
      path.includes('-health/')
        ? Promise.resolve({ status: 200, body: '{"errorMessage":"InternalError: Injected."}', headers: failed })
        : undefined,
    fails: 'Health: a direct invocation',
  },
  {
    fault: 'the new key is disabled',
    at: 'api',
    rewrite: ({ method, path }, forward) =>
      method === 'POST' && path === '/keys'
        ? changeJson(forward(), ({ KeyMetadata }) => ({ KeyMetadata: { ...KeyMetadata, KeyState: 'Disabled' } }))
        : undefined,
    fails: 'Keys: CreateKey creates',
  },
  {
    fault: 'the service tag of the new key never takes effect',
    at: 'api',
    rewrite: ({ method, path }) => (isKeyRead(method, path) ? problem(403, 'TagNotBoundError')() : undefined),
    fails: 'Keys: the functions may use a new key',
  },
  {
    fault: 'a tag of the new key is missing',
    at: 'kms',
    rewrite: ({ target }) =>
      target === 'ListResourceTags' ? Promise.resolve({ status: 200, body: '{"Tags":[]}' }) : undefined,
    fails: 'Keys: IAM accepts the tags',
  },
  {
    fault: 'the gateway does not decode key ARNs in paths',
    at: 'api',
    rewrite: ({ path }) => (path.includes('%3A') ? problem(400, 'ValidationException')() : undefined),
    fails: 'Keys: API Gateway decodes',
  },
  {
    fault: 'the rotation remains off',
    at: 'api',
    rewrite: ({ method, path }, forward) =>
      method === 'GET' && path.endsWith('/rotation')
        ? changeJson(forward(), (body) => ({ ...body, KeyRotationEnabled: false }))
        : undefined,
    fails: 'Keys: EnableKeyRotation',
  },
  {
    fault: 'the alias leads to another key',
    at: 'api',
    rewrite: ({ method, path }, forward) =>
      method === 'GET' && path.includes('alias.')
        ? changeJson(forward(), ({ KeyMetadata }) => ({ KeyMetadata: { ...KeyMetadata, KeyId: other } }))
        : undefined,
    fails: 'Aliases: a new alias',
  },
  {
    fault: 'Decrypt returns another plaintext',
    at: 'api',
    rewrite: ({ path }, forward) =>
      path === '/decrypt' ? changeJson(forward(), (body) => ({ ...body, ...otherPlaintext(body) })) : undefined,
    fails: 'Cryptography: Decrypt over HTTP',
  },
  {
    fault: 'Decrypt ignores the encryption context',
    at: 'api',
    rewrite: ({ body }) =>
      body.includes('something else')
        ? Promise.resolve({ status: 200, body: JSON.stringify({ KeyId: other, Plaintext: 'aGVsbG8=' }) })
        : undefined,
    fails: 'Cryptography: Decrypt with another',
  },
  {
    fault: 'a direct Decrypt returns another plaintext',
    at: 'lambda',
    rewrite: ({ path }, forward) =>
      path.includes('-decrypt/') ? changeJson(forward(), (body) => ({ ...body, Plaintext: 'aGVsbG8=' })) : undefined,
    fails: 'Cryptography: direct invocation',
    isCommon: true,
  },
  {
    fault: 'Decapsulate is denied',
    at: 'api',
    rewrite: ({ path }) => (path.endsWith('/decapsulate') ? problem(403, 'AccessDeniedException')() : undefined),
    fails: 'Cryptography: Encapsulate and Decapsulate',
  },
  {
    fault: 'KMS rejects every key policy',
    at: 'api',
    rewrite: ({ body }) => (body.includes('"Policy"') ? problem(400, 'MalformedPolicyDocumentException')() : undefined),
    fails: 'Policies: CreateKey with a key policy',
  },
  {
    fault: 'an unknown route returns 200',
    at: 'api',
    rewrite: ({ path }) =>
      path === '/kms-functions-verify' ? Promise.resolve({ status: 200, body: '{}' }) : undefined,
    fails: 'Refusals: an unknown route',
  },
  {
    fault: 'the ARN of another account is accepted',
    at: 'api',
    rewrite: ({ path }) =>
      path.includes('111122223333') ? Promise.resolve({ status: 200, body: '{"KeyMetadata":{}}' }) : undefined,
    fails: 'Refusals: the ARN',
  },
  {
    fault: 'ScheduleKeyDeletion does nothing',
    at: 'api',
    rewrite: ({ path }) =>
      path.endsWith('/schedule-deletion')
        ? Promise.resolve({ status: 200, body: '{"KeyState":"PendingDeletion"}' })
        : undefined,
    fails: 'Clean-up',
    isCommon: true,
  },
  {
    fault: 'DeleteAlias does nothing',
    at: 'api',
    rewrite: ({ method }) => (method === 'DELETE' ? Promise.resolve({ status: 200, body: '{}' }) : undefined),
    fails: 'Clean-up',
  },
];

/** Returns another plaintext, except for the wrong context, for which decryption must still fail. */
function otherPlaintext(body: object): object {
  return 'Plaintext' in body ? { Plaintext: 'aGVsbG8=' } : {};
}

/** The faults of an ordinary run: one in each service. test/scripts/verify.test.ts injects further faults in each run. */
const injected = isSoak ? faults : faults.filter(({ isCommon }) => isCommon);

describe('npm run verify fails only the check of the fact that does not hold', () => {
  test.for(injected)('$fault', { timeout: 60_000 }, async ({ at, rewrite, fails }) => {
    const proxy = proxies[at];
    proxy.rewrite = rewrite;
    try {
      const result = await verify(proxyArguments());
      expect({ code: result.code, failed: result.titles.FAILED }, result.output).toEqual({
        code: 1,
        failed: [expect.stringMatching(fails)],
      });
      // The run must leave no key behind, whichever check failed.
      const arns = readKeyArns(result).filter((arn) => !arn.includes('111122223333'));
      expect(await readStates(arns)).toEqual(arns.map(() => 'PendingDeletion'));
    } finally {
      proxy.rewrite = undefined;
    }
  });
});

test('npm run verify waits until the service tag of a new key takes effect', { timeout: 60_000 }, async () => {
  let refusals = 0;
  proxies.api.rewrite = ({ method, path }) => {
    if (!isKeyRead(method, path) || refusals >= 2) return undefined;
    refusals += 1;
    return problem(403, 'TagNotBoundError')();
  };
  try {
    const { code, output } = await verify([...proxyArguments(), '--wait', '10']);
    expect({ code, refusals }, output).toEqual({ code: 0, refusals: 2 });
    expect(output).toMatch(/usable (?:[2-9]|\d\d)\.\d s after its creation/);
  } finally {
    proxies.api.rewrite = undefined;
  }
});

test('npm run verify still schedules the deletion of the keys if it is interrupted during a check', {
  timeout: 60_000,
}, async () => {
  proxies.api.rewrite = ({ path }) => (path.endsWith('/encrypt') ? new Promise(() => {}) : undefined);
  try {
    const running = startVerification(proxyArguments());
    await running.waitFor(/^Aliases: .*\n/m);
    const { code, stdout } = await running.end('SIGINT', 20_000);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('The run was interrupted.') });
    const arns = readKeyArns({ stdout });
    expect(arns.length).toBeGreaterThanOrEqual(1);
    expect(await readStates(arns)).toEqual(arns.map(() => 'PendingDeletion'));
  } finally {
    proxies.api.rewrite = undefined;
  }
});

test('npm run verify reports a service that is not running, and rejects URLs of other machines', async () => {
  const stopped = await verify(['--stage', 'local', '--api', 'http://127.0.0.1:9']);
  expect(stopped).toMatchObject({ code: 2, stdout: expect.stringContaining('Run `npm start` in another terminal') });
  const remote = await verify(['--stage', 'local', '--kms', 'https://kms.us-east-1.amazonaws.com']);
  expect(remote).toMatchObject({ code: 2, stdout: expect.stringContaining('runs only on this machine') });
});

describe('npm run verify in a stage local with parameters', () => {
  const started: { emulator: Emulator; stage: LocalStage }[] = [];
  afterAll(async () => {
    for (const { emulator, stage } of started) {
      await stage.close();
      await emulator.close();
    }
    setLocalEnvironment(used.emulator.endpoint);
  });

  /** Starts a stage on free ports. Returns the arguments of the command. */
  async function startStage(parameters: Record<string, string>, Principals: readonly object[] = []): Promise<string[]> {
    const directory = makeDirectory();
    const file = join(directory, 'callers.json');
    writeFileSync(file, JSON.stringify({ Principals }));
    const seed = await buildLocalSeed(file, buildLocalParts(parameters).local);
    removeDirectory(directory);
    const emulator = await startEmulator({ seed });
    setLocalEnvironment(emulator.endpoint);
    const stage = await startLocalStage({ parameters, seed });
    started.push({ emulator, stage });
    const { urls } = stage;
    const addresses = ['--api', urls.api, '--lambda', urls.lambda, '--kms', urls.emulator];
    return ['--stage', 'local', '--wait', '5', ...addresses];
  }

  const onlyOnAws = [
    'Monitoring: every alarm exists, and none is in state ALARM',
    'Throttling: API Gateway applies every route limit',
    "Callers: a policy for one key's path allows only that key",
    'Callers: IAM matches the decoded path, so %6E does not evade a Deny statement',
    'Audit trail: the record of an HTTP call arrives, with its verified caller',
    'Audit trail: the record of a direct invocation arrives',
  ];
  const others = [
    // Direct invokers have no tenant.
    'Health: a direct invocation reports the same status',
    'Cryptography: direct invocation encrypts and decrypts',
    // The stage has no group envelope.
    'Messages: Seal and Open over HTTP return the same bytes, even the largest plaintext',
    'Messages: API Gateway passes bodies of bytes unchanged, in requests and in responses',
    'Messages: the service, Lambda and API Gateway reject requests above their limits',
    'Messages: direct invocation seals and opens, and Lambda rejects an event above 6 MB',
  ];

  test('runs every check that needs no AWS account, as the bearer of a token with a tenant', {
    timeout: 60_000,
  }, async () => {
    const args = await startStage({
      auth: 'jwt',
      jwtIssuer: 'https://login.example.com/',
      jwtAudience: 'kms-functions',
      tenantField: 'claim:tenant_id',
      keysClaim: 'kms_keys',
      regions: 'eu-west-1',
      operations: 'default,replicas,tags',
    });
    const groups = new Set(allOperations.map(({ group }) => group));
    const createToken = (claim: Record<string, string>) =>
      buildLocalToken(
        {
          issuer: 'https://login.example.com/',
          audience: 'kms-functions',
          scope: [...groups].map((group) => `kms-functions/${group}`),
          subject: 'verifier',
          claim,
          minutes: 10,
        },
        Date.now(),
      );
    const result = await verify(args, {
      env: { KMS_FUNCTIONS_TOKEN: createToken({ tenant_id: 'acme', kms_keys: '*' }) },
    });
    expect(result.titles.FAILED, result.output).toEqual([]);
    expect([...result.titles.skipped].sort(), result.output).toEqual([...onlyOnAws, ...others].sort());
    expect(result.code).toBe(0);

    const anonymous = await verify(args, { env: { KMS_FUNCTIONS_TOKEN: '' } });
    expect(anonymous).toMatchObject({ code: 2 });
    expect(anonymous.stdout).toContain('The stage expects tokens. Set KMS_FUNCTIONS_TOKEN');
    const homeless = await verify(args, { env: { KMS_FUNCTIONS_TOKEN: createToken({}) } });
    expect(homeless).toMatchObject({ code: 2 });
    expect(homeless.stdout).toContain('KMS_FUNCTIONS_TOKEN has no tenant.');
  });

  test('signs as the role in AWS_ACCESS_KEY_ID, and names functions that are not deployed', {
    timeout: 60_000,
  }, async () => {
    const args = await startStage({ tenantField: 'role', operations: 'keys,aliases,crypto' }, [
      {
        AccessKeyId: 'AKIAPAYMENTS',
        Arn: 'arn:aws:sts::000000000000:assumed-role/payments/session',
        Policies: [
          { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] },
        ],
      },
    ]);
    const result = await verify(args, { env: { AWS_ACCESS_KEY_ID: 'AKIAPAYMENTS' } });
    expect(result.titles.FAILED, result.output).toEqual([]);
    expect(result.code, result.output).toBe(0);
    expect(result.stdout).toContain('seal is not deployed');
    const root = await verify(args, { env: { AWS_ACCESS_KEY_ID: '' } });
    expect(root).toMatchObject({ code: 2 });
    expect(root.stdout).toContain('Set AWS_ACCESS_KEY_ID to the access key id of a role in the seed.');
    const unknown = await verify(args, { env: { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN' } });
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.stdout).toContain('The emulator does not accept the access key id AKIAUNKNOWN');
  });
});
