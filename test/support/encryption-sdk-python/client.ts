import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { AwsSealOptions } from '../aws-encryption-client.ts';
import { type RawDataKeys, rawKeyName, rawProviderId } from '../raw-data-keys.ts';

export interface PythonClient {
  /** With a frame length of 0, the body is unframed. */
  seal(plaintext: Uint8Array, options: Required<AwsSealOptions>): Promise<Uint8Array>;
  open(message: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

/**
 * Returns a Python with the AWS Encryption SDK, or `undefined`: ENCRYPTION_SDK_PYTHON, or the environment that
 * `npm run compatibility -- --only encryption-sdk-python` installs.
 */
export function findPython(modules = 'aws_encryption_sdk, aws_cryptographic_material_providers'): string | undefined {
  const cache = resolve(process.env.COMPATIBILITY_CACHE ?? '.build/compatibility');
  const installed = join(cache, 'encryption-sdk-python/venv/bin/python');
  const python = process.env.ENCRYPTION_SDK_PYTHON ?? (existsSync(installed) ? installed : 'python3');
  return spawnSync(python, ['-c', `import ${modules}`]).status === 0 ? python : undefined;
}

/** Starts a program that uses the AWS Encryption SDK for Python with the wrapping key of the given data keys. */
export function startPythonClient(python: string, { wrappingKey }: RawDataKeys): PythonClient {
  const child = spawn(python, [join(import.meta.dirname, 'program.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  async function call(action: 'seal' | 'open', bytes: Uint8Array, options: object): Promise<Uint8Array> {
    const key = { providerId: rawProviderId, keyName: rawKeyName, wrappingKey: toBase64(wrappingKey) };
    child.stdin.write(`${JSON.stringify({ action, bytes: toBase64(bytes), ...key, ...options })}\n`);
    const result = JSON.parse(String((await lines.next()).value)) as { bytes: string; error?: string };
    if (result.error !== undefined) throw new Error(result.error);
    return Buffer.from(result.bytes, 'base64');
  }
  return {
    seal: (plaintext, options) => call('seal', plaintext, options),
    open: (message) => call('open', message, {}),
    close: () => child.stdin.end(),
  };
}
