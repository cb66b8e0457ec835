import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../infra/packaging/manifest.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { functionName, type Operation } from '../../shared/declaration/operation.ts';
import { metricNames } from '../../shared/observability/metric-names.ts';
import { buildSignedEvent } from '../support/deployed.ts';
import { deployment, everyOperation } from '../support/deployments.ts';
import { useEmulator } from '../support/emulator.ts';
import { invokeUnpacked, type LambdaInvocation, type LambdaSettings, unpack } from '../support/lambda-process.ts';
import { allOperations, sampledRows } from '../support/operations.ts';
import { listStatements } from '../support/policy.ts';
import { makeDirectory, removeDirectory, useDirectory } from '../support/project-copy.ts';
import { filterByType, type Packaged, resolveReferences, usePackaged } from '../support/template.ts';

const place = { account: '000000000000', region: 'us-east-1' };
const kms = 'kms.us-east-1.amazonaws.com';
const used = useEmulator();

function readSettings({ resources }: Packaged, { name }: Pick<Operation, 'name'>): LambdaSettings {
  return resolveReferences(resources.get(`${name}LambdaFunction`)?.Properties, place);
}

/** Invokes a packaged function. `environment` replaces the environment in the template. */
async function invokeArtifact(
  packaged: Packaged,
  operation: Operation,
  event: unknown,
  environment?: Readonly<Record<string, unknown>>,
): Promise<LambdaInvocation> {
  const directory = makeDirectory();
  try {
    unpack(readFileSync(join(packaged.directory, '.build', 'zips', `${functionName(operation)}.zip`)), directory);
    const settings = readSettings(packaged, operation);
    const Variables =
      environment === undefined ? settings.Environment.Variables : resolveReferences(environment, place);
    return await invokeUnpacked(
      { ...settings, Environment: { Variables: Variables as Record<string, string> } },
      directory,
      event,
      used.emulator.endpoint,
    );
  } finally {
    removeDirectory(directory);
  }
}

const findOperation = (name: string) => allOperations.find((operation) => operation.name === name) as Operation;

