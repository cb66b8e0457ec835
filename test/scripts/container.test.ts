import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CreateKeyCommand, DescribeKeyCommand } from '@aws-sdk/client-kms';
import { validate } from 'dockerfile-utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  addSharedLibraries,
  buildImage,
  type ImageConfiguration,
  readConfiguration,
  readContext,
  readStages,
} from '../support/container-image.ts';
import { clientFor } from '../support/emulator.ts';
import { Running, run } from '../support/process.ts';
import { isSoak } from '../support/soak.ts';

const stages = readStages('Dockerfile');
const configuration = readConfiguration(stages.at(-1) ?? []);

describe('the Dockerfile', () => {
  test('the Dockerfile has no problem that a validator finds', () => {
    expect(validate(readFileSync('Dockerfile', 'utf8'))).toEqual([]);
    expect(validate('FROM scratch\nCOPY x\n')).not.toEqual([]);
  });

  test('the image runs the emulator as an unprivileged user, on all addresses, without the public seed', () => {
    expect(configuration).toEqual({
      user: '65532:65532',
      directory: '/data',
      entrypoint: ['/usr/local/bin/kms-emulator', '--host', '0.0.0.0'],
      command: ['--no-seed'],
      healthcheck: ['/usr/local/bin/kms-emulator', 'health'],
      ports: ['4599'],
    } satisfies ImageConfiguration);
  });

  test('the build context contains only files that exist, and neither stored keys nor installed packages', () => {
    const context = readContext();
    for (const name of context) expect(existsSync(name), name).toBe(true);
    expect(context.filter((name) => /^(\.kms|node_modules|\.git|test|dist)$/.test(name))).toEqual([]);
  });

  test('the compose file publishes the port on this machine only, and keeps the data in a volume', () => {
    const { services, volumes } = parse(readFileSync('compose.yaml', 'utf8'));
    expect(services.kms).toMatchObject({ build: '.', ports: ['127.0.0.1:4599:4599'], volumes: ['kms-data:/data'] });
    expect(Object.keys(volumes)).toEqual(['kms-data']);
  });
});

/** Runs the image in a folder, because the tests have no container engine. */
describe.runIf(isSoak && process.getuid?.() === 0)('the image, built with the steps of the Dockerfile', () => {
  let image = '';
  const chroot = (...command: readonly string[]) =>
    ['env', '-i', 'PATH=/usr/sbin:/usr/bin', 'chroot', `--userspec=${configuration.user}`, image, ...command] as const;

  beforeAll(() => {
    image = buildImage(stages);
    addSharedLibraries(image, configuration.entrypoint[0] ?? '');
  }, 600_000);
  afterAll(() => {
    if (image !== '') rmSync(dirname(image), { recursive: true });
  }, 120_000);

  test('the image contains the executable, its licenses, its data directory and shared libraries, but no shell', () => {
    expect(readdirSync(image).sort()).toEqual(['data', 'lib', 'lib64', 'usr']);
    expect(readdirSync(join(image, 'usr/share/doc/kms-emulator'))).toEqual(['LICENSE', 'THIRD-PARTY-LICENSES.txt']);
    expect(statSync(join(image, 'data')).uid).toBe(65532);
  });

  test('the entry point stores keys in the volume as the unprivileged user, and the health check follows its state', async () => {
    const script = `cd "$1${configuration.directory}" && shift && exec "$@"`;
    const start = async () => {
      const command = chroot(...configuration.entrypoint, ...configuration.command, '--data', '/data/.kms');
      const running = new Running(['sh', '-c', script, 'sh', image, ...command]);
      await running.waitFor(/^KMS emulator: http:\/\/0\.0\.0\.0:4599/m);
      return running;
    };
    const client = clientFor('http://127.0.0.1:4599');
    const first = await start();
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    expect(await run(chroot(...configuration.healthcheck))).toMatchObject({ code: 0 });
    expect(statSync(join(image, 'data/.kms/kms.sqlite'))).toMatchObject({ uid: 65532, gid: 65532 });
    expect(await first.end('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
    expect(await run(chroot(...configuration.healthcheck))).toMatchObject({ code: 1 });
    const second = await start();
    const found = await client.send(new DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    expect(found.KeyMetadata?.Arn).toBe(KeyMetadata?.Arn);
    client.destroy();
    expect(await second.end('SIGTERM')).toMatchObject({ code: 0 });
  });

  test('the entry point rejects the public seed', async () => {
    const finished = await run(chroot(...configuration.entrypoint, '--in-memory'));
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain('use another seed (--seed FILE) or no seed (--no-seed)');
  });
});
