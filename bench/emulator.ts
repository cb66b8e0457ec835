/** How fast is the emulator, against the least that could answer, and against moto_server where it is installed? */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Figures, run } from './load.ts';
import { start } from './server-process.ts';

const rounds = 7;
const requests = 10_000;
const Plaintext = Buffer.alloc(64, 7).toString('base64');
const EncryptionContext = { purpose: 'bench' };

const directory = mkdtempSync(join(tmpdir(), 'kms-bench-'));
const bare = await start(process.execPath, [join(import.meta.dirname, 'bare-server.ts')]);
const emulator = await start(process.execPath, [
  join(import.meta.dirname, '../emulator/cli.ts'),
  ...['--port', '0', '--data', join(directory, 'data')],
]);

const KeyId = '5a4d1e00-0000-4000-8000-000000000001';
const body = { KeyId, Plaintext, EncryptionContext };
for (const concurrency of [1, 16, 64]) {
  const load = { operation: 'Encrypt', body, requests, concurrency };
  const pairs: [Figures, Figures][] = [];
  for (const { endpoint } of [bare, emulator]) await run(endpoint, load);
  for (let round = 0; round < rounds; round += 1)
    pairs.push([await run(bare.endpoint, load), await run(emulator.endpoint, load)]);
  row(
    `bare node:http, concurrency ${concurrency}`,
    pairs.map(([figures]) => figures),
  );
  row(
    `emulator, concurrency ${concurrency}`,
    pairs.map(([, figures]) => figures),
  );
  const ratios = pairs.map(([theirs, ours]) => ours.perSecond / theirs.perSecond).sort((a, b) => a - b);
  console.log(
    `  ratio emulator/bare, median of ${rounds} pairs: ${median(ratios).toFixed(2)} (${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})`,
  );
}
await compareWithMoto();
await bare.stop();
await emulator.stop();
rmSync(directory, { recursive: true });

async function compareWithMoto(): Promise<void> {
  if (spawnSync('moto_server', ['--version']).error !== undefined) {
    console.log('moto_server is not installed: not compared');
    return;
  }
  const moto = await start('moto_server', ['-H', '127.0.0.1', '-p', '4790']);
  const client = new KMSClient({
    endpoint: moto.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  const load = { operation: 'Encrypt', requests: 1_000, concurrency: 16, closes: true };
  const pairs: [Figures, Figures][] = [];
  for (let round = 0; round < 3; round += 1) {
    pairs.push([
      await run(moto.endpoint, { ...load, body: { ...body, KeyId: KeyMetadata?.KeyId } }),
      await run(emulator.endpoint, { ...load, body }),
    ]);
  }
  row(
    'moto_server, new connections',
    pairs.map(([figures]) => figures),
  );
  row(
    'emulator, new connections',
    pairs.map(([, figures]) => figures),
  );
  const ratios = pairs.map(([theirs, ours]) => ours.perSecond / theirs.perSecond);
  console.log(`  ratio emulator/moto_server, median of 3 pairs: ${median(ratios).toFixed(1)}`);
  await moto.stop();
}

function row(title: string, figures: readonly Figures[]): void {
  const of = (name: keyof Figures) => median(figures.map((figure) => figure[name]));
  console.log(
    `${title.padEnd(34)} ${of('perSecond').toFixed(0).padStart(7)} requests/s, p50 ${of('p50Ms').toFixed(2)} ms, p99 ${of('p99Ms').toFixed(2)} ms`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