describe("a packaged function with the template's environment", () => {
  const packaged = usePackaged(everyOperation);
  const elsewhere = useDirectory();

  // Bundling and packaging are the same for all operations. test/functions/sdk-parity.test.ts calls every bundle.
  test.concurrent.for(sampledRows)(
    'a packaged function accepts an HTTP request and calls only KMS: $name',
    async ({ operation }) => {
      const [route] = operation.routes;
      const { result, hosts, log, peakMemoryMb } = await invokeArtifact(
        packaged,
        operation,
        buildSignedEvent(operation),
      );
      expect(result).toMatchObject({ statusCode: route.status });
      expect(hosts).toEqual([kms]);
      // The memory size determines the CPU share, so functions use at most half of the memory.
      expect(peakMemoryMb * 2).toBeLessThan(readSettings(packaged, operation).MemorySize);
      expect(log).toMatchObject([{ service: 'kms-functions-dev', operation: operation.name, outcome: 'OK', Calls: 1 }]);
    },
  );

  test('a packaged function has the same routes, handler and policy in the manifest as in the template', () => {
    const { functions } = JSON.parse(
      readFileSync(join(packaged.directory, '.build', 'manifest.json'), 'utf8'),
    ) as Manifest;
    expect(functions.map(({ name }) => name).toSorted()).toEqual(allOperations.map(functionName).toSorted());
    for (const operation of allOperations) {
      const entry = functions.find(({ name }) => name === functionName(operation));
      expect(entry?.routes).toEqual(operation.routes.map(({ method, path }) => `${method} ${path}`));
      expect(entry?.handler).toBe(readSettings(packaged, operation).Handler);
      expect(entry?.policy.Statement).toHaveLength(
        listStatements(packaged.resources.get(`${operation.name}Role`)).length,
      );
      expect(existsSync(join(packaged.directory, '.build', entry?.zip ?? ''))).toBe(true);
    }
  });

  test('a packaged function accepts a direct invocation', async () => {
    const operation = findOperation('Encrypt');
    const { result } = await invokeArtifact(packaged, operation, operation.example.input);
    expect(result).toMatchObject({ CiphertextBlob: expect.any(String) });
  });

  test('a packaged function logs the metrics that the alarms and the dashboard use', async () => {
    const operation = findOperation('ScheduleKeyDeletion');
    await used.emulator.restoreSeed();
    const { log } = await invokeArtifact(packaged, operation, operation.example.input);
    const [line] = log as [Record<string, unknown> & { _aws: { CloudWatchMetrics: object[] } }];
    expect(line._aws.CloudWatchMetrics).toMatchObject([
      { Namespace: 'KmsFunctions', Dimensions: [['service', 'operation'], ['service']] },
      { Namespace: 'KmsFunctions', Dimensions: [['service']] },
    ]);
    expect(line).toMatchObject({ operation: operation.name, Calls: 1, DeletionsScheduled: 1 });
    const alarms = filterByType(packaged.resources, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    const own = alarms.filter(({ Namespace }) => Namespace === 'KmsFunctions');
    const watched = own.map(({ MetricName }) => MetricName);
    const cacheMetrics: string[] = [metricNames.dataKeyCacheHits, metricNames.dataKeyRequests];
    const expected = Object.values(metricNames).filter((name) => !cacheMetrics.includes(name));
    expect([...watched, metricNames.calls].toSorted()).toEqual(expected.toSorted());
    for (const { Dimensions } of own) expect(Dimensions).toEqual([{ Name: 'service', Value: line.service }]);
    const dashboard = packaged.resources.get('Dashboard')?.Properties.DashboardBody['Fn::Sub'];
    for (const name of expected) expect(dashboard).toContain(name);
  });

  test('the packaged health function returns the package.json version for GET /health', async () => {
    const operation = findOperation('Health');
    const { result } = await invokeArtifact(packaged, operation, buildSignedEvent(operation));
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(JSON.parse((result as { body: string }).body)).toEqual({ status: 'ok', version });
  });

  test('a packaged function does not load without the environment variables of its stage', async () => {
    const settings = readSettings(packaged, { name: 'Encrypt' });
    const zip = readFileSync(join(packaged.directory, '.build', 'zips', 'encrypt.zip'));
    unpack(zip, elsewhere.directory);
    const Variables = { KMS_FUNCTIONS_STAGE: 'local' };
    const broken = invokeUnpacked(
      { ...settings, Environment: { Variables } },
      elsewhere.directory,
      {},
      'http://127.0.0.1:9',
    );
    await expect(broken).rejects.toThrow('AWS_ENDPOINT_URL_KMS is required in stage local');
  });
});

describe('the parameter fips', () => {
  // The zips of all deployments are the same. The parameter changes only the environment.
  const packaged = usePackaged(everyOperation);
  const { environment } = buildServiceParts(deployment({ ...everyOperation, fips: 'on' }));

  test('the fips parameter sends calls to the KMS FIPS endpoint', async () => {
    const operation = findOperation('Encrypt');
    const { result, hosts } = await invokeArtifact(packaged, operation, operation.example.input, environment);
    expect(result).toMatchObject({ CiphertextBlob: expect.any(String) });
    expect(hosts).toEqual(['kms-fips.us-east-1.amazonaws.com']);
  });

  test('the fips parameter does not change the CloudWatch Logs endpoint of the audit forwarder', async () => {
    const settings = readSettings(packaged, { name: 'ForwardAudit' });
    const record = { ...emptyRecord, message: 'call', operation: 'Encrypt', trigger: 'direct' };
    const data = {
      messageType: 'DATA_MESSAGE',
      owner: place.account,
      logGroup: '/kms-functions/dev',
      logStream: `2026/11/26/kms-functions-dev-encrypt[$LATEST]${'0'.repeat(32)}`,
      logEvents: [{ timestamp: Date.now(), message: JSON.stringify(record) }],
    };
    const event = { awslogs: { data: gzipSync(JSON.stringify(data)).toString('base64') } };
    const directory = makeDirectory();
    try {
      unpack(readFileSync(join(packaged.directory, '.build', 'zips', 'forwardAudit.zip')), directory);
      // The process blocks requests to hosts other than KMS, and the error contains their hosts.
      const call = invokeUnpacked(settings, directory, event, used.emulator.endpoint);
      await expect(call).rejects.toThrow('asked logs.us-east-1.amazonaws.com\n');
    } finally {
      removeDirectory(directory);
    }
  });
});

const emptyRecord = {
  schema: 'kms-functions.call/2',
  caller: { kind: 'direct', isVerified: false },
  keys: [],
  usedKeys: [],
  contextKeys: [],
  outcome: 'OK',
  status: 200,
  latencyMs: 1,
  requestId: 'request',
};
