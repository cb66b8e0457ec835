import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CreateKeyCommand, DecryptCommand, DisableKeyCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Interrupted } from '../../../cli/exit-codes.ts';
import { allOperations } from '../../../functions/all-operations.ts';
import { reEncryptBatch } from '../../../functions/operations.ts';
import { lockFile } from '../../../shared/files/lock-file.ts';
import { type ApiGateway, startApiGateway } from '../../support/api-gateway.ts';
import { type Invocation, type Result, runCommandLine } from '../../support/command-line.ts';
import { useEmulator } from '../../support/emulator.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { startLambdaServer } from '../../support/lambda-server.ts';
import { root, useDirectory } from '../../support/project-copy.ts';
import { isSoak } from '../../support/soak.ts';

const used = useEmulator();
const folder = useDirectory();
let gateway: ApiGateway;
let oldKey = '';
let newKey = '';
const path = (name: string) => join(folder.directory, name);

interface Row {
  readonly reference: string;
  readonly ciphertext: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly error?: { readonly code: string; readonly detail: string };
}

/** Different ciphertexts, which long lists repeat. */
let rows: readonly Row[] = [];
const different = 40;

async function createKey(): Promise<string> {
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
  return KeyMetadata?.Arn ?? '';
}

async function encrypt(index: number): Promise<Row> {
  const context = { row: `${index}`, note: 'a "quoted", text\nwith a line break' };
  const { CiphertextBlob = new Uint8Array() } = await used.client.send(
    new EncryptCommand({ KeyId: oldKey, Plaintext: Buffer.from(`text ${index}`), EncryptionContext: context }),
  );
  return { reference: `${index}`, ciphertext: Buffer.from(CiphertextBlob).toString('base64'), context };
}

async function decrypt({ ciphertext, context }: Row): Promise<readonly [keyArn: string | undefined, text: string]> {
  const command = new DecryptCommand({ CiphertextBlob: Buffer.from(ciphertext, 'base64'), EncryptionContext: context });
  const { KeyId, Plaintext = new Uint8Array() } = await used.client.send(command);
  return [KeyId, Buffer.from(Plaintext).toString()];
}

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  gateway = await startApiGateway({ operations: allOperations, loadHandler });
  [oldKey, newKey] = [await createKey(), await createKey()];
  rows = await Promise.all(Array.from({ length: different }, (_, index) => encrypt(index)));
});
beforeEach(() => {
  gateway.requests.length = 0;
  gateway.reject = () => undefined;
});
afterAll(() => gateway.close());

