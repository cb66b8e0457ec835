import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { correctStage, type DeployedStage, startDeployedStage } from '../support/deployed-stage.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { isMotoInstalled, type MotoStack, startMoto } from '../support/moto.ts';
import { isSoak } from '../support/soak.ts';
import { type Verification, verify } from '../support/verification.ts';

const isInstalled = isSoak && (await isMotoInstalled());
const used = useEmulator({ seed: 'none' });
let stage: DeployedStage;
let moto: MotoStack;

beforeAll(async () => {
  if (!isInstalled) return;
  setLocalEnvironment(used.emulator.endpoint);
  stage = await startDeployedStage();
  stage.faults = { ...correctStage, changeRecord: archive };
  moto = await startMoto(stage.gateway.endpoint);
}, 90_000);
afterAll(async () => {
  if (!isInstalled) return;
  await stage.close();
  await moto.close();
});

/** Writes a record to moto's log group too, as the audit forwarder does. */
function archive(record: object): object {
  void moto.writeRecords([record]);
  return record;
}

/** Verifies the stage: moto describes it, and the simulated stage answers HTTP requests and invocations. */
function verifyStage(): Promise<Verification> {
  return verify(['--stage', 'dev', '--region', 'us-east-1', '--wait', '5'], {
    env: {
      AWS_ACCESS_KEY_ID: 'verifier',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL: moto.endpoint,
      AWS_ENDPOINT_URL_LAMBDA: stage.aws.url,
      AWS_ENDPOINT_URL_KMS: used.emulator.endpoint,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
  });
}

// moto's CloudFormation creates no alarms, so the stack has none.
const alarms = expect.stringContaining('Monitoring: every alarm');

describe.skipIf(!isInstalled)('npm run verify reads a stack in moto', { timeout: 120_000 }, () => {
  test('npm run verify finds the records, the limits and the missing alarms of a stack in moto', async () => {
    const { code, output, titles } = await verifyStage();
    expect({ code, failed: titles.FAILED }, output).toEqual({ code: 1, failed: [alarms] });
    for (const start of ['Audit trail: the record of an HTTP', 'Audit trail: the record of a direct', 'Throttling: ']) {
      expect(titles.ok).toContainEqual(expect.stringContaining(start));
    }
  });

  test('npm run verify fails for a stack in moto if no record arrives', async () => {
    stage.faults = correctStage;
    const { titles, output } = await verifyStage();
    const missing = ['Audit trail: the record of an HTTP', 'Audit trail: the record of a direct'];
    expect(titles.FAILED, output).toEqual([alarms, ...missing.map((start) => expect.stringContaining(start))]);
  });
});
