import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { openIdempotencyTable } from '../infra/local/idempotency-table.ts';
import { bundle } from '../infra/packaging/bundle.ts';
import { idempotencyVariables } from '../shared/config/idempotency-settings.ts';
import { variableNames } from '../shared/config/variable-names.ts';
import type { Benchmark, Effort, Measurement, Row } from './benchmark.ts';
import { buildFunctionEnvironment } from './function-environment.ts';
import { runScript } from './run-script.ts';
import { startEmulatorProcess } from './server-process.ts';
import { median, pairRatios, round } from './statistics.ts';

export const ownFunctions: Benchmark = {
  name: 'own-functions',
  question:
    'How much longer do the functions of the service load and run than the functions of AWS KMS that they are based on?',
  run: measure,
};

const loadRounds = 15;
const warmRounds = 5;
const warmCalls = 150;
const warmUpCalls = 50;
const tableName = 'attempts';

/** A function and the events of its calls. */
interface Side {
  readonly what: string;
  readonly path: string;
  readonly createEvents: (count: number) => Promise<readonly object[]>;
  readonly environment?: Readonly<Record<string, string>>;
}

async function measure(effort: Effort): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  const emulator = await startEmulatorProcess();
  const table = await openIdempotencyTable(join(folder, 'table'), tableName);
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = buildFunctionEnvironment(emulator.endpoint);
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID ?? '', secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '' };
  const client = new KMSClient({ endpoint: emulator.endpoint, region: 'us-east-1', credentials });
  try {
    const pairs = await createPairs(client, {
      [idempotencyVariables.table]: tableName,
      [idempotencyVariables.tableEndpoint]: table.endpoint,
      [idempotencyVariables.taggingEndpoint]: emulator.endpoint,
    });
    await bundle([...new Set(pairs.flat().map(({ path }) => path))], folder);
    const run = (script: string, { path, environment }: Side, ...args: string[]) => {
      const env = { ...buildFunctionEnvironment(emulator.endpoint), ...environment };
      return runScript<readonly number[]>(script, [join(folder, `${path}.cjs`), ...args], env);
    };
    const runWarm = async (side: Side) => {
      const events = join(folder, 'events.json');
      const count = effort.choose(warmCalls, 2) + effort.choose(warmUpCalls, 1);
      writeFileSync(events, JSON.stringify(await side.createEvents(count)));
      return run('measure-warm.cjs', side, events, String(effort.choose(warmUpCalls, 1)));
    };
    const rows: Row[] = [];
    for (const pair of pairs) {
      const figures = pair.map((): Figures => ({ loadMs: [], loadCpuMs: [], callMs: [], callCpuMs: [] }));
      const record = async (
        rounds: number,
        names: readonly [keyof Figures, keyof Figures],
        runSide: typeof runWarm,
      ) => {
        for (let index = 0; index < rounds; index += 1) {
          for (const [position, one] of pair.entries()) {
            const measured = await runSide(one);
            for (const [column, name] of names.entries()) figures[position]?.[name].push(measured[column] ?? 0);
          }
        }
      };
      await record(effort.choose(loadRounds), ['loadMs', 'loadCpuMs'], (one) => run('measure-load.cjs', one));
      await record(effort.choose(warmRounds), ['callCpuMs', 'callMs'], runWarm);
      for (const [position, { what, path }] of pair.entries()) {
        const bytes = statSync(join(folder, `${path}.cjs`)).size;
        rows.push({ what, bytes, ...compare(figures[position] as Figures, figures[0] as Figures) });
      }
    }
    return {
      rows,
      notes: [
        'Each row with a ratio other than 1 is compared with the row above it. Rounds alternate between both, in fresh processes.',
        'Calls go to the emulator, which responds in under a millisecond. On AWS, each additional KMS request takes longer.',
      ],
    };
  } finally {
    client.destroy();
    await table.close();
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Figures = Record<'loadMs' | 'loadCpuMs' | 'callMs' | 'callCpuMs', number[]>;

function compare({ loadMs, loadCpuMs, callMs, callCpuMs }: Figures, plain: Figures): Row {
  return {
    loadMs: round(median(loadMs), 1),
    loadCpuMs: round(median(loadCpuMs), 1),
    loadCpuRatio: round(median(pairRatios(loadCpuMs, plain.loadCpuMs)), 2),
    callMs: round(median(callMs), 2),
    callCpuMs: round(median(callCpuMs), 2),
    callCpuRatio: round(median(pairRatios(callCpuMs, plain.callCpuMs)), 2),
  };
}

async function createPairs(client: KMSClient, table: Record<string, string>): Promise<(readonly [Side, Side])[]> {
  const createKey = async (input = {}) => {
    const { KeyMetadata } = await client.send(new CreateKeyCommand(input));
    return KeyMetadata?.Arn ?? '';
  };
  const [key, macKey] = [await createKey(), await createKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })];
  const text = Buffer.from('4111111111111111').toString('base64');
  const repeat = (event: object) => async (count: number) => Array.from({ length: count }, () => event);
  const deletions = async (count: number) =>
    Promise.all(Array.from({ length: count }, async () => ({ KeyId: await createKey(), PendingWindowInDays: 7 })));
  const mac = { KeyId: macKey, MacAlgorithm: 'HMAC_SHA_256', Message: text };
  const token = { KeyId: macKey, Field: 'card', Value: '4111111111111111' };
  const deletion = 'functions/keys/schedule-key-deletion/handler';
  const creation = 'functions/keys/create-key';
  return [
    [
      side('Encrypt', 'functions/crypto/encrypt/handler', repeat({ KeyId: key, Plaintext: text })),
      side(
        'EncryptBatch, 1 item',
        'functions/batch/encrypt-batch/handler',
        repeat({ KeyId: key, Items: [{ Plaintext: text }] }),
      ),
    ],
    [
      side('GenerateMac', 'functions/crypto/generate-mac/handler', repeat(mac)),
      side('GenerateLookupToken', 'functions/tokens/generate-lookup-token/handler', repeat(token)),
    ],
    [
      side('DescribeKey', 'functions/keys/describe-key/handler', repeat({ KeyId: key })),
      side('DescribeKeyUsage', 'functions/usage/describe-key-usage/handler', repeat({ KeyId: key })),
    ],
    [
      side('ScheduleKeyDeletion without a guard', deletion, deletions),
      {
        ...side('ScheduleKeyDeletion with a guard', deletion, deletions),
        environment: { [variableNames.deletionGuardDays]: '7' },
      },
    ],
    [
      side('CreateKey', `${creation}/handler`, repeat({})),
      {
        ...side('CreateKey with an idempotency key', `${creation}/idempotent/handler`, async (count) =>
          Array.from({ length: count }, () => ({ IdempotencyKey: crypto.randomUUID() })),
        ),
        environment: table,
      },
    ],
  ];
}

function side(what: string, path: string, createEvents: Side['createEvents']): Side {
  return { what, path, createEvents };
}
