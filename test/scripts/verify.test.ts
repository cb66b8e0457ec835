import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { correctStage, type DeployedStage, describeStack, startDeployedStage } from '../support/deployed-stage.ts';
import { clientFor, useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { decide } from '../support/policy.ts';
import { isSoak } from '../support/soak.ts';
import { readKeyArns, type Verification, verify } from '../support/verification.ts';

const used = useEmulator({ seed: 'none' });
let stage: DeployedStage;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startDeployedStage();
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.faults = correctStage;
  describeStack(stage.aws, stage.gateway.endpoint);
});

function verifyStage(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Verification> {
  const role = ['--role', 'arn:aws:iam::000000000000:role/caller'];
  return verify(['--stage', 'dev', '--region', 'us-east-1', '--wait', '2', ...role, ...args], {
    env: {
      AWS_ACCESS_KEY_ID: 'verifier',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL: stage.aws.url,
      AWS_ENDPOINT_URL_KMS: used.emulator.endpoint,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      ...env,
    },
  });
}

async function expectPendingDeletion(arns: readonly string[]): Promise<void> {
  for (const arn of arns) {
    const client = clientFor(used.emulator.endpoint, { region: arn.split(':')[3] ?? '' });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: arn }));
    expect(['PendingDeletion', 'PendingReplicaDeletion'], arn).toContain(KeyMetadata?.KeyState);
    client.destroy();
  }
}

test('every check passes in a deployed stage, and the run reports its cost in cents', { timeout: 60_000 }, async () => {
  // Functions outside the stage can trigger these alarms.
  const ofAccount = {
    'kms-functions-dev-ConcurrencyAlarm': 'ALARM',
    'kms-functions-dev-LambdaThrottlesAlarm': 'ALARM',
  };
  stage.aws.alarmStates = { ...stage.aws.alarmStates, ...ofAccount };
  const result = await verifyStage();
  expect({ code: result.code, failed: result.titles.FAILED, skipped: result.titles.skipped }, result.output).toEqual({
    code: 0,
    failed: [],
    skipped: [],
  });
  const [, cents = ''] = /This run cost about ([\d.]+) cents\./.exec(result.stdout) ?? [];
  expect(Number(cents)).toBeGreaterThan(0.1);
  expect(Number(cents)).toBeLessThan(5);
  await expectPendingDeletion(readKeyArns(result));
});

