import { CreateKeyCommand, EncryptCommand } from '@aws-sdk/client-kms';
import validate from 'asl-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildObjectUrl } from '../../functions/bulk/worker/aws-urls.ts';
import { handler } from '../../functions/bulk/worker/handler.ts';
import { workerVariables } from '../../functions/bulk/worker-config.ts';
import { reEncryptBatch } from '../../functions/operations.ts';
import { buildDefinition, substitutions, type Workload } from '../../infra/bulk/definition.ts';
import { chooseWorkload, minBatchMs } from '../../infra/bulk/workload.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { deployment } from '../support/deployments.ts';
import { useEmulator } from '../support/emulator.ts';
import { type ObjectServer, startObjectServer } from '../support/fakes/object-server.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../support/handlers.ts';
import { type LambdaServer, startLambdaServer } from '../support/lambda-server.ts';
import { isMotoInstalled, startMotoServer } from '../support/moto.ts';
import { decide, listStatements } from '../support/policy.ts';
import type { Running } from '../support/process.ts';
import { isSoak } from '../support/soak.ts';
import {
  type Execution,
  type ExecutionServices,
  execute,
  get as getObject,
  put as putObject,
} from '../support/state-machine.ts';
import { type Resource, resolveReferences } from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const bulk = (parameters: Readonly<Record<string, string>> = {}) =>
  deployment({ operations: 'default,batch', bulk: 'on', ...parameters });
const bucket = 'lists-bucket';

/** Replaces references to the bucket, as CloudFormation does. */
function resolveBucket<Value>(value: Value): Value {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference in a template
  const text = JSON.stringify(value).replaceAll('${BulkBucket.Arn}', `arn:aws:s3:::${bucket}`);
  return resolveReferences(JSON.parse(text), place);
}

/** Builds the definition with the values that CloudFormation inserts. */
function resolveDefinition(workload: Workload): object {
  const text = JSON.stringify(buildDefinition(workload));
  return JSON.parse(
    text
      .replaceAll(substitutions.bucket, bucket)
      .replaceAll(
        substitutions.worker,
        'arn:aws:lambda:us-east-1:111111111111:function:kms-functions-dev-reEncryptList',
      ),
  );
}

