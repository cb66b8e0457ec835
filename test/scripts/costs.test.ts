import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { encryptBatch } from '../../functions/batch/encrypt-batch/operation.ts';
import { encrypt } from '../../functions/crypto/encrypt/operation.ts';
import { logLineBytes } from '../../scripts/costs/log-line-bytes.ts';
import { calculateCosts, scenarios } from '../../scripts/costs/scenarios.ts';
import { callRecord } from '../../shared/observability/call-record.ts';
import { type Bundles, buildBundles } from '../support/bundles.ts';
import { captureLog } from '../support/captured-log.ts';
import { buildDeployedConfig, buildSignedEvent, createGatewayContext } from '../support/deployed.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import type { allOperations } from '../support/operations.ts';

const used = useEmulator();
let bundles: Bundles;

beforeAll(async () => {
  bundles = await buildBundles();
  setLocalEnvironment(used.emulator.endpoint);
  process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
});

test('the log line sizes of the cost model differ from those of a real call by at most a tenth', async () => {
  const config = buildDeployedConfig({ isMetricsEnabled: true });
  const handler = bundles.load(encrypt as unknown as (typeof allOperations)[number]).withConfig(config);
  const userArn = 'arn:aws:sts::000000000000:assumed-role/payments-production/i-0123456789abcdef0';
  const [line] = await captureLog(() => handler(buildSignedEvent(encrypt, { userArn }), createGatewayContext()));
  const batch = bundles.load(encryptBatch as unknown as (typeof allOperations)[number]).withConfig(config);
  const [item] = await captureLog(() => batch(buildSignedEvent(encryptBatch, { userArn }), createGatewayContext()));
  const countAuditBytes = (json: unknown) => Buffer.byteLength(JSON.stringify(callRecord.parse(json)));
  const measured = {
    call: Buffer.byteLength(line?.text ?? ''),
    audit: countAuditBytes(line?.json),
    item: Buffer.byteLength(item?.text ?? ''),
    itemAudit: countAuditBytes(item?.json),
  };
  for (const [name, bytes] of Object.entries(measured)) {
    const ratio = bytes / logLineBytes[name as keyof typeof measured];
    expect(ratio, `${name}: ${bytes} bytes`).toBeGreaterThan(0.9);
    expect(ratio, `${name}: ${bytes} bytes`).toBeLessThan(1.1);
  }
});

test('docs/reference/costs.md contains the total of each example', () => {
  const page = readFileSync('docs/reference/costs.md', 'utf8');
  const [, alarms] = page.match(/a metric in an alarm \(a deployment has (\d+)\)/) ?? [];
  const [, billedMs] = page.match(/\| 512 MB \| (\d+) \|/) ?? [];
  for (const scenario of scenarios) {
    const costs = calculateCosts(scenario, { memoryMb: 512, alarms: Number(alarms), billedMs: Number(billedMs) });
    const total = Object.values(costs).reduce((sum, cost) => sum + cost, 0);
    expect(page).toContain(`**${total.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}**`);
  }
});
