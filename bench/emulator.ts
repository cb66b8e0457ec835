import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, Effort, Measurement, Row } from './benchmark.ts';
import { callKms, type Load, type LoadFigures, runLoad } from './kms-load.ts';
import { isInstalled, readPythonVersion } from './machine.ts';
import * as policies from './policy-seed.ts';
import { type ServerProcess, startEmulatorProcess, startServer } from './server-process.ts';
import { formatRange, median, pairRatios, round, sum } from './statistics.ts';

const concurrencies = [1, 16, 64];
const durationMs = 500;
/** The number of pairs of runs. The two servers alternate, so that a slow machine affects both. */
const minimalServerPairs = 15;
const motoPairs = 5;
const Plaintext = Buffer.alloc(64, 7).toString('base64');

interface Workload {
  readonly title: string;
  readonly operation: string;
  /** Creates the key that the call requires on this server, and returns the request body. */
  createBody(endpoint: string): Promise<object>;
}

const workloads: readonly Workload[] = [
  { title: 'Encrypt', operation: 'Encrypt', createBody: createEncryptBody },
  {
    title: 'Decrypt',
    operation: 'Decrypt',
    createBody: async (endpoint) => {
      const body = await createEncryptBody(endpoint);
      const { CiphertextBlob } = JSON.parse(await callKms(endpoint, { operation: 'Encrypt', body }));
      return { CiphertextBlob, EncryptionContext: body.EncryptionContext };
    },
  },
  {
    title: 'GenerateDataKey',
    operation: 'GenerateDataKey',
    createBody: async (endpoint) => ({ KeyId: await createKey(endpoint, {}), KeySpec: 'AES_256' }),
  },
  signWith('ECC_NIST_P256', 'ECDSA_SHA_256'),
  signWith('RSA_2048', 'RSASSA_PSS_SHA_256'),
  signWith('ML_DSA_65', 'ML_DSA_SHAKE_256'),
  { title: 'CreateKey', operation: 'CreateKey', createBody: async () => ({}) },
];

export const emulator: Benchmark = {
  name: 'emulator',
  question:
    'How fast is the emulator, compared with a minimal server that supports only Encrypt, and with moto_server?',
  run: measure,
};

async function measure(effort: Effort): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  const minimal = await startServer(process.execPath, [join(import.meta.dirname, 'minimal-server.ts')]);
  const seedFile = join(directory, 'bench-seed.json');
  writeFileSync(seedFile, JSON.stringify(policies.seed));
  const emulator = await startEmulatorProcess(join(directory, 'data'), seedFile);
  const moto =
    !effort.isQuick && isInstalled('moto_server')
      ? await startServer('moto_server', ['-H', '127.0.0.1', '-p', '4790'])
      : undefined;
  try {
    const rows = [
      ...(await compareWithMinimalServer(emulator, minimal, effort)),
      ...(await compareWithRoot(emulator, effort)),
      ...(await measureOperations(emulator, effort)),
      ...(moto === undefined ? [] : await compareWithMoto(emulator, moto)),
    ];
    return {
      rows,
      notes: [
        "Each ratio is the emulator's requests per second divided by the other server's: the median over all pairs of runs.",
        'The user with three policies is compared with the root user. The key policy has five statements.',
        'Server CPU times count only the threads of the server, so load from other programs hardly affects them.',
        moto === undefined
          ? 'moto_server is missing, because it is not installed or because this was a quick run.'
          : `moto_server ${readPythonVersion('moto')} closes each connection after one call, so these comparisons also use a new connection for each call to the emulator.`,
      ],
    };
  } finally {
    await Promise.all([minimal, emulator, moto].map((server) => server?.stop()));
    rmSync(directory, { recursive: true });
  }
}

async function compareWithMinimalServer(
  emulator: ServerProcess,
  minimal: ServerProcess,
  effort: Effort,
): Promise<Row[]> {
  const body = await createEncryptBody(emulator.endpoint);
  const rows: Row[] = [];
  for (const concurrency of selectConcurrencies(effort)) {
    const load = { operation: 'Encrypt', body, concurrency, durationMs: effort.choose(durationMs, 20) };
    const pairs = effort.choose(minimalServerPairs);
    const [theirs, ours] = await measurePairs(pairs, [minimal, load], [emulator, load]);
    rows.push(toRow('minimal node:http', 'Encrypt', concurrency, theirs));
    rows.push({ ...toRow('emulator', 'Encrypt', concurrency, ours), ...compare(ours, theirs) });
  }
  return rows;
}

