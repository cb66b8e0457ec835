/**
 * Makes Node.js reuse RSA keys, whose generation takes most of the time of many tests. Each process generates a few keys
 * of each size and then returns them in turn. Full runs (`npm run soak`) generate every key.
 */
import crypto, { type KeyObject } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { isSoak } from './soak.ts';

type Done = (error: Error | null, publicKey?: KeyObject, privateKey?: KeyObject) => void;
type Generate = (type: string, options: object, done: Done) => void;
type Pair = Promise<readonly [KeyObject, KeyObject]>;

/** The number of keys per size. Consecutive keys must differ, because tests compare them. */
const keysPerSize = 4;
/** The keys that test files in a process share, even if they do not share loaded modules. */
const shared = globalThis as { rsaKeys?: Map<string, { pairs: Pair[]; next: number }> };

function reuseKeys(generate: Generate): Generate {
  const keys = new Map<string, { pairs: Pair[]; next: number }>();
  shared.rsaKeys = keys;
  return (type, options, done) => {
    if (type !== 'rsa') return generate(type, options, done);
    const size = JSON.stringify(options);
    const used = keys.get(size) ?? { pairs: [], next: 0 };
    keys.set(size, used);
    const pair = used.pairs[used.next] ?? generatePair(generate, options);
    used.pairs[used.next] = pair;
    used.next = (used.next + 1) % keysPerSize;
    pair.then(([publicKey, privateKey]) => done(null, publicKey, privateKey), done);
  };
}

function generatePair(generate: Generate, options: object): Pair {
  return new Promise((resolve, reject) => {
    generate('rsa', options, (error, publicKey, privateKey) => {
      if (publicKey === undefined || privateKey === undefined) reject(error);
      else resolve([publicKey, privateKey]);
    });
  });
}

if (!isSoak && shared.rsaKeys === undefined) {
  Object.assign(crypto, { generateKeyPair: reuseKeys(crypto.generateKeyPair as Generate) });
  syncBuiltinESMExports();
}