const toJsonl = (list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join('');
const readJsonl = (name: string): Row[] =>
  readFileSync(path(name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
const argsFor = (input: string, out: string, ...more: string[]) => [
  ...['re-encrypt', '--in', path(input), '--out', path(out), '--from', oldKey, '--key', newKey],
  ...more,
];

function run(args: readonly string[], invocation: Invocation = {}): Promise<Result> {
  return runCommandLine(args, { ...invocation, env: { KMS_FUNCTIONS_URL: gateway.endpoint, ...invocation.env } });
}

describe('re-encrypt', () => {
  test('re-encrypt writes the ciphertexts under the new key, in the order of the list', async () => {
    writeFileSync(path('a.jsonl'), toJsonl(rows));
    const result = await run(argsFor('a.jsonl', 'a-new.jsonl'));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toBe(`Re-encrypted 40 of 40 items into ${path('a-new.jsonl')}.\n`);
    const written = readJsonl('a-new.jsonl');
    expect(written.map(({ reference, context }) => ({ reference, context }))).toEqual(
      rows.map(({ reference, context }) => ({ reference, context })),
    );
    for (const [index, row] of written.entries()) expect(await decrypt(row)).toEqual([newKey, `text ${index}`]);
    for (const ending of ['progress', 'lock']) expect(existsSync(path(`a-new.jsonl.${ending}`)), ending).toBe(false);
    expect(existsSync(path('a-new.failures.jsonl'))).toBe(false);
    expect(gateway.requests.map((request) => request.path)).toHaveLength(1);
  });

  test('CSV files keep quotation marks and line breaks, in any order of the columns', async () => {
    const field = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const lines = rows.map((row) => [field(JSON.stringify(row.context)), row.reference, field(row.ciphertext)].join());
    writeFileSync(path('b.csv'), ['\ufeffcontext,reference,ciphertext', ...lines].join('\r\n'));
    expect(await run(argsFor('b.csv', 'b-new.csv'))).toMatchObject({ code: 0, stderr: '' });
    const again = argsFor('b-new.csv', 'b-again.csv').map((arg) => (arg === oldKey ? newKey : arg));
    expect(await run(again)).toMatchObject({ code: 0, stderr: '' });
    const text = readFileSync(path('b-again.csv'), 'utf8');
    expect(text.split('\r\n')[0]).toBe('reference,ciphertext,context');
    expect(text).toContain('""note"":""a \\""quoted\\"", text\\nwith a line break""');
    expect(text.split('\r\n')).toHaveLength(different + 2);
  });

  test('failed items and invalid lines are in the failures file, which is a list for the next run', async () => {
    const wrong = { ...(rows[1] as Row), context: { row: 'other' } };
    const lines = [
      toJsonl([rows[0] as Row, wrong]),
      'no JSON\n',
      '\n',
      '{"reference":"x"}\n',
      toJsonl([rows[2] as Row]),
    ];
    writeFileSync(path('c.jsonl'), lines.join(''));
    const result = await run(argsFor('c.jsonl', 'c-new.jsonl'));
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain(
      `ItemsFailedError: 3 items failed. ${path('c-new.failures.jsonl')} contains them with their errors, and can be used as --in after you have corrected 2 records with InvalidItemError.`,
    );
    expect(readJsonl('c-new.jsonl').map(({ reference }) => reference)).toEqual(['0', '2']);
    const failures = readJsonl('c-new.failures.jsonl');
    expect(failures.map(({ reference, error }) => [reference, error?.code])).toEqual([
      ['1', 'InvalidCiphertextException'],
      ['line 3', 'InvalidItemError'],
      ['line 5', 'InvalidItemError'],
    ]);
    expect(failures[1]).toMatchObject({ ciphertext: 'no JSON', error: { detail: 'The line is not JSON.' } });
    // The corrected list continues where the first one failed.
    writeFileSync(path('d.jsonl'), toJsonl([{ ...failures[0], context: rows[1]?.context }]));
    expect(await run(argsFor('d.jsonl', 'd-new.jsonl'))).toMatchObject({ code: 0 });
    expect(await decrypt(readJsonl('d-new.jsonl')[0] as Row)).toEqual([newKey, 'text 1']);
  });

  test('--json prints counts and files', async () => {
    writeFileSync(path('e.jsonl'), toJsonl([...rows.slice(0, 3), { reference: 'x' }]));
    const { code, stdout } = await run(argsFor('e.jsonl', 'e-new.jsonl', '--json'));
    expect(code).toBe(1);
    const files = { Out: path('e-new.jsonl'), Failures: path('e-new.failures.jsonl') };
    expect(JSON.parse(stdout)).toEqual({ ...files, Succeeded: 3, Failed: 1 });
  });

  test('re-encrypt also invokes the function directly', async () => {
    const invoked: string[] = [];
    const lambda = await startLambdaServer({
      invoke: async ({ FunctionName, Payload }) => {
        invoked.push(FunctionName);
        const handler = await loadHandler(reEncryptBatch);
        const response = await handler(JSON.parse(new TextDecoder().decode(Payload)), createContext());
        return { Payload: new TextEncoder().encode(JSON.stringify(response)) };
      },
    });
    process.env.AWS_ENDPOINT_URL_LAMBDA = lambda.endpoint;
    process.env.AWS_CONFIG_FILE = path('no-config');
    try {
      writeFileSync(path('l.jsonl'), toJsonl(rows.slice(0, 2)));
      const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', KMS_FUNCTIONS_URL: '' };
      const args = argsFor('l.jsonl', 'l-new.jsonl', '--lambda', 'kms-functions-dev', '--region', 'us-east-1');
      const result = await run(args, { env });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(invoked).toEqual(['kms-functions-dev-reEncryptBatch']);
      expect(await decrypt(readJsonl('l-new.jsonl')[1] as Row)).toEqual([newKey, 'text 1']);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_LAMBDA;
      delete process.env.AWS_CONFIG_FILE;
      await lambda.close();
    }
  });

  test('a progress bar shows the items, their rate and the time left', async () => {
    writeFileSync(path('p.jsonl'), toJsonl(rows));
    const { stderr } = await run(argsFor('p.jsonl', 'p-new.jsonl'), { terminals: ['stderr'] });
    expect(stderr).toMatch(/40 items, [\d,]+\/s .*100%/);
  });
});

describe('a dry run', () => {
  test('a dry run counts, checks the keys, and writes nothing', async () => {
    writeFileSync(path('f.jsonl'), toJsonl([...rows, { reference: 'x' }]));
    const result = await run(argsFor('f.jsonl', 'f-new.jsonl', '--dry-run'));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(
      /^The list has 40 items\. 1 other records are not items\.\nLine 41: ciphertext must be/,
    );
    expect(existsSync(path('f-new.jsonl'))).toBe(false);
    expect(gateway.requests).toHaveLength(1);
  });

  test('a dry run reports that the key cannot be used', async () => {
    const disabled = await createKey();
    await used.client.send(new DisableKeyCommand({ KeyId: disabled }));
    writeFileSync(path('g.jsonl'), toJsonl(rows));
    const args = argsFor('g.jsonl', 'g-new.jsonl', '--dry-run').map((arg) => (arg === newKey ? disabled : arg));
    const result = await run(args);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('DisabledException: The first item cannot be re-encrypted: ');
  });
});

describe('rejected invocations', () => {
  beforeAll(() => {
    writeFileSync(path('h.jsonl'), toJsonl(rows.slice(0, 1)));
    linkSync(path('h.jsonl'), path('h-link.jsonl'));
    writeFileSync(path('h.txt'), toJsonl(rows.slice(0, 1)));
    writeFileSync(path('h.csv'), 'a,b\n1,2\n');
    writeFileSync(path('h-unknown.csv'), 'reference,ciphertext,Context\n1,YQ==,\n');
    writeFileSync(path('h-twice.csv'), 'reference,ciphertext,reference\n1,YQ==,2\n');
  });

  const cases: readonly (readonly [title: string, input: string, out: string, code: number, text: string])[] = [
    ['an unknown format', 'h.txt', 'h-new.txt', 2, 'Add --format jsonl or --format csv.'],
    ['a CSV file without the columns', 'h.csv', 'h-new.csv', 2, 'must name the columns'],
    ['a CSV file with an unknown column', 'h-unknown.csv', 'h-new.csv', 2, 'other columns are not possible'],
    ['a CSV file with a column twice', 'h-twice.csv', 'h-new.csv', 2, 'must name the columns, each once'],
    ['a missing list', 'none.jsonl', 'h-new.jsonl', 4, 'does not exist'],
    ['the list as the output', 'h.jsonl', 'h.jsonl', 2, 'must be different files'],
    ['an existing output', 'h.jsonl', 'h.csv', 4, 'exists already. To replace it, add --force.'],
    ['a missing folder', 'h.jsonl', 'none/h.jsonl', 4, 'none'],
  ];
  test.for(cases)('%s is rejected before the service is called', async ([, input, out, code, text]) => {
    const result = await run(argsFor(input, out));
    expect(result.code, result.stderr).toBe(code);
    expect(result.stderr).toContain(text);
    expect(gateway.requests).toHaveLength(0);
  });

  test('a link to the list as the output is rejected, and the list stays complete, also with --force', async () => {
    const result = await run(argsFor('h.jsonl', 'h-link.jsonl', '--force'));
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('is the list itself') });
    expect(readJsonl('h.jsonl')).toHaveLength(1);
  });

  test('an error of the whole request ends the run, which continues later', async () => {
    writeFileSync(path('i.jsonl'), toJsonl(rows));
    gateway.reject = () => 403;
    expect(await run(argsFor('i.jsonl', 'i-new.jsonl'))).toMatchObject({ code: 1 });
    gateway.reject = () => undefined;
    const result = await run(argsFor('i.jsonl', 'i-new.jsonl'));
    expect(result).toMatchObject({ code: 0, stderr: 'Continuing after 0 items.\n' });
    expect(readJsonl('i-new.jsonl')).toHaveLength(different);
  });
});

describe('an interrupted run', () => {
  /** Starts a run that ends after some requests, and leaves its progress. */
  async function interrupt(name: string): Promise<void> {
    const controller = new AbortController();
    writeFileSync(path(`${name}.jsonl`), toJsonl([...rows, ...rows, ...rows]));
    gateway.reject = () => {
      if (gateway.requests.length === 4) controller.abort(new Interrupted('SIGINT'));
      return undefined;
    };
    const args = argsFor(`${name}.jsonl`, `${name}-new.jsonl`, '--rate', '100');
    const { code, stdout } = await run(args, { signal: controller.signal });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    gateway.reject = () => undefined;
    expect(existsSync(path(`${name}-new.jsonl.progress`))).toBe(true);
    expect(existsSync(path(`${name}-new.jsonl.lock`))).toBe(false);
  }

  test('a signal ends the run, and the same command continues it', async () => {
    await interrupt('j');
    const before = readJsonl('j-new.jsonl').length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(120);
    // What a killed run wrote after its last progress.
    writeFileSync(path('j-new.jsonl'), '{"reference":"half a rec', { flag: 'a' });
    const { code, stderr } = await run(argsFor('j.jsonl', 'j-new.jsonl'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Continuing after ${before} items.\n` });
    const expected = [...rows, ...rows, ...rows].map(({ reference }) => reference);
    expect(readJsonl('j-new.jsonl').map(({ reference }) => reference)).toEqual(expected);
  });

  let unlock: (() => void) | undefined;
  const changes: readonly (readonly [title: string, change: (name: string) => string[], text: string])[] = [
    [
      'with a changed list',
      (name) => {
        writeFileSync(path(`${name}.jsonl`), toJsonl(rows));
        return [];
      },
      'cannot continue, because the list has changed',
    ],
    [
      'with another key',
      () => ['--from', newKey, '--key', oldKey],
      'because --from is different, and --key is different',
    ],
    [
      'with a changed output',
      (name) => {
        const file = path(`${name}-new.jsonl`);
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll('reference', 'Reference'));
        return [];
      },
      'has changed since the last run',
    ],
    [
      'with a shortened output',
      (name) => {
        writeFileSync(path(`${name}-new.jsonl`), '');
        return [];
      },
      'has changed since the last run',
    ],
    [
      'with a damaged progress',
      (name) => {
        writeFileSync(path(`${name}-new.jsonl.progress`), '{');
        return [];
      },
      'is not the progress of a run',
    ],
    [
      'that another process continues',
      (name) => {
        unlock = lockFile(path(`${name}-new.jsonl.lock`));
        return [];
      },
      'Another process writes to',
    ],
    [
      'whose failures another process writes',
      (name) => {
        unlock = lockFile(path(`${name}-new.failures.jsonl.lock`));
        return [];
      },
      'failures.jsonl. Wait until it has ended.',
    ],
  ];
  test.for(changes)('a run %s does not continue', async ([, change, text]) => {
    const name = `k${Math.random()}`.replace('.', '');
    await interrupt(name);
    const more = change(name);
    const result = await run(argsFor(`${name}.jsonl`, `${name}-new.jsonl`, ...more));
    expect(result.code, result.stderr).toBeGreaterThan(0);
    expect(result.stderr).toContain(text);
    unlock?.();
    unlock = undefined;
    const forced = await run(argsFor(`${name}.jsonl`, `${name}-new.jsonl`, '--force'));
    expect(forced.code, forced.stderr).toBe(0);
    expect(readJsonl(`${name}-new.jsonl`)).toHaveLength(readJsonl(`${name}.jsonl`).length);
  });
});

describe('a killed process', () => {
  const [count, kills, perSecond] = isSoak ? [100_000, 10, 20_000] : [1_000, 3, 1_000];
  /** Every 50th item has another context and fails. */
  const fails = (index: number) => index % 50 === 7;

  test(`${count} items are written exactly once although the process is killed ${kills} times`, {
    timeout: 600_000,
  }, async () => {
    const wrong = { row: 'other' };
    const list = Array.from({ length: count }, (_, index) => {
      const row = rows[index % different] as Row;
      return { ...row, reference: `${index}`, ...(fails(index) && { context: wrong }) };
    });
    writeFileSync(path('m.jsonl'), toJsonl(list));
    const out = path('m-new.jsonl');
    const start = () => {
      // The heap is much smaller than the items of the long list, so that a process that kept them would end.
      const args = [
        '--max-old-space-size=64',
        join(root, 'cli/bin.cjs'),
        ...argsFor('m.jsonl', 'm-new.jsonl', '--rate', `${perSecond}`),
      ];
      const child = spawn(process.execPath, args, {
        env: { ...process.env, KMS_FUNCTIONS_URL: gateway.endpoint },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
      return { child, closed: once(child, 'close'), read: () => output };
    };
    const sizes: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const { child, closed, read } = start();
      const before = sizes.at(-1) ?? 0;
      // The output is shorter than before until the run removes what has no progress.
      while (child.exitCode === null && (!existsSync(out) || statSync(out).size <= before)) await wait(5);
      await wait(Math.random() * (isSoak ? 600 : 250));
      child.kill('SIGKILL');
      const [code] = await closed;
      expect(code, read()).toBe(null);
      sizes.push(statSync(out).size);
      gateway.requests.length = 0;
    }
    const last = start();
    const [code] = await last.closed;
    expect(code, last.read()).toBe(1);
    expect(last.read()).toMatch(/Continuing after [1-9][\d,]* items\./);

    const written = readJsonl('m-new.jsonl');
    const failures = readJsonl('m-new.failures.jsonl');
    const indexes = Array.from({ length: count }, (_, index) => index);
    const references = (list: readonly Row[]) => list.map(({ reference }) => Number(reference));
    expect(references(written)).toEqual(indexes.filter((index) => !fails(index)));
    expect(references(failures)).toEqual(indexes.filter(fails));
    expect(new Set(failures.map(({ error }) => error?.code))).toEqual(new Set(['InvalidCiphertextException']));
    // KMS never returns the same ciphertext twice.
    expect(new Set(written.map(({ ciphertext }) => ciphertext)).size).toBe(written.length);
    for (const row of written.filter((_, index) => index % Math.ceil(written.length / 200) === 0))
      expect(await decrypt(row)).toEqual([newKey, `text ${Number(row.reference) % different}`]);
  });
});
