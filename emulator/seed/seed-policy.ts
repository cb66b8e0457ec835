import * as z from 'zod/mini';
import * as shapes from '../../shared/declaration/shapes.ts';
import { type Policy, type PolicyKind, readPolicy, tryRead } from '../policy-language/policy-document.ts';
import { PolicyError } from '../policy-language/policy-error.ts';

/** A policy as a JSON object or as JSON text. */
export const policyDocument = () => z.union([z.string(), z.record(z.string(), z.unknown())]);

/** A key policy. A JSON object becomes JSON text, as KMS stores it. */
export const keyPolicy = () =>
  z.pipe(
    z.union([shapes.policy(), z.record(z.string(), z.unknown())]),
    z.transform((document) => (typeof document === 'string' ? document : JSON.stringify(document))),
  );

export type PolicyDocument = z.output<ReturnType<typeof policyDocument>>;

/** Reads a policy in a seed. `fail` creates the error for an invalid policy. */
export function readSeedPolicy(document: PolicyDocument, kind: PolicyKind, fail: (message: string) => Error): Policy {
  const policy = tryRead(() => readPolicy(document, kind));
  if (policy instanceof PolicyError) throw fail(policy.message);
  return policy;
}
