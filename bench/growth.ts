import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyId, insertKey } from '../emulator/operations/keys/insert-key.ts';
import { buildDefaultPolicy } from '../emulator/operations/policies/key-policy.ts';
import { openStore } from '../emulator/store/store.ts';
import type { Bench, Effort, Row } from './bench.ts';
import { call, run } from './load.ts';
import { median, rounded, spread } from './median.ts';
import { type ServerProcess, startEmulatorProcess } from './server-process.ts';

const few = 10;
const many = 100_000;
const pageSize = 1_000;
const account = '000000000000';
const region = 'us-east-1';
const forMs = 500;
const pairs = 15;

export const growthBench: Bench = {
  name: 'growth',
  question: `Does the emulator with ${many} keys start, encrypt and list as with ${few}?`,
  run: async (effort) => {
    const parent = mkdtempSync(join(tmpdir(), 'kms-bench-'));
    const fewKeys = fill(join(parent, 'few'), few);
    const manyKeys = fill(join(parent, 'many'), effort.of(many, 2_500));
    const rows: Row[] = [await startRow(fewKeys, effort), await startRow(manyKeys, effort)];
    const servers = [
      await startEmulatorProcess(fewKeys.directory),
      await startEmulatorProcess(manyKeys.directory),
    ] as const;
    rows.push(memoryRow('after the start', servers[1]));
    rows.push(...(await encryptRows(servers, [fewKeys, manyKeys], effort)));
    rows.push(...(await pageRows(servers[1])));
    rows.push(memoryRow('after these', servers[1]));
    rows.push(await eachKeyRow(servers[1], manyKeys));
    rows.push(memoryRow('after these', servers[1]));
    for (const server of servers) await server.stop();
    rmSync(parent, { recursive: true });
    return {
      rows,
      notes: [
        'one key: the same for each call; each key: none a second time, so each is read from the disk and opened',
        'a last page is shorter than the others',
      ],
    };
  },
};

interface Filled {
  readonly count: number;
  readonly directory: string;
  readonly keyIds: readonly string[];
}

/** Lays keys down as CreateKey does, many in a transaction. */
function fill(directory: string, count: number): Filled {
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

async function startRow({ count, directory }: Filled, effort: Effort): Promise<Row> {
  const times: number[] = [];
  for (let round = 0; round < effort.of(7); round += 1) {
    const server = await startEmulatorProcess(directory);
    times.push(server.readyMs);
    await server.stop();
  }
  return rowOf(`start, ${count} keys`, 'ms', times);
}

async function encryptRows(
  servers: readonly [ServerProcess, ServerProcess],
  filled: readonly [Filled, Filled],
  effort: Effort,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const concurrency of [1, 16]) {
    const perSecond: [number[], number[]] = [[], []];
    for (let round = 0; round <= effort.of(pairs); round += 1) {
      for (const side of [0, 1] as const) {
        const body = { KeyId: filled[side].keyIds[0], Plaintext: 'AAAA' };
        const figures = await run(servers[side].endpoint, {
          operation: 'Encrypt',
          body,
          concurrency,
          forMs: effort.of(forMs, 20),
        });
        // The first of each is to warm up.
        if (round > 0) perSecond[side].push(figures.perSecond);
      }
    }
    for (const side of [0, 1] as const)
      rows.push(
        rowOf(`Encrypt, one of ${filled[side].count} keys, concurrency ${concurrency}`, 'requests/s', perSecond[side]),
      );
    const ratios = perSecond[1].map((value, round) => value / (perSecond[0][round] ?? Number.NaN));
    rows.push(rowOf(`the same, ${many} keys for ${few}, by pairs`, 'ratio', ratios, 2));
  }
  return rows;
}

async function eachKeyRow({ endpoint }: ServerProcess, { keyIds }: Filled): Promise<Row> {
  const began = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < keyIds.length) {
      const body = { KeyId: keyIds[next++], Plaintext: 'AAAA' };
      await call(endpoint, { operation: 'Encrypt', body });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  const perSecond = (keyIds.length / (performance.now() - began)) * 1000;
  return rowOf('Encrypt, each key once, concurrency 16', 'requests/s', [perSecond]);
}

async function pageRows(server: ServerProcess): Promise<Row[]> {
  const markers: (string | undefined)[] = [undefined];
  const list = async (Marker: string | undefined) =>
    JSON.parse(await call(server.endpoint, { operation: 'ListKeys', body: { Limit: pageSize, Marker } })) as {
      NextMarker?: string;
    };
  for (;;) {
    const { NextMarker } = await list(markers.at(-1));
    if (NextMarker === undefined) break;
    markers.push(NextMarker);
  }
  const places = { first: 0, middle: Math.floor(markers.length / 2), last: markers.length - 1 };
  const times = { first: [] as number[], middle: [] as number[], last: [] as number[] };
  for (let round = 0; round < 60; round += 1) {
    for (const place of ['first', 'middle', 'last'] as const) {
      const began = performance.now();
      await list(markers[places[place]]);
      times[place].push(performance.now() - began);
    }
  }
  return (['first', 'middle', 'last'] as const).map((place) =>
    rowOf(`ListKeys, ${place} page of ${markers.length} with ${pageSize}`, 'ms', times[place], 2),
  );
}

function rowOf(measured: string, unit: string, values: readonly number[], digits = 0): Row {
  return { measured, median: rounded(median(values), digits), unit, 'least to most': spread(values, digits) };
}

function memoryRow(when: string, server: ServerProcess): Row {
  return rowOf(`resident memory, ${many} keys, ${when}`, 'MB', [server.residentMB() ?? Number.NaN]);
}
