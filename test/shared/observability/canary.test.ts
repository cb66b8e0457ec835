import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDefaultSeed } from '../../../emulator/seed/read-seed.ts';
import type { Group } from '../../../shared/declaration/operation.ts';
import { runNode } from '../../support/child.ts';
import { kmsError, useFaultServer } from '../../support/fault-server.ts';
import { allOperations, isSoak, onePerGroup, operations } from '../../support/operations.ts';
import { sharedCaches } from '../../support/shared-caches.ts';

/** The value of plaintexts and of encryption context values. */
const secret = 'SecretCanary7fQ2xVw9LmZ';
/** The value of descriptions, policies and tags, which KMS stores. */
const open = 'OpenCanary4kTb8RsY1nHd';
/** The value of aliases and encryption context keys, which the audit trail records. */
const named = 'NameCanary6pWc3JgT5zKu';

const faults = useFaultServer();
const directory = mkdtempSync(join(tmpdir(), 'kms-functions-canary-'));
let emulator: ChildProcessWithoutNullStreams;
let endpoint = '';
let emulatorOutput = '';

beforeAll(async () => {
  faults.respond = kmsError('KMSInternalException', `${secret} ${open}`, 500);
  emulator = spawn(process.execPath, ['emulator/cli.ts', '--port', '0', '--data', directory], {
    env: { ...process.env, ...sharedCaches() },
  });
  endpoint = await new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      emulatorOutput += chunk;
      const [, url] = /emulator: (\S+)/.exec(emulatorOutput) ?? [];
      if (url !== undefined) resolve(url);
    };
    emulator.stdout.on('data', listen);
    emulator.stderr.on('data', listen);
    emulator.once('exit', () => reject(new Error(emulatorOutput)));
  });
});
afterAll(async () => {
  emulator.removeAllListeners('exit');
  const ended = new Promise((resolve) => emulator.once('exit', resolve));
  emulator.kill('SIGTERM');
  await ended;
  rmSync(directory, { recursive: true, force: true });
});

/** Returns the forms in which output may contain a value: plain, hexadecimal, and base64 at each of three alignments. */
function listSpellings(bytes: Buffer): string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [bytes.toString('latin1'), bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...shifted];
}

function expectNoCanary(canary: string | Uint8Array, text: string, place: string): void {
  for (const spelling of listSpellings(Buffer.from(canary))) expect(text.includes(spelling), place).toBe(false);
}

const quiet = {
  KMS_FUNCTIONS_STAGE: 'local',
  ALLOWED_ACCOUNT_IDS: '000000000000',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};
const loud = {
  LOG_LEVEL: 'TRACE',
  POWERTOOLS_LOG_LEVEL: 'TRACE',
  POWERTOOLS_LOGGER_LOG_EVENT: 'true',
  POWERTOOLS_LOGGER_SAMPLE_RATE: '1',
  POWERTOOLS_TRACE_ENABLED: 'true',
  POWERTOOLS_TRACER_CAPTURE_RESPONSE: 'true',
  POWERTOOLS_TRACER_CAPTURE_ERROR: 'true',
  POWERTOOLS_DEV: 'true',
};
const environments: Record<string, NodeJS.ProcessEnv> = {
  'with the deployed configuration': {},
  'with every Powertools option': loud,
  "with Lambda's log levels and formats": {
    ...loud,
    LOG_LEVEL: 'DEBUG',
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
    AWS_LAMBDA_LOG_LEVEL: 'DEBUG',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_FUNCTION_NAME: 'encrypt',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    _X_AMZN_TRACE_ID: 'Root=1-00000000-000000000000000000000000;Sampled=1',
    DEBUG: '*',
  },
};

/** The operations that accept secrets, and one operation in each group. The other environments change only the logging. */
const ownGroups: readonly Group[] = ['envelope', 'tokens'];
const own = allOperations.filter(({ group }) => ownGroups.includes(group));
const sample = [
  ...operations.filter((operation) => operation.group === 'crypto' || onePerGroup().includes(operation)),
  ...own,
];

describe('the output of the functions and the emulator', () => {
  test.for(Object.entries(environments))(
    'the output of the functions and the emulator contains no values from requests %s',
    { timeout: 120_000 },
    async ([name, environment]) => {
      const called = isSoak || name === 'with the deployed configuration' ? [...operations, ...own] : sample;
      const { code, stdout, stderr } = await runNode(['test/support/canary-calls.ts'], {
        ...quiet,
        ...environment,
        AWS_ENDPOINT_URL_KMS: endpoint,
        OPERATIONS: called.map((operation) => operation.name).join(),
        SECRET_CANARY: secret,
        OPEN_CANARY: open,
        NAME_CANARY: named,
        FAULTY_ENDPOINT: faults.endpoint,
      });
      expect(code, stderr.slice(0, 2000)).toBe(0);
      // Some calls succeeded and some failed, and each has a record.
      const counted = JSON.parse(/counted (.*)/.exec(stdout)?.[1] ?? '{}') as { succeeded: number; failed: number };
      expect(counted.succeeded).toBeGreaterThanOrEqual(called.length);
      expect(counted.failed).toBeGreaterThan(20 * called.length);
      const records = (stdout + stderr).match(/"message": ?"call"/g) ?? [];
      expect(records.length).toBe(counted.succeeded + counted.failed);
      expect(stdout + stderr).toContain(named);
      for (const canary of [secret, open]) {
        expectNoCanary(canary, stdout, `${name}: stdout`);
        expectNoCanary(canary, stderr, `${name}: stderr`);
        expectNoCanary(canary, emulatorOutput, `${name}: the emulator's output`);
      }
    },
  );
});

test('the data directory contains no plaintext, encryption context or unencrypted key material', () => {
  const files = readdirSync(directory);
  expect(files.length).toBeGreaterThan(1);
  const contents = files.map((file) => ({ file, text: readFileSync(join(directory, file), 'latin1') }));
  // The directory contains the values that KMS stores, so it is the right directory.
  expect(contents.some(({ text }) => text.includes(open))).toBe(true);
  for (const { file, text } of contents) {
    expectNoCanary(secret, text, file);
    for (const { KeyId, Material } of loadDefaultSeed().Keys) {
      if (Material !== undefined) expectNoCanary(Material, text, `${file}: ${KeyId}`);
    }
  }
});