/** Compares a user, whose policies the emulator evaluates, with the root user, who needs no evaluation. */
async function compareWithRoot(emulator: ServerProcess, effort: Effort): Promise<Row[]> {
  const KeyId = await createKey(emulator.endpoint, { Policy: JSON.stringify(policies.keyPolicy) });
  const rows: Row[] = [];
  for (const concurrency of selectConcurrencies(effort)) {
    const duration = effort.choose(durationMs, 20);
    const base = { operation: 'Encrypt', concurrency, durationMs: duration };
    const root = { ...base, body: await createEncryptBody(emulator.endpoint) };
    const user = { ...base, body: { ...root.body, KeyId }, accessKeyId: policies.accessKeyId };
    const [theirs, ours] = await measurePairs(effort.choose(motoPairs), [emulator, root], [emulator, user]);
    rows.push({
      ...toRow('emulator', 'Encrypt as a user with three policies', concurrency, ours),
      ...compare(ours, theirs),
    });
  }
  return rows;
}

async function measureOperations(emulator: ServerProcess, effort: Effort): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { title, operation, createBody } of workloads.slice(1, effort.isQuick ? 3 : undefined)) {
    const body = await createBody(emulator.endpoint);
    for (const concurrency of selectConcurrencies(effort)) {
      const figures: Figures[] = [];
      for (let index = 0; index < effort.choose(motoPairs); index += 1) {
        const load = { operation, body, concurrency, durationMs: effort.choose(durationMs, 20) };
        figures.push(await measureLoad(emulator, load));
      }
      rows.push(toRow('emulator', title, concurrency, figures));
    }
  }
  return rows;
}

async function compareWithMoto(emulator: ServerProcess, moto: ServerProcess): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { title, operation, createBody } of workloads) {
    const motoBody = await createBody(moto.endpoint).catch(() => undefined);
    if (motoBody === undefined) {
      rows.push({ server: 'moto_server', operation: title, 'requests/s': 'not implemented' });
      continue;
    }
    const body = await createBody(emulator.endpoint);
    for (const concurrency of concurrencies) {
      const load = { operation, concurrency, durationMs, usesNewConnections: true };
      const [theirs, ours] = await measurePairs(
        motoPairs,
        [moto, { ...load, body: motoBody }],
        [emulator, { ...load, body }],
      );
      rows.push(toRow('moto_server', title, concurrency, theirs));
      rows.push({ ...toRow('emulator, new connections', title, concurrency, ours), ...compare(ours, theirs, 1) });
    }
  }
  return rows;
}

function selectConcurrencies(effort: Effort): readonly number[] {
  return concurrencies.slice(0, effort.choose(concurrencies.length));
}

type Side = [server: ServerProcess, load: Load];
type Figures = LoadFigures & { readonly cpuMs: number };

/** Measures both sides alternately. Discards the first pair, which only warms up the servers. */
async function measurePairs(pairs: number, one: Side, other: Side): Promise<[Figures[], Figures[]]> {
  const oneFigures: Figures[] = [];
  const otherFigures: Figures[] = [];
  for (let pair = 0; pair <= pairs; pair += 1) {
    const figures = [await measureLoad(...one), await measureLoad(...other)] as const;
    if (pair === 0) continue;
    oneFigures.push(figures[0]);
    otherFigures.push(figures[1]);
  }
  return [oneFigures, otherFigures];
}

async function measureLoad({ endpoint, readCpuMs }: ServerProcess, load: Load): Promise<Figures> {
  const before = readCpuMs() ?? Number.NaN;
  const figures = await runLoad(endpoint, load);
  return { ...figures, cpuMs: (readCpuMs() ?? Number.NaN) - before };
}

function toRow(server: string, operation: string, concurrency: number, figures: readonly Figures[]): Row {
  const select = (name: keyof Figures) => figures.map((figure) => figure[name]);
  return {
    server,
    operation,
    concurrency,
    'requests/s': round(median(select('perSecond'))),
    range: formatRange(select('perSecond')),
    'p50 ms': round(median(select('p50Ms')), 2),
    'p99 ms': round(median(select('p99Ms')), 2),
    'server CPU µs per call': round((sum(select('cpuMs')) / sum(select('calls'))) * 1000),
  };
}

function compare(ours: readonly Figures[], theirs: readonly Figures[], digits = 2): Row {
  const select = (figures: readonly Figures[]) => figures.map(({ perSecond }) => perSecond);
  const ratios = pairRatios(select(ours), select(theirs));
  return { ratio: round(median(ratios), digits), 'ratio range': formatRange(ratios, digits) };
}

async function createEncryptBody(endpoint: string) {
  return { KeyId: await createKey(endpoint, {}), Plaintext, EncryptionContext: { purpose: 'bench' } };
}

function signWith(KeySpec: string, SigningAlgorithm: string): Workload {
  return {
    title: `Sign, ${KeySpec}`,
    operation: 'Sign',
    createBody: async (endpoint) => {
      const KeyId = await createKey(endpoint, { KeySpec, KeyUsage: 'SIGN_VERIFY' });
      const body = { KeyId, SigningAlgorithm, Message: Plaintext };
      await callKms(endpoint, { operation: 'Sign', body });
      return body;
    },
  };
}

async function createKey(endpoint: string, body: object): Promise<string> {
  const { KeyMetadata } = JSON.parse(await callKms(endpoint, { operation: 'CreateKey', body }));
  return KeyMetadata.KeyId;
}
