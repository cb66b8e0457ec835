/**
 * Makes Node.js reuse RSA keys, whose generation takes most of the time of many tests. The test files of a run share a few
 * keys of each size, which this module returns in turn. Full runs (`npm run soak`) generate every key.
 */
import crypto, { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { inject } from 'vitest';
import { isSoak } from './soak.ts';

type Done = (error: Error | null, publicKey?: KeyObject, privateKey?: KeyObject) => void;
type Generate = (type: string, options: object, done: Done) => void;

/** The number of keys per size. Consecutive keys must differ, because tests compare them. */
const keysPerSize = 4;
/** Is set if an earlier test file in this process has already replaced the function. */
const shared = globalThis as { reusesRsaKeys?: true };

function reuseKeys(generate: Generate, folder: string): Generate {
  const calls = new Map<string, number>();
  const keys = new Map<string, Promise<KeyObject>>();
  return (type, options, done) => {
    if (type !== 'rsa') return generate(type, options, done);
    const size = Object.values(options).join('-');
    const call = calls.get(size) ?? 0;
    calls.set(size, call + 1);
    const file = join(folder, `rsa-${size}-${call % keysPerSize}.der`);
    const key = keys.get(file) ?? readOrGenerate(generate, options, file);
    keys.set(file, key);
    key.then((privateKey) => done(null, createPublicKey(privateKey), privateKey), done);
  };
}

/** Reads a key that another process of this run has generated, or generates the key. */
async function readOrGenerate(generate: Generate, options: object, file: string): Promise<KeyObject> {
  try {
    return createPrivateKey({ key: readFileSync(file), format: 'der', type: 'pkcs8' });
  } catch {
    const key = await generateKey(generate, options);
    const written = `${file}.${process.pid}`;
    writeFileSync(written, key.export({ format: 'der', type: 'pkcs8' }));
    renameSync(written, file);
    return key;
  }
}

function generateKey(generate: Generate, options: object): Promise<KeyObject> {
  return new Promise((resolve, reject) => {
    generate('rsa', options, (error, _publicKey, privateKey) => {
      if (privateKey === undefined) reject(error);
      else resolve(privateKey);
    });
  });
}

if (!isSoak && shared.reusesRsaKeys === undefined) {
  shared.reusesRsaKeys = true;
  Object.assign(crypto, { generateKeyPair: reuseKeys(crypto.generateKeyPair as Generate, inject('sharedFolder')) });
  syncBuiltinESMExports();
}
