import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../infra/packaging/manifest.ts';
import { functionName, type Operation } from '../../shared/declaration/operation.ts';
import { metricNames } from '../../shared/observability/metric-names.ts';
import { buildSignedEvent } from '../support/deployed.ts';
import { everyOperation } from '../support/deployments.ts';
import { useEmulator } from '../support/emulator.ts';
import { type Answered, invokeUnpacked, type LambdaSettings, unpack } from '../support/lambda-process.ts';
import { allOperations } from '../support/operations.ts';
import { statementsOf } from '../support/policy.ts';
import { makeDirectory, removeDirectory, useDirectory } from '../support/project-copy.ts';
import { filledIn, ofType, type Packaged, usePackaged } from '../support/template.ts';

const place = { account: '000000000000', region: 'us-east-1' };
const kms = 'kms.us-east-1.amazonaws.com';
const used = useEmulator();

function settingsOf({ resources }: Packaged, { name }: Pick<Operation, 'name'>): LambdaSettings {
  return filledIn(resources.get(`${name}LambdaFunction`)?.Properties, place);
}

async function invokeArtefact(packaged: Packaged, operation: Operation, event: unknown): Promise<Answered> {
  const directory = makeDirectory();
  try {
    unpack(readFileSync(join(packaged.directory, '.build', 'zips', `${functionName(operation)}.zip`)), directory);
    return await invokeUnpacked(settingsOf(packaged, operation), directory, event, used.emulator.endpoint);
  } finally {
    removeDirectory(directory);
  }
}

const operationNamed = (name: string) => allOperations.find((operation) => operation.name === name) as Operation;

describe('each artefact, with the environment that the template gives it, answers', () => {
  const packaged = usePackaged(everyOperation);
  const elsewhere = useDirectory();

  test.concurrent.for(allOperations.map((operation) => ({ name: operation.name, operation })))(
    '$name',
    async ({ operation }) => {
      const [route] = operation.routes;
      const { answer, hosts, log, peakMemoryMb } = await invokeArtefact(
        packaged,
        operation,
        buildSignedEvent(operation),
      );
      expect(answer).toMatchObject({ statusCode: route.status });
      expect(hosts).toEqual([kms]);
      // Twice of what it takes: the memory is there for the share of a processor that comes with it.
      expect(peakMemoryMb * 2).toBeLessThan(settingsOf(packaged, operation).MemorySize);
      expect(log).toMatchObject([{ service: 'kms-functions-dev', operation: operation.name, outcome: 'OK', Calls: 1 }]);
    },
  );

  test('the manifest says the same of each, for other tools', () => {
    const { functions } = JSON.parse(
      readFileSync(join(packaged.directory, '.build', 'manifest.json'), 'utf8'),
    ) as Manifest;
    expect(functions.map(({ name }) => name).toSorted()).toEqual(allOperations.map(functionName).toSorted());
    for (const operation of allOperations) {
      const entry = functions.find(({ name }) => name === functionName(operation));
      expect(entry?.routes).toEqual(operation.routes.map(({ method, path }) => `${method} ${path}`));
      expect(entry?.handler).toBe(settingsOf(packaged, operation).Handler);
      expect(entry?.policy.Statement).toHaveLength(
        statementsOf(packaged.resources.get(`${operation.name}Role`)).length,
      );
      expect(existsSync(join(packaged.directory, '.build', entry?.zip ?? ''))).toBe(true);
    }
  });

  test('to a direct event, too', async () => {
    const operation = operationNamed('Encrypt');
    const { answer } = await invokeArtefact(packaged, operation, operation.example.input);
    expect(answer).toMatchObject({ CiphertextBlob: expect.any(String) });
  });

  test('with metrics by operation and for the service, which are those that the alarms watch', async () => {
    const operation = operationNamed('ScheduleKeyDeletion');
    await used.emulator.restoreSeed();
    const { log } = await invokeArtefact(packaged, operation, operation.example.input);
    const [line] = log as [Record<string, unknown> & { _aws: { CloudWatchMetrics: object[] } }];
    expect(line._aws.CloudWatchMetrics).toMatchObject([
      { Namespace: 'KmsFunctions', Dimensions: [['service', 'operation'], ['service']] },
    ]);
    expect(line).toMatchObject({
      operation: operation.name,
      Calls: 1,
      Faults: 0,
      Throttles: 0,
      AccessDenied: 0,
      DeletionsScheduled: 1,
    });
    const alarms = ofType(packaged.resources, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    const own = alarms.filter(({ Namespace }) => Namespace === 'KmsFunctions');
    const watched = own.map(({ MetricName }) => MetricName);
    expect([...watched, metricNames.calls].toSorted()).toEqual(Object.values(metricNames).toSorted());
    for (const { MetricName, Dimensions } of own) {
      expect(line).toHaveProperty(MetricName);
      expect(Dimensions).toEqual([{ Name: 'service', Value: line.service }]);
    }
    expect(packaged.resources.get('Dashboard')?.Properties.DashboardBody['Fn::Sub']).toContain(
      '{KmsFunctions,operation,service}',
    );
  });

  test('GET /health tells the version of package.json', async () => {
    const operation = operationNamed('Health');
    const { answer } = await invokeArtefact(packaged, operation, buildSignedEvent(operation));
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(JSON.parse((answer as { body: string }).body)).toEqual({ status: 'ok', version });
  });

  test('and does not load without its environment of a stage', async () => {
    const settings = settingsOf(packaged, { name: 'Encrypt' });
    const zip = readFileSync(join(packaged.directory, '.build', 'zips', 'encrypt.zip'));
    unpack(zip, elsewhere.directory);
    const Variables = { KMS_FUNCTIONS_STAGE: 'local' };
    const broken = invokeUnpacked(
      { ...settings, Environment: { Variables } },
      elsewhere.directory,
      {},
      'http://127.0.0.1:9',
    );
    await expect(broken).rejects.toThrow('stage local needs AWS_ENDPOINT_URL_KMS');
  });
});

describe('the parameter fips', () => {
  const packaged = usePackaged({ operations: 'Encrypt', fips: 'on' });

  test("sends every call to KMS's FIPS endpoint", async () => {
    const operation = operationNamed('Encrypt');
    const { answer, hosts } = await invokeArtefact(packaged, operation, operation.example.input);
    expect(answer).toMatchObject({ CiphertextBlob: expect.any(String) });
    expect(hosts).toEqual(['kms-fips.us-east-1.amazonaws.com']);
  });
});
