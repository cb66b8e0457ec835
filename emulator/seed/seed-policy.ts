import * as z from 'zod/mini';
import { type Policy, type PolicyKind, readPolicy, tryRead } from '../policy-language/policy-document.ts';
import { PolicyError } from '../policy-language/policy-error.ts';

/** A policy as a JSON object or as JSON text. */
export const policyDocument = () => z.union([z.string(), z.record(z.string(), z.unknown())]);

export type PolicyDocument = z.output<ReturnType<typeof policyDocument>>;

/** Reads a policy in a seed. `fail` creates the error for an invalid policy. */
export function readSeedPolicy(document: PolicyDocument, kind: PolicyKind, fail: (message: string) => Error): Policy {
  const policy = tryRead(() => readPolicy(document, kind));
  if (policy instanceof PolicyError) throw fail(policy.message);
  return policy;
}