describe('a deployment with bulk=on', () => {
  const { resources, functions } = buildServiceParts(bulk());
  const find = (id: string) => resources.Resources[id] as Resource;

  test('the state machine is valid', () => {
    const { isValid, errorsText } = validate(resolveDefinition(chooseWorkload(bulk())));
    expect(isValid, errorsText()).toBe(true);
  });

  test('a state machine with a wrong state is not valid, so that the validator notices mistakes', () => {
    const text = JSON.stringify(resolveDefinition(chooseWorkload(bulk())));
    expect(validate(JSON.parse(text.replace('"Next":"Summarize"', '"Next":"Other"'))).isValid).toBe(false);
  });

  test('the state machine uses the partition of its Region', () => {
    const inChina = { ...bulk(), region: 'cn-north-1' };
    const text = JSON.stringify(buildDefinition(chooseWorkload(inChina)));
    expect(text.match(/arn:aws-cn:states/g)).toHaveLength(7);
    expect(text).not.toContain('arn:aws:');
  });

  test('without bulk=on, the deployment has no bucket, state machine or worker', () => {
    const off = buildServiceParts(deployment({ operations: 'default,batch' }));
    expect(Object.keys(off.resources.Resources).filter((id) => /Bulk|List/.test(id) && !/^List/.test(id))).toEqual([]);
    expect(Object.keys(off.functions)).not.toContain('reEncryptList');
    expect(Object.keys(functions)).toContain('reEncryptList');
    expect(Object.keys(resources.Resources)).toHaveLength(Object.keys(off.resources.Resources).length + 5);
  });

  test('bulk=on requires ReEncryptBatch', () => {
    expect(() => deployment({ bulk: 'on', operations: 'default' })).toThrow(
      '`bulk` requires ReEncryptBatch. Add `batch` to `operations`',
    );
  });

  test.for([
    [{}, 0.5],
    [{ kmsShare: '1', accountConcurrency: '10000' }, 1],
    [{ kmsQuotas: 'symmetric:5500' }, 0.5],
    [{ kmsQuotas: 'symmetric:300', kmsShare: '0.1' }, 0.1],
    [{ kmsQuotas: 'symmetric:100000' }, 0.5],
    [{ kmsQuotas: 'symmetric:1000000', kmsShare: '1', accountConcurrency: '100000' }, 1],
  ] as const)('the workers use at most half of the share of the KMS quota: %j', ([parameters, share]) => {
    const { maxConcurrency, batchItems } = chooseWorkload(bulk(parameters));
    const quota = Number(/\d+/.exec('kmsQuotas' in parameters ? parameters.kmsQuotas : '100000')?.[0]);
    const perSecond = (maxConcurrency * batchItems * 1_000) / minBatchMs;
    expect(perSecond).toBeLessThanOrEqual((quota * share) / 2);
    expect(maxConcurrency).toBeGreaterThanOrEqual(1);
    // Each worker waits for another function, so that both together claim at most a fifth of the account's concurrency.
    const account = 'accountConcurrency' in parameters ? Number(parameters.accountConcurrency) : 1_000;
    expect(maxConcurrency).toBeLessThanOrEqual(account / 10);
    // A quota of Step Functions (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
    expect(maxConcurrency).toBeLessThanOrEqual(10_000);
  });

  const objects = `arn:aws:s3:::${bucket}`;
  const states = 'arn:aws:states:us-east-1:111111111111';
  const lambda = 'arn:aws:lambda:us-east-1:111111111111:function:kms-functions-dev';

  test('the worker may invoke only ReEncryptBatch, use only objects of runs, and use no keys', () => {
    const statements = resolveBucket(listStatements(find('ReEncryptListRole')));
    const allowed = (action: string, resource: string) => decide(statements, { action, resource }) === 'allowed';
    expect(allowed('lambda:InvokeFunction', `${lambda}-reEncryptBatch`)).toBe(true);
    expect(allowed('s3:PutObject', `${objects}/runs/a/results/b.jsonl`)).toBe(true);
    expect(allowed('s3:GetObject', `${objects}/runs/a/batches/manifest.json`)).toBe(true);
    for (const name of ['decryptBatch', 'reEncryptBatch:gateway', 'reEncryptBatchX', 'reEncryptList'])
      expect(allowed('lambda:InvokeFunction', `${lambda}-${name}`), name).toBe(false);
    expect(allowed('s3:PutObject', `${objects}/lists/a.jsonl`)).toBe(false);
    expect(allowed('s3:DeleteObject', `${objects}/runs/a/results/b.jsonl`)).toBe(false);
    const actions = statements.flatMap(({ Action }) => [Action].flat());
    expect(actions.sort()).toEqual(
      ['lambda:InvokeFunction', 'logs:CreateLogStream', 'logs:PutLogEvents', 's3:GetObject', 's3:PutObject'].sort(),
    );
  });

  test('the state machine may invoke only the worker, read lists, write runs, and start only itself', () => {
    const statements = resolveBucket(listStatements(find('BulkStateMachineRole')));
    const allowed = (action: string, resource: string) => decide(statements, { action, resource }) === 'allowed';
    expect(allowed('lambda:InvokeFunction', `${lambda}-reEncryptList`)).toBe(true);
    expect(allowed('lambda:InvokeFunction', `${lambda}-reEncryptBatch`)).toBe(false);
    expect(allowed('s3:GetObject', `${objects}/lists/a.jsonl`)).toBe(true);
    expect(allowed('s3:PutObject', `${objects}/runs/a/batches/manifest.json`)).toBe(true);
    expect(allowed('s3:PutObject', `${objects}/lists/a.jsonl`)).toBe(false);
    expect(allowed('states:StartExecution', `${states}:stateMachine:kms-functions-dev-re-encrypt`)).toBe(true);
    expect(allowed('states:StartExecution', `${states}:stateMachine:kms-functions-dev-re-encrypt2`)).toBe(false);
    expect(allowed('states:RedriveExecution', `${states}:execution:kms-functions-dev-re-encrypt/map:id`)).toBe(true);
    expect(statements.every(({ Resource }) => ![Resource].flat().includes('*'))).toBe(true);
  });

  test('the bucket is private and encrypted, requires TLS, deletes old objects, and survives the stack', () => {
    const { Properties, ...rest } = find('BulkBucket');
    expect(rest).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(Properties.LifecycleConfiguration.Rules[0]).toMatchObject({ Status: 'Enabled', ExpirationInDays: 90 });
    const [statement] = find('BulkBucketPolicy').Properties.PolicyDocument.Statement;
    expect(statement).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  });
});

