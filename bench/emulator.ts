import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Effort, Row } from './bench.ts';
import { call, type Figures, type Load, run } from './load.ts';
import { isInstalled, pythonVersionOf } from './machine.ts';
import { median, rounded, spread } from './median.ts';
import { type ServerProcess, start, startEmulatorProcess } from './server-process.ts';

const concurrencies = [1, 16, 64];
const forMs = 500;
/** Pairs: the two servers in turn, so that what else the machine does meets both alike. */
const barePairs = 15;
const motoPairs = 5;
const Plaintext = Buffer.alloc(64, 7).toString('base64');

interface Work {
  readonly title: string;
  readonly operation: string;
  /** Makes what the call needs on this server. */
  bodyFor(endpoint: string): Promise<object>;
}

const works: readonly Work[] = [
  { title: 'Encrypt', operation: 'Encrypt', bodyFor: encryptBody },
  {
    title: 'Decrypt',
    operation: 'Decrypt',
    bodyFor: async (endpoint) => {
      const body = await encryptBody(endpoint);
      const { CiphertextBlob } = JSON.parse(await call(endpoint, { operation: 'Encrypt', body }));
      return { CiphertextBlob, EncryptionContext: body.EncryptionContext };
    },
  },
  {
    title: 'GenerateDataKey',
    operation: 'GenerateDataKey',
    bodyFor: async (endpoint) => ({ KeyId: await createKey(endpoint, {}), KeySpec: 'AES_256' }),
  },
  signing('ECC_NIST_P256', 'ECDSA_SHA_256'),
  signing('RSA_2048', 'RSASSA_PSS_SHA_256'),
  signing('ML_DSA_65', 'ML_DSA_SHAKE_256'),
  { title: 'CreateKey', operation: 'CreateKey', bodyFor: async () => ({}) },
];

export const emulatorBench: Bench = {
  name: 'emulator',
  question: 'How fast is the emulator, against the least that could answer Encrypt, and against moto_server?',
  run: async (effort) => {
    const directory = mkdtempSync(join(tmpdir(), 'kms-bench-'));
    const bare = await start(process.execPath, [join(import.meta.dirname, 'bare-server.ts')]);
    const emulator = await startEmulatorProcess(directory);
    const moto =
      !effort.isQuick && isInstalled('moto_server')
        ? await start('moto_server', ['-H', '127.0.0.1', '-p', '4790'])
        : undefined;
    try {
      const rows = [...(await againstBare(emulator, bare, effort)), ...(await allOperations(emulator, effort))];
      if (moto !== undefined) rows.push(...(await againstMoto(emulator, moto)));
      return {
        rows,
        notes: [
          `ratio: requests a second of the emulator for each of the other's, median of the pairs`,
          'server CPU: of all its threads, so it hardly depends on what else the machine does',
          moto === undefined
            ? 'moto_server is not installed, or the run was quick: not compared'
            : `moto_server ${pythonVersionOf('moto')}: it closes each connection, so the emulator got a new one for each call too`,
        ],
      };
    } finally {
      await Promise.all([bare, emulator, moto].map((server) => server?.stop()));
      rmSync(directory, { recursive: true });
    }
  },
};

async function againstBare(emulator: ServerProcess, bare: ServerProcess, effort: Effort): Promise<Row[]> {
  const body = await encryptBody(emulator.endpoint);
  const rows: Row[] = [];
  for (const concurrency of concurrencies) {
    const load = { operation: 'Encrypt', body, concurrency, forMs: effort.of(forMs, 20) };
    const [theirs, ours] = await inPairs(effort.of(barePairs), [bare, load], [emulator, load]);
    rows.push(rowOf('bare node:http', 'Encrypt', concurrency, theirs));
    rows.push({ ...rowOf('emulator', 'Encrypt', concurrency, ours), ...ratio(ours, theirs) });
  }
  return rows;
}

