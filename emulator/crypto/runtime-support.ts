// A named import of a function that an older Node.js lacks would fail while the module loads.
import crypto from 'node:crypto';
import { KmsError } from '../core/kms-error.ts';

/** The members of a key spec's row that decide whether the runtime supports it. */
interface Facts {
  readonly keySpec: string;
  readonly family: string;
  readonly keyType?: string;
  readonly curve?: string;
}

const problems = new Map<string, string | undefined>();

/**
 * Returns a sentence if `node:crypto` of the running Node.js cannot use keys with this key spec. ML-DSA requires Node.js
 * 24.6 and ML-KEM requires Node.js 24.7, because older versions lack the functions or have an older OpenSSL
 * (https://nodejs.org/api/crypto.html#cryptogeneratekeypairtype-options-callback, `#cryptoencapsulatekey-callback`).
 */
export function describeMissingSupport(facts: Facts): string | undefined {
  const { keySpec } = facts;
  if (!problems.has(keySpec)) problems.set(keySpec, isSupported(facts) ? undefined : createSentence(keySpec));
  return problems.get(keySpec);
}

/** Throws UnsupportedOperationException if the running Node.js cannot use keys with this key spec. */
export function requireRuntimeSupport(facts: Facts): void {
  const problem = describeMissingSupport(facts);
  if (problem !== undefined) throw new KmsError('UnsupportedOperationException', problem);
}

function isSupported({ family, keyType, curve }: Facts): boolean {
  if (family === 'ML_KEM') return typeof crypto.encapsulate === 'function' && canGenerate(keyType);
  if (family === 'ML_DSA') return canGenerate(keyType);
  return curve === undefined || crypto.getCurves().includes(curve);
}

function canGenerate(keyType: string | undefined): boolean {
  try {
    crypto.generateKeyPairSync(keyType as 'ed25519');
    return true;
  } catch {
    return false;
  }
}

/** `versions.node` of Deno and Bun is the version of Node.js with which they are compatible. */
function createSentence(keySpec: string): string {
  const { deno, bun, node } = process.versions;
  const runtime = deno !== undefined ? `Deno ${deno}` : bun !== undefined ? `Bun ${bun}` : `Node.js ${node}`;
  return `${runtime} does not support the key spec ${keySpec}. Run the emulator with Node.js 24.7 or later.`;
}
