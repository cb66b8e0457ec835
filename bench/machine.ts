import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };
import type { Row } from './benchmark.ts';

/** Describes the machine and the software versions, which affect results. */
export function describeMachine(): Row {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGB: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    node: process.version,
    openssl: process.versions.openssl,
    sqlite: process.versions.sqlite ?? 'unknown',
    sdk: packageJson.devDependencies['@aws-sdk/client-kms'],
    esbuild: packageJson.devDependencies.esbuild,
    // A value above 0 means that other programs also used the cores.
    loadAverage: Number(loadavg()[0]?.toFixed(2)),
  };
}

export function isInstalled(command: string): boolean {
  return spawnSync(command, ['--help']).error === undefined;
}

/** Returns the version of an installed Python package. */
export function readPythonVersion(name: string): string {
  const script = 'import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))';
  const { status, stdout } = spawnSync('python3', ['-c', script, name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '(unknown version)';
}