async function allOperations(emulator: ServerProcess, effort: Effort): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { title, operation, bodyFor } of works.slice(1)) {
    const body = await bodyFor(emulator.endpoint);
    for (const concurrency of concurrencies) {
      const figures: Measured[] = [];
      for (let round = 0; round < effort.of(motoPairs); round += 1)
        figures.push(await measure(emulator, { operation, body, concurrency, forMs: effort.of(forMs, 20) }));
      rows.push(rowOf('emulator', title, concurrency, figures));
    }
  }
  return rows;
}

async function againstMoto(emulator: ServerProcess, moto: ServerProcess): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { title, operation, bodyFor } of works) {
    const theirBody = await bodyFor(moto.endpoint).catch(() => undefined);
    if (theirBody === undefined) {
      rows.push({ server: 'moto_server', operation: title, 'requests/s': 'not implemented' });
      continue;
    }
    const shared = { operation, forMs, closes: true };
    const body = await bodyFor(emulator.endpoint);
    for (const concurrency of concurrencies) {
      const [theirs, ours] = await inPairs(
        motoPairs,
        [moto, { ...shared, body: theirBody, concurrency }],
        [emulator, { ...shared, body, concurrency }],
      );
      rows.push(rowOf('moto_server', title, concurrency, theirs));
      rows.push({ ...rowOf('emulator, new connections', title, concurrency, ours), ...ratio(ours, theirs, 1) });
    }
  }
  return rows;
}

type Side = [server: ServerProcess, load: Load];
type Measured = Figures & { readonly cpuMs: number };

/** Each side once to warm up, then both in turn. */
async function inPairs(pairs: number, one: Side, other: Side): Promise<[Measured[], Measured[]]> {
  const ofOne: Measured[] = [];
  const ofOther: Measured[] = [];
  for (let round = 0; round <= pairs; round += 1) {
    const figures = [await measure(...one), await measure(...other)] as const;
    if (round === 0) continue;
    ofOne.push(figures[0]);
    ofOther.push(figures[1]);
  }
  return [ofOne, ofOther];
}

async function measure({ endpoint, cpuMs }: ServerProcess, load: Load): Promise<Measured> {
  const before = cpuMs() ?? Number.NaN;
  const figures = await run(endpoint, load);
  return { ...figures, cpuMs: (cpuMs() ?? Number.NaN) - before };
}

function rowOf(server: string, operation: string, concurrency: number, figures: readonly Measured[]): Row {
  const all = (name: keyof Measured) => figures.map((figure) => figure[name]);
  return {
    server,
    operation,
    concurrency,
    'requests/s': rounded(median(all('perSecond'))),
    'least to most': spread(all('perSecond')),
    'p50 ms': rounded(median(all('p50Ms')), 2),
    'p99 ms': rounded(median(all('p99Ms')), 2),
    'server CPU µs a call': rounded((sum(all('cpuMs')) / sum(all('calls'))) * 1000),
  };
}

function ratio(ours: readonly Figures[], theirs: readonly Figures[], digits = 2): Row {
  const ratios = ours.map(({ perSecond }, index) => perSecond / (theirs[index]?.perSecond ?? Number.NaN));
  return { ratio: rounded(median(ratios), digits), 'ratio, least to most': spread(ratios, digits) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

async function encryptBody(endpoint: string) {
  return { KeyId: await createKey(endpoint, {}), Plaintext, EncryptionContext: { purpose: 'bench' } };
}

function signing(KeySpec: string, SigningAlgorithm: string): Work {
  return {
    title: `Sign, ${KeySpec}`,
    operation: 'Sign',
    bodyFor: async (endpoint) => {
      const KeyId = await createKey(endpoint, { KeySpec, KeyUsage: 'SIGN_VERIFY' });
      const body = { KeyId, SigningAlgorithm, Message: Plaintext };
      await call(endpoint, { operation: 'Sign', body });
      return body;
    },
  };
}

async function createKey(endpoint: string, body: object): Promise<string> {
  const { KeyMetadata } = JSON.parse(await call(endpoint, { operation: 'CreateKey', body }));
  return KeyMetadata.KeyId;
}
