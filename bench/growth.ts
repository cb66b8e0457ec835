import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyId, insertKey } from '../emulator/operations/keys/insert-key.ts';
import { buildDefaultPolicy } from '../emulator/operations/policies/key-policy.ts';
import { openStore } from '../emulator/store/store.ts';
import type { Benchmark, Effort, Measurement, Row } from './benchmark.ts';
import { callKms, runLoad } from './kms-load.ts';
import { type ServerProcess, startEmulatorProcess } from './server-process.ts';
import { formatRange, median, pairRatios, round } from './statistics.ts';

const few = 10;
const many = 100_000;
const pageSize = 1_000;
const account = '000000000000';
const region = 'us-east-1';
const durationMs = 500;
const pairs = 15;

export const growth: Benchmark = {
  name: 'growth',
  question: `How much slower are the emulator's start, Encrypt and ListKeys with ${many} keys than with ${few}?`,
  run: measure,
};

async function measure(effort: Effort): Promise<Measurement> {
  const parent = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  const fewKeys = createKeys(join(parent, 'few'), few);
  const manyKeys = createKeys(join(parent, 'many'), effort.choose(many, 2_500));
  const rows: Row[] = [await measureStart(fewKeys, effort), await measureStart(manyKeys, effort)];
  const servers = [
    await startEmulatorProcess(fewKeys.directory),
    await startEmulatorProcess(manyKeys.directory),
  ] as const;
  rows.push(measureMemory('after start', servers[1]));
  rows.push(...(await measureEncrypt(servers, [fewKeys, manyKeys], effort)));
  rows.push(...(await measurePages(servers[1])));
  rows.push(measureMemory('after the calls above', servers[1]));
  rows.push(await measureEachKey(servers[1], manyKeys));
  rows.push(measureMemory('after the calls above', servers[1]));
  for (const server of servers) await server.stop();
  rmSync(parent, { recursive: true });
  return {
    rows,
    notes: [
      'In the rows "Encrypt, one of …", all calls use the same key. In "Encrypt, each key once", the emulator reads each key from disk and decrypts it.',
      'The last page is shorter than the other pages.',
    ],
  };
}

interface KeySet {
  readonly count: number;
  readonly directory: string;
  readonly keyIds: readonly string[];
}

/** Inserts keys as CreateKey does, but many in each transaction. */
function createKeys(directory: string, count: number): KeySet {
  const store = openStore(directory);
  const keyIds = Array.from({ length: count }, () => generateKeyId(false));
  for (let from = 0; from < count; from += pageSize) {
    store.write(() => {
      for (const keyId of keyIds.slice(from, from + pageSize)) {
        insertKey(store, {
          ...{ account, region, keyId, material: randomBytes(32), policy: buildDefaultPolicy(account, region) },
          record: {
            keySpec: 'SYMMETRIC_DEFAULT',
            keyUsage: 'ENCRYPT_DECRYPT',
            origin: 'AWS_KMS',
            multiRegion: false,
            createdMs: Date.now(),
            description: `key ${keyId}`,
            state: 'Enabled',
            onDemandRotations: 0,
          },
          tags: [{ TagKey: 'purpose', TagValue: 'bench' }],
        });
      }
    });
  }
  store.close();
  return { count, directory, keyIds };
}

async function measureStart({ count, directory }: KeySet, effort: Effort): Promise<Row> {
  const times: number[] = [];
  for (let index = 0; index < effort.choose(7); index += 1) {
    const server = await startEmulatorProcess(directory);
    times.push(server.readyMs);
    await server.stop();
  }
  return toRow(`start, ${count} keys`, 'ms', times);
}

async function measureEncrypt(
  servers: readonly [ServerProcess, ServerProcess],
  keySets: readonly [KeySet, KeySet],
  effort: Effort,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const concurrency of [1, 16]) {
    const perSecond: [number[], number[]] = [[], []];
    for (let pair = 0; pair <= effort.choose(pairs); pair += 1) {
      for (const side of [0, 1] as const) {
        const figures = await runLoad(servers[side].endpoint, {
          operation: 'Encrypt',
          body: { KeyId: keySets[side].keyIds[0], Plaintext: 'AAAA' },
          concurrency,
          durationMs: effort.choose(durationMs, 20),
        });
        // The first pair only warms up the servers.
        if (pair > 0) perSecond[side].push(figures.perSecond);
      }
    }
    for (const side of [0, 1] as const) {
      const title = `Encrypt, one of ${keySets[side].count} keys, concurrency ${concurrency}`;
      rows.push(toRow(title, 'requests/s', perSecond[side]));
    }
    rows.push(
      toRow(
        `Encrypt, ${many} keys relative to ${few} keys, concurrency ${concurrency}`,
        'ratio',
        pairRatios(perSecond[1], perSecond[0]),
        2,
      ),
    );
  }
  return rows;
}

async function measureEachKey({ endpoint }: ServerProcess, { keyIds }: KeySet): Promise<Row> {
  const startMs = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < keyIds.length) {
      const body = { KeyId: keyIds[next++], Plaintext: 'AAAA' };
      await callKms(endpoint, { operation: 'Encrypt', body });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  const perSecond = (keyIds.length / (performance.now() - startMs)) * 1000;
  return toRow('Encrypt, each key once, concurrency 16', 'requests/s', [perSecond]);
}

async function measurePages(server: ServerProcess): Promise<Row[]> {
  const markers: (string | undefined)[] = [undefined];
  const listKeys = async (Marker: string | undefined) =>
    JSON.parse(await callKms(server.endpoint, { operation: 'ListKeys', body: { Limit: pageSize, Marker } })) as {
      NextMarker?: string;
    };
  for (;;) {
    const { NextMarker } = await listKeys(markers.at(-1));
    if (NextMarker === undefined) break;
    markers.push(NextMarker);
  }
  const pages = { first: 0, middle: Math.floor(markers.length / 2), last: markers.length - 1 };
  const times = { first: [] as number[], middle: [] as number[], last: [] as number[] };
  for (let index = 0; index < 60; index += 1) {
    for (const page of ['first', 'middle', 'last'] as const) {
      const startMs = performance.now();
      await listKeys(markers[pages[page]]);
      times[page].push(performance.now() - startMs);
    }
  }
  return (['first', 'middle', 'last'] as const).map((page) =>
    toRow(`ListKeys, ${page} page (${markers.length} pages of up to ${pageSize} keys)`, 'ms', times[page], 2),
  );
}

function toRow(what: string, unit: string, values: readonly number[], digits = 0): Row {
  return { what, median: round(median(values), digits), unit, range: formatRange(values, digits) };
}

function measureMemory(when: string, server: ServerProcess): Row {
  return toRow(`resident memory, ${many} keys, ${when}`, 'MB', [server.readResidentMB() ?? Number.NaN]);
}
