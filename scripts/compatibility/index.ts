/**
 * Runs programs that use real KMS clients against the emulator, or those in one folder with `--only FOLDER`. With `--emulator FILE`, the
 * clients call this executable. Saves the results, and writes the compatibility page. Needs Go, Java with Maven, Python
 * and Rust, and downloads packages on the first run. Build output goes to `.build/compatibility`, or to the folder in
 * COMPATIBILITY_CACHE.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { startEmulator } from '../../emulator/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { suggestName } from '../../shared/errors/closest-name.ts';
import type { Client } from './client.ts';
import { clients } from './clients.ts';
import { compatibilityPage } from './page.ts';
import { type Report, readReport } from './report.ts';
import { saveClientResult } from './results.ts';
import { runCommand } from './run-command.ts';
import { readerAccessKeyId, seed } from './seed.ts';
import { startExecutable, type TestedEmulator } from './start-executable.ts';

const root = join(import.meta.dirname, '../..');
const outputFolder = resolve(process.env.COMPATIBILITY_CACHE ?? join(root, '.build/compatibility'));
const folders = [...new Set(clients.map(({ folder }) => folder))];
const { only, emulator: executable } = new Command('npm run compatibility --')
  .description('Runs real KMS clients against the emulator, and updates the compatibility page.')
  .version(packageJson.version)
  .option('--only <client>', `run only one client: ${folders.join(', ')}`)
  .option('--emulator <file>', 'run the clients against this single-file executable')
  .parse()
  .opts<{ only?: string; emulator?: string }>();
const selected = clients.filter(({ folder }) => only === undefined || folder === only);
if (selected.length === 0) {
  console.error(
    `No client has the folder ${only}. Choose one of ${folders.join(', ')}.${suggestName(only ?? '', folders)}`,
  );
  process.exitCode = 1;
}

for (const client of selected) {
  const { version, passed, failure } = await testClient(client);
  console.log(`${client.name} ${version}: ${failure ?? `${passed.length} steps passed`}`);
  if (failure !== undefined) process.exitCode = 1;
  const date = new Date().toISOString().slice(0, 10);
  saveClientResult(
    executable === undefined ? 'package' : 'executable',
    { name: client.name, version, date, passed, ...(failure === undefined ? {} : { failure }) },
    clients.map(({ name }) => name),
  );
}
writeFileSync(join(root, 'docs/reference/compatibility.md'), compatibilityPage());

/** Builds a client's program and runs it against a new emulator. */
async function testClient({ name, folder, prepare, run, steps, needsTls }: Client): Promise<Report> {
  const cwd = join(import.meta.dirname, 'clients', folder);
  const output = join(outputFolder, folder);
  mkdirSync(output, { recursive: true });
  for (const command of prepare) {
    const { code, output: text } = await runCommand(command, { cwd, env: { ...process.env, OUTPUT: output } });
    if (code !== 0) return { version: 'unknown', passed: [], failure: `${name} was not built: ${lastLine(text)}` };
  }
  const emulator =
    executable === undefined
      ? await startEmulator({ seed, tls: needsTls === true })
      : await startExecutable(resolve(executable), output, needsTls);
  try {
    const env = { ...process.env, ...clientEnvironment(emulator), OUTPUT: output };
    const result = await runCommand(run, { cwd, env, timeoutMs: 900_000 });
    const report = readReport(result.output, result.code, steps);
    if (report.failure !== undefined) console.error(result.output);
    return report;
  } finally {
    await emulator.close();
  }
}

/** Returns the variables that AWS clients read. No client sees the configuration of the user. */
function clientEnvironment({ endpoint, tlsEndpoint = endpoint, caFile }: TestedEmulator): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: tlsEndpoint,
    ...(caFile && { AWS_CA_BUNDLE: caFile, SSL_CERT_FILE: caFile, NODE_EXTRA_CA_CERTS: caFile }),
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    READER_ACCESS_KEY_ID: readerAccessKeyId,
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