const otherTag = { serviceTag: 'kms-functions-other' };
const uuid = (name: string) => name.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*');
const faults: readonly { readonly fault: string; readonly inject: () => void; readonly fails: readonly string[] }[] = [
  {
    fault: 'API Gateway accepts requests without a signature',
    inject: () => setFaults({ acceptsUnsigned: true }),
    fails: ['Refusals: API Gateway rejects'],
  },
  {
    fault: 'a function accepts HTTP events from direct invokers',
    inject: () => setFaults({ trustsDirectEvents: true }),
    fails: ['Refusals: a direct invocation'],
  },
  {
    fault: 'a function accepts keys of every account',
    inject: () => setFaults({ config: () => ({ accountIds: ['000000000000', '111122223333'] }) }),
    fails: ['Refusals: the ARN'],
  },
  {
    fault: 'the policies of callers do not limit keys',
    inject: () =>
      setFaults({
        isAllowed: (statements, resource) => isAllowed(statements, uuid(decodeURIComponent(resource)), uuid),
      }),
    fails: ["Callers: a policy for one key's path"],
  },
  {
    fault: 'IAM matches the path before it is decoded',
    inject: () => setFaults({ isAllowed: (statements, resource) => isAllowed(statements, resource) }),
    fails: ['Callers: IAM matches the decoded path'],
  },
  {
    fault: 'CreateKey accepts every key policy',
    inject: () => setFaults({ config: () => ({ policyBounds: undefined }) }),
    fails: ['Policies: a key policy that allows another account', 'Policies: a key policy that denies access later'],
  },
  {
    fault: 'CreateKey adds another service tag',
    inject: () => setFaults({ config: ({ name }) => (name === 'CreateKey' ? otherTag : {}) }),
    fails: ['Keys: IAM accepts the tags'],
  },
  {
    fault: 'ReplicateKey adds another service tag',
    inject: () => setFaults({ config: ({ name }) => (name === 'ReplicateKey' ? otherTag : {}) }),
    fails: ['Replicas: ReplicateKey creates'],
  },
  {
    fault: 'TagResource changes the service tag',
    inject: () => setFaults({ config: ({ name }) => (name === 'TagResource' ? { serviceTag: undefined } : {}) }),
    fails: ['Policies: a caller cannot change the service tag'],
  },
  {
    fault: 'the audit trail loses the records of HTTP calls',
    inject: () => setFaults({ changeRecord: (record) => ('gatewayRequestId' in record ? {} : record) }),
    fails: ['Audit trail: the record of an HTTP call'],
  },
  {
    fault: 'the audit trail loses the records of direct invocations',
    inject: () => setFaults({ changeRecord: (record) => ({ ...record, trigger: 'http' }) }),
    fails: ['Audit trail: the record of a direct'],
  },
  {
    fault: 'the audit trail does not verify the callers of HTTP calls',
    inject: () => setFaults({ changeRecord: withoutVerification }),
    fails: ['Audit trail: the record of an HTTP call'],
  },
  {
    fault: 'an alarm is in state ALARM',
    inject: () => {
      stage.aws.alarmStates = { ...stage.aws.alarmStates, 'kms-functions-dev-FaultsAlarm': 'ALARM' };
    },
    fails: ['Monitoring: every alarm'],
  },
  {
    fault: 'an alarm was deleted',
    inject: () => {
      const { 'kms-functions-dev-FaultsAlarm': _, ...rest } = stage.aws.alarmStates;
      stage.aws.alarmStates = rest;
    },
    fails: ['Monitoring: every alarm'],
  },
  {
    fault: 'API Gateway rounds a route limit',
    inject: () => {
      const rounded = Object.entries(stage.aws.routeSettings).map(([route, settings]) => [
        route,
        { ...settings, ThrottlingRateLimit: 0 },
      ]);
      stage.aws.routeSettings = Object.fromEntries(rounded);
    },
    fails: ['Throttling: API Gateway applies'],
  },
];

function withoutVerification(record: object): object {
  return { ...record, caller: { kind: 'iam', isVerified: false } };
}

function setFaults(changes: Partial<typeof correctStage>): void {
  stage.faults = { ...correctStage, ...changes };
}

type Statements = Parameters<typeof decide>[0];

function isAllowed(statements: Statements, resource: string, change = (text: string) => text): boolean {
  const changed = statements.map((statement) => ({ ...statement, Resource: change(String(statement.Resource)) }));
  return decide(changed, { action: 'execute-api:Invoke', resource }) === 'allowed';
}

/** Full runs inject every fault, other runs every fourth. */
const injected = isSoak ? faults : faults.filter((_, index) => index % 4 === 0);

describe('only the check of the fact that does not hold fails', () => {
  test.for(injected)('$fault', { timeout: 60_000 }, async ({ inject, fails }) => {
    inject();
    const result = await verifyStage();
    expect({ code: result.code, failed: result.titles.FAILED }, result.output).toEqual({
      code: 1,
      failed: fails.map((title) => expect.stringContaining(title)),
    });
    await expectPendingDeletion(readKeyArns(result).filter((arn) => !arn.includes('111122223333')));
  });
});

test('npm run verify explains how to set credentials, and that stage local needs none', async () => {
  const env = { HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' };
  const { code, output } = await verify(['--stage', 'dev'], { env });
  expect(code).toBe(2);
  expect(output).toContain('Could not load credentials');
  expect(output).toContain('Sign in to AWS, for example with `aws sso login`. Stage local needs no credentials.');
});

test('the error from npm run verify for a missing option contains the command that lists the options', async () => {
  const { code, output } = await verify([]);
  expect(code).toBe(1);
  expect(output).toContain('For all options, run `npm run verify -- --help`.');
});

test('npm run verify reports a stack that does not exist', async () => {
  stage.aws.resources = [];
  const result = await verifyStage();
  expect(result).toMatchObject({ code: 2, stdout: expect.stringContaining('There is no stack kms-functions-dev') });
});