describe('an execution of the state machine', () => {
  const used = useEmulator();
  const useMoto = isSoak;
  let objects: ObjectServer;
  let lambda: LambdaServer;
  let moto: Running | undefined;
  let s3 = '';
  let oldKey = '';
  let newKey = '';
  let invocations = 0;
  let failNext: (payload: { readonly items?: readonly unknown[] }) => boolean = () => false;

  const services = (): ExecutionServices => ({
    s3,
    invoke: async (_name, payload) => {
      invocations += 1;
      if (failNext(payload)) throw new Error('Lambda.Unknown');
      return handler(payload);
    },
  });
  const definition = () => resolveDefinition({ partition: 'aws', maxConcurrency: 3, batchItems: 4 });
  const start = (name: string, input: object): Execution => ({
    name,
    input: { from: oldKey, key: newKey, ...input },
    done: new Map(),
    mostBatches: 0,
  });
  const put = (key: string, body: string) => putObject(`${s3}/${bucket}/${key}`, body);
  const get = async (key: string) => (await getObject(`${s3}/${bucket}/${key}`)).text();

  interface Row {
    readonly reference: string;
    readonly ciphertext: string;
    readonly context?: object;
    readonly error?: { readonly code: string };
  }

  async function encrypt(index: number): Promise<Row> {
    const context = { row: `${index}` };
    const command = new EncryptCommand({ KeyId: oldKey, Plaintext: Buffer.from('x'), EncryptionContext: context });
    const { CiphertextBlob = new Uint8Array() } = await used.client.send(command);
    return { reference: `${index}`, ciphertext: Buffer.from(CiphertextBlob).toString('base64'), context };
  }

  /** Reads the lists that the batches of a run wrote. */
  async function readLists(run: string, kind: string, { done }: Execution): Promise<Row[]> {
    const texts = await Promise.all([...done.keys()].map((batch) => get(`runs/${run}/${kind}/${batch}.jsonl`)));
    const lines = texts.join('').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
  }
  const references = (rows: readonly Row[]) => rows.map(({ reference }) => Number(reference)).sort((a, b) => a - b);

  let rows: readonly Row[] = [];
  beforeAll(async () => {
    setLocalEnvironment(used.emulator.endpoint);
    objects = await startObjectServer();
    s3 = objects.endpoint;
    if (useMoto && (await isMotoInstalled())) {
      const server = await startMotoServer();
      [moto, s3] = [server.process, server.endpoint];
      await putObject(`${s3}/${bucket}`, '');
    }
    lambda = await startLambdaServer({
      invoke: async ({ Payload }) => {
        const reEncrypt = await loadHandler(reEncryptBatch);
        const response = await reEncrypt(JSON.parse(new TextDecoder().decode(Payload)), createContext());
        return { Payload: new TextEncoder().encode(JSON.stringify(response)) };
      },
    });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_S3: s3,
      AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
      [workerVariables.bucket]: bucket,
      [workerVariables.reEncryptFunction]: 'kms-functions-dev-reEncryptBatch',
      [workerVariables.minBatchMs]: '0',
    });
    const keys = await Promise.all([1, 2].map(() => used.client.send(new CreateKeyCommand({}))));
    [oldKey = '', newKey = ''] = keys.map(({ KeyMetadata }) => KeyMetadata?.Arn ?? '');
    rows = await Promise.all(Array.from({ length: 22 }, (_, index) => encrypt(index)));
  }, 90_000);
  afterAll(async () => {
    await Promise.all([objects.close(), lambda.close(), moto?.end()]);
  });

  const toJsonl = (list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join('');

  test('an execution writes every item once, to the results or to the failures, and a summary', async () => {
    const wrong = { ...(rows[5] as Row), context: { row: 'other' } };
    const list = [...rows.slice(0, 5), wrong, ...rows.slice(6), { reference: 'x', ciphertext: '?' }];
    await put('lists/a.jsonl', toJsonl(list));
    const execution = start('run-a', { list: 'lists/a.jsonl' });
    const summary = await execute(definition(), execution, services());
    expect(summary).toMatchObject({
      ...{ run: 'run-a', list: 'lists/a.jsonl', from: oldKey, key: newKey, dryRun: false, batches: 6 },
      ...{ items: 23, succeeded: 21, failed: 2, codes: { InvalidCiphertextException: 1, InvalidItemError: 1 } },
    });
    expect(JSON.parse(await get('runs/run-a/summary.json'))).toEqual(summary);
    const results = await readLists('run-a', 'results', execution);
    expect(references(results)).toEqual(references(rows).filter((index) => index !== 5));
    expect(results[0]?.context).toEqual({ row: results[0]?.reference });
    const failures = await readLists('run-a', 'failures', execution);
    expect(failures.map(({ reference, error }) => [reference, error?.code]).sort()).toEqual([
      ['5', 'InvalidCiphertextException'],
      ['x', 'InvalidItemError'],
    ]);
    expect(execution.mostBatches).toBe(3);
    // The failures are a list for another execution.
    const corrected = failures
      .filter(({ reference }) => reference === '5')
      .map((row) => ({ ...row, context: rows[5]?.context }));
    await put('lists/b.jsonl', toJsonl(corrected));
    expect(await execute(definition(), start('run-b', { list: 'lists/b.jsonl' }), services())).toMatchObject({
      succeeded: 1,
      failed: 0,
    });
  });

  test.for(['csv', 'CSV'])('an execution reads a list whose name ends with .%s', async (ending) => {
    const field = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const lines = rows.map((row) => [row.reference, row.ciphertext, field(JSON.stringify(row.context))].join());
    await put(`lists/c.${ending}`, ['reference,ciphertext,context', ...lines].join('\n'));
    const run = `run-c-${ending}`;
    const execution = start(run, { list: `lists/c.${ending}` });
    expect(await execute(definition(), execution, services())).toMatchObject({
      items: 22,
      succeeded: 22,
      failed: 0,
      codes: {},
    });
    expect(references(await readLists(run, 'results', execution))).toEqual(references(rows));
  });

  test('a numeric reference that JSON cannot keep is replaced by the position of its item', async () => {
    const { ciphertext } = rows[0] as Row;
    const numbered = (reference: string) => `{"reference":${reference},"ciphertext":"${ciphertext}"}\n`;
    await put('lists/n.jsonl', numbered('1') + numbered('12345678901234567890') + numbered('12345678901234567891'));
    const execution = start('run-n', { list: 'lists/n.jsonl' });
    await execute(definition(), execution, services());
    const failures = await readLists('run-n', 'failures', execution);
    // The ciphertext needs its context, so that the first item fails at KMS.
    expect(failures).toHaveLength(3);
    expect(
      failures.filter(({ reference }) => reference !== '1').map(({ reference, error }) => [reference, error]),
    ).toEqual([
      ['', { code: 'InvalidItemError', detail: expect.stringMatching(/^Item 2 of the batch: reference must be text/) }],
      ['', { code: 'InvalidItemError', detail: expect.stringMatching(/^Item 3 of the batch: reference must be text/) }],
    ]);
  });

  test('a dry run only counts', async () => {
    await put('lists/d.jsonl', toJsonl([...rows, { reference: 'x', ciphertext: '?' }]));
    const execution = start('run-d', { list: 'lists/d.jsonl', dryRun: true });
    const summary = await execute(definition(), execution, services());
    expect(summary).toMatchObject({ dryRun: true, items: 23, succeeded: 22, failed: 1 });
    await expect(get(`runs/run-d/results/${[...execution.done.keys()][0]}.jsonl`)).rejects.toThrow('404');
  });

  test('a failed batch is repeated, and replaces what its first attempt wrote', async () => {
    await put('lists/e.jsonl', toJsonl(rows));
    const execution = start('run-e', { list: 'lists/e.jsonl' });
    let puts = 0;
    // In soak, moto answers, so that nothing is rejected.
    objects.reject = (method, path) =>
      method === 'PUT' && path.includes('/results/') && puts++ % 3 === 0 ? 503 : undefined;
    try {
      expect(await execute(definition(), execution, services())).toMatchObject({ succeeded: 22, failed: 0 });
    } finally {
      objects.reject = () => undefined;
    }
    expect(references(await readLists('run-e', 'results', execution))).toEqual(references(rows));
  });

  test('a batch that fails for good fails the execution, and a redrive repeats only the batches without a result', async () => {
    await put('lists/f.jsonl', toJsonl(rows));
    const execution = start('run-f', { list: 'lists/f.jsonl' });
    failNext = ({ items = [] }) => JSON.stringify(items).includes('"reference":"9"');
    await expect(execute(definition(), execution, services())).rejects.toThrow(
      'States.ExceedToleratedFailureThreshold',
    );
    const finished = execution.done.size;
    expect(finished).toBeLessThan(6);
    failNext = () => false;
    invocations = 0;
    expect(await execute(definition(), execution, services())).toMatchObject({ succeeded: 22, failed: 0, batches: 6 });
    // One invocation per batch, and one for the summary.
    expect(invocations).toBe(6 - finished + 1);
    expect(references(await readLists('run-f', 'results', execution))).toEqual(references(rows));
  });

  test('with a tolerance, an execution succeeds without the failed batches', async () => {
    await put('lists/g.jsonl', toJsonl(rows));
    failNext = ({ items = [] }) => JSON.stringify(items).includes('"reference":"9"');
    const input = { list: 'lists/g.jsonl', toleratedFailurePercentage: 20 };
    try {
      expect(await execute(definition(), start('run-g', input), services())).toMatchObject({
        batches: 5,
        succeeded: 18,
      });
    } finally {
      failNext = () => false;
    }
  });

  test('the longest items are split into batches that Step Functions accepts', async () => {
    const long = {
      reference: 'x'.repeat(1_024),
      ciphertext: Buffer.alloc(6_144).toString('base64'),
      context: { a: 'b'.repeat(8_000) },
    };
    await put('lists/h.jsonl', toJsonl(Array.from({ length: 60 }, () => long)));
    const large = JSON.parse(JSON.stringify(definition()).replaceAll('"MaxItemsPerBatch":4', '"MaxItemsPerBatch":100'));
    const summary = await execute(large, start('run-h', { list: 'lists/h.jsonl', dryRun: true }), services());
    expect(summary).toMatchObject({ items: 60, succeeded: 60 });
    expect(summary.batches).toBeGreaterThan(3);
  });

  test('the name of an execution is encoded as S3 signs it', () => {
    const { pathname } = buildObjectUrl(bucket, "runs/a=b+c@d(e)!'é/summary.json");
    expect(pathname).toMatch(/\/runs\/a%3Db%2Bc%40d%28e%29%21%27%C3%A9\/summary\.json$/);
  });

  test('an error of the worker contains no data', async () => {
    await put('lists/i.jsonl', toJsonl(rows.slice(0, 1)));
    objects.reject = () => 403;
    process.env.AWS_ENDPOINT_URL_S3 = objects.endpoint;
    const event = {
      batch: 'b',
      input: { run: 'r', from: oldKey, key: newKey, dryRun: false },
      items: rows.slice(0, 1),
    };
    try {
      const error = await handler(event).catch((reason: unknown) => reason);
      expect(String(error)).toBe('AwsRequestError: s3 returned 403 for PUT.');
    } finally {
      objects.reject = () => undefined;
      process.env.AWS_ENDPOINT_URL_S3 = s3;
    }
  });
});
