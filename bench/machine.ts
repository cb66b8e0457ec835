import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };

/** What the figures were measured on. */
export function machine(): Record<string, string | number> {
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
    // Above 0 at the start: other programs had a share of the cores.
    loadAverage: Number(loadavg()[0]?.toFixed(2)),
  };
}

export function isInstalled(command: string): boolean {
  return spawnSync(command, ['--help']).error === undefined;
}

/** The version of a Python package, as the Python beside it tells. */
export function pythonVersionOf(name: string): string {
  const script = 'import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))';
  const { status, stdout } = spawnSync('python3', ['-c', script, name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'of a version that is not told';
}
